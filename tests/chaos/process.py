"""The proxy of the chaos test as a process: its signals, its descriptors and memory, and what goes wrong with its files."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import resource
import signal
import socket
import sqlite3
import subprocess
from pathlib import Path

ANSWERS = re.compile(r"successor (?:pid (\d+) serves|could not start)")
WAIT_S = 40.0


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Proxy:
    """`headroom proxy`, and after a handover its successor. Ends with end()."""

    def __init__(self, program: Path, upstream_port: int, home: Path, timeout_s: int, *flags: str) -> None:
        self.home, self.port = home, free_port()
        self.text = ""  # of its log, and of its successors'
        url = f"http://127.0.0.1:{upstream_port}"
        env = {"PATH": os.environ["PATH"], "HOME": str(home)}
        command = [
            str(program),
            "proxy",
            "--port",
            str(self.port),
            "--threads",
            "2",
            *flags,
        ]
        command += [
            "--request-timeout-seconds",
            str(timeout_s),
            "--connect-timeout-seconds",
            str(timeout_s),
        ]
        for provider in ("anthropic", "openai", "gemini"):
            command += [f"--{provider}-api-url", url]
        # No file, as files are made to fail.
        self.lines, out = os.pipe()
        self.process = subprocess.Popen(command, env=env, stdout=out, stderr=out)
        os.close(out)
        self.pid = self.process.pid
        asyncio.get_running_loop().add_reader(self.lines, self._read_log)

    def _read_log(self) -> None:
        data = os.read(self.lines, 65536)
        self.text += data.decode(errors="replace")
        if not data:
            self.close_log()

    def close_log(self) -> None:
        if self.lines >= 0:
            asyncio.get_running_loop().remove_reader(self.lines)
            os.close(self.lines)
        self.lines = -1

    async def ready(self) -> None:
        await self.until(lambda: "listening on" in self.text, "it does not start")

    async def until(self, condition, what: str) -> None:  # type: ignore[no-untyped-def]
        end = asyncio.get_running_loop().time() + WAIT_S
        while not condition():
            if asyncio.get_running_loop().time() > end:
                state = "" if self.alive() else ", and the process has ended"
                raise AssertionError(f"{what}{state}: {self.text[-1000:]}")
            await asyncio.sleep(0.02)

    def alive(self) -> bool:
        """A process that has ended but is no child of ours is gone from /proc, or a zombie there."""
        if self.pid == self.process.pid:
            return self.process.poll() is None
        try:
            return ") Z " not in Path(f"/proc/{self.pid}/stat").read_text()
        except OSError:
            return False

    def signal(self, which: signal.Signals) -> None:
        os.kill(self.pid, which)

    async def hand_over(self) -> bool:
        """True once the successor serves and the old one has ended, in order; false when it could not start."""
        before, old = len(ANSWERS.findall(self.text)), self.pid
        self.signal(signal.SIGUSR2)
        await self.until(lambda: len(ANSWERS.findall(self.text)) > before, "no successor")
        successor = ANSWERS.findall(self.text)[-1]
        if not successor:
            return False
        self.pid = int(successor)
        gone = Path(f"/proc/{old}")
        if old == self.process.pid:
            await self.until(lambda: self.process.poll() is not None, "the old process stays")
            assert self.process.returncode == 0, f"the old process ended with {self.process.returncode}"
        else:
            await self.until(
                lambda: not gone.exists() or ") Z " in (gone / "stat").read_text(),
                "the old process stays",
            )
        return True

    async def end(self) -> int:
        """SIGTERM; its exit code, or 0 when it is no child of ours."""
        if self.alive():
            self.signal(signal.SIGTERM)
        end = asyncio.get_running_loop().time() + WAIT_S
        while self.alive():
            if asyncio.get_running_loop().time() > end:
                self.signal(signal.SIGKILL)
                raise AssertionError("it does not end")
            await asyncio.sleep(0.02)
        return self.process.wait() if self.pid == self.process.pid else 0

    def kill(self) -> None:
        """For a test that has failed."""
        for pid in {self.pid, self.process.pid}:
            with contextlib.suppress(OSError):
                if pid != self.process.pid or self.process.poll() is None:
                    os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def _open(self) -> list[str]:
        found = []
        for entry in Path(f"/proc/{self.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.append(os.readlink(entry))
        return found

    def descriptors(self) -> int:
        return len(self._open())

    def sockets(self) -> int:
        return sum(what.startswith("socket:") for what in self._open())

    def memory_kib(self) -> int:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        assert found
        return int(found[1])


class StoreTrouble:
    """Makes the proxy's files fail for a while, one way at a time, and puts them right again."""

    WAYS = ("locked", "full", "read_only", "gone", "spoilt")

    def __init__(self, proxy: Proxy, rng: random.Random) -> None:
        self.proxy, self.rng = proxy, rng

    def files(self) -> list[Path]:
        folder = self.proxy.home / ".headroom"
        return [file for name in ("ccr.db", "ledger.db") if (file := folder / name).exists()]

    async def once(self, way: str, seconds: float) -> None:
        with contextlib.suppress(sqlite3.Error, OSError):
            await getattr(self, way)(seconds)

    async def locked(self, seconds: float) -> None:
        connections = []
        try:
            for file in self.files():
                connections.append(sqlite3.connect(file, timeout=0.2, isolation_level=None))
                connections[-1].execute("BEGIN EXCLUSIVE")
            await asyncio.sleep(seconds)
        finally:
            for connection in connections:
                connection.close()

    async def full(self, seconds: float) -> None:
        """No file of the process may grow beyond what it has."""
        before = resource.prlimit(self.proxy.pid, resource.RLIMIT_FSIZE)
        pid = self.proxy.pid
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (16 * 1024, before[1]))
        try:
            await asyncio.sleep(seconds)
        finally:
            for each in {pid, self.proxy.pid}:  # a successor has it, too
                with contextlib.suppress(OSError):
                    resource.prlimit(each, resource.RLIMIT_FSIZE, before)

    async def read_only(self, seconds: float) -> None:
        folder = self.proxy.home / ".headroom"
        files = [*self.files(), folder]
        modes = [file.stat().st_mode for file in files]
        for file in files:
            file.chmod(0o555 if file == folder else 0o444)
        try:
            await asyncio.sleep(seconds)
        finally:
            for file, mode in zip(files, modes, strict=True):
                file.chmod(mode)

    async def gone(self, seconds: float) -> None:
        for file in (self.proxy.home / ".headroom").glob("*.db*"):
            file.unlink(missing_ok=True)
        await asyncio.sleep(seconds)

    async def spoilt(self, seconds: float) -> None:
        for file in self.files():
            with file.open("r+b") as opened:
                opened.seek(self.rng.randrange(0, 4096))
                opened.write(self.rng.randbytes(512))
        await asyncio.sleep(seconds)
        await self.gone(0)  # as the message of a successor that cannot start says
