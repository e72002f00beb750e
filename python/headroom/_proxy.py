"""The program: a proxy of one's own, and `headroom` on the command line."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from ._config import CompressConfig
from ._errors import ConfigurationError, ProviderError

_PROVIDERS = ("anthropic", "openai", "gemini", "cloudcode", "vertex", "chatgpt", "bedrock")
_MAIN_PROVIDERS = _PROVIDERS[:3]
_LISTENING = re.compile(r"listening on (http://\S+)")


def program() -> Path:
    """Where the `headroom` program is: $HEADROOM_PROGRAM, else the wheel's own, else the one on the PATH."""
    named = os.environ.get("HEADROOM_PROGRAM")
    own = Path(__file__).parent / "bin" / "headroom"
    found = named or (str(own) if own.is_file() else shutil.which("headroom"))
    if not found or not os.access(found, os.X_OK):
        what = f"$HEADROOM_PROGRAM ({named}) is no program" if named else "the headroom program is not installed"
        raise ConfigurationError(
            f"{what}; a wheel of headroom-ai carries it, or set HEADROOM_PROGRAM", code="not_found"
        )
    return Path(found)


def main() -> None:
    """What the command `headroom` of an installed wheel does: it becomes the program."""
    try:
        path = str(program())
    except ConfigurationError as error:
        sys.exit(f"headroom: {error}")
    os.execv(path, [path, *sys.argv[1:]])


class HeadroomProxy:
    """A running `headroom proxy` on this machine for as long as the block lasts:

        with HeadroomProxy() as proxy:
            client = openai.OpenAI(base_url=proxy.openai_base_url)

    `async with` does the same. It listens on 127.0.0.1 only.

    target: where requests are sent, in place of the providers' own addresses; one URL for Anthropic, OpenAI and Gemini, or
    a URL each: {"openai": "http://localhost:4000"} (also cloudcode, vertex, chatgpt, bedrock). compression_config: its
    profile, tool_profiles, target_tokens and min_tokens_to_compress. ccr_enabled: True lets the model get
    back what was left out, through a tool that the proxy answers; False stores no originals, so nothing is dropped;
    None: as the settings of the program say. port 0: a free one. arguments: further flags of `headroom proxy`.
    environment: variables in place of this process's, or besides. start_timeout: seconds.

    Raises ConfigurationError when the program is not there or does not like its settings, ProviderError when it does not
    start.
    """

    def __init__(
        self,
        target: str | Mapping[str, str] | None = None,
        compression_config: CompressConfig | None = None,
        ccr_enabled: bool | None = None,
        *,
        port: int = 0,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        start_timeout: float = 20.0,
    ) -> None:
        self._flags = [
            *("--host", "127.0.0.1", "--port", str(port)),
            *_target_flags(target),
            *_config_flags(compression_config),
            *_ccr_flags(ccr_enabled),
            *arguments,
        ]
        self._environment = environment
        self._start_timeout = start_timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """http://127.0.0.1:PORT, the base URL for Anthropic's and Google's clients."""
        self._running()
        return self._url

    @property
    def openai_base_url(self) -> str:
        """The base URL for OpenAI's clients."""
        return self.url + "/v1"

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def env(self) -> dict[str, str]:
        """What an agent's environment needs so that it goes through this proxy."""
        return {
            "ANTHROPIC_BASE_URL": self.url,
            "OPENAI_BASE_URL": self.openai_base_url,
            "GOOGLE_GEMINI_BASE_URL": self.url,
        }

    @property
    def log(self) -> str:
        """What the proxy has said so far."""
        if self._log is None:
            return ""
        return os.pread(self._log.fileno(), 1 << 24, 0).decode("utf-8", "replace")

    def start(self) -> HeadroomProxy:
        """Returns when it listens. A proxy that runs is left alone."""
        if self._process is not None and self._process.poll() is None:
            return self
        self.stop()
        self._log = tempfile.TemporaryFile(prefix="headroom-proxy-")
        environment = {**os.environ, **(self._environment or {})}
        self._process = subprocess.Popen(
            [str(program()), "proxy", *self._flags],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            env=environment,
        )
        end = time.monotonic() + self._start_timeout
        while (found := _LISTENING.search(self.log)) is None:
            code = self._process.poll()
            if code is not None or time.monotonic() > end:
                said = self.log.strip()
                self.stop()
                if code == 2:
                    raise ConfigurationError(f"the proxy does not like its settings: {said}", code="invalid_argument")
                why = f"ended with {code}" if code is not None else f"did not listen within {self._start_timeout:g} s"
                raise ProviderError(f"the proxy {why}: {said}", code="unavailable")
            time.sleep(0.01)
        self._url = found.group(1).rstrip("/")
        return self

    def stop(self) -> None:
        """Lets requests in flight finish, at most 10 seconds. Stopping twice is no error."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        log, self._log = self._log, None
        if log is not None:
            log.close()

    def stats(self) -> dict[str, Any]:
        """What the proxy answers to GET /stats."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url + "/stats", timeout=10) as answer:
            stats: dict[str, Any] = json.load(answer)
        return stats

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ProviderError("the proxy does not run; start() it, or use it in a with block", code="unavailable")
        return self._process

    def __enter__(self) -> HeadroomProxy:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    async def __aenter__(self) -> HeadroomProxy:
        return await asyncio.to_thread(self.start)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)


def _target_flags(target: str | Mapping[str, str] | None) -> list[str]:
    if target is None:
        return []
    targets = dict.fromkeys(_MAIN_PROVIDERS, target) if isinstance(target, str) else dict(target)
    for name in targets:
        if name not in _PROVIDERS:
            raise ConfigurationError(
                f"target: no provider {name!r}; known: {', '.join(_PROVIDERS)}", code="invalid_argument"
            )
    # An address of OpenAI's kind may end in /v1, which the paths of requests have already.
    return [part for name, url in targets.items() for part in (f"--{name}-api-url", re.sub(r"/v1/?$", "", url))]


def _config_flags(config: CompressConfig | None) -> list[str]:
    if config is None:
        return []
    flags = ["--profile", level] if (level := config.level()) else []
    if tools := config.tools():
        flags += ["--tool-profiles", ",".join(tools)]
    if config.min_tokens_to_compress is not None:
        flags += ["--min-tokens", str(config.min_tokens_to_compress)]
    if config.target_tokens:
        flags += ["--target-tokens", str(config.target_tokens)]
    return flags


def _ccr_flags(enabled: bool | None) -> list[str]:
    if enabled is None:
        return []
    return ["--ccr-tool-injection", "eager"] if enabled else ["--no-ccr"]
