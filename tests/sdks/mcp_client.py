#!/usr/bin/env python3
"""Drives `headroom mcp serve` with the protocol's official Python library, with a session and without one.

    mcp_client.py --headroom PROGRAM

The library checks each message against the protocol's types, and what a tool gives against the tool's own schema.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

try:
    import anyio
    import mcp_types as types
    from mcp.client.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client
    from pydantic import FileUrl
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed (./dev setup test)")
    sys.exit(77)

TIMEOUT_S = 60
LOG = "".join(f"2026-11-25 10:00:{i % 60:02} INFO worker {i % 7} has done step {i}\n" for i in range(400))
LOG += "2026-11-25 10:07:01 ERROR disk /dev/vda1 is full\n"
TOOLS = [
    "headroom_compress",
    "compress_file",
    "compress_command_output",
    "headroom_retrieve",
    "headroom_stats",
    "compress_rag_chunks",
    "headroom_read",
]


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """What a tool gives, which must be no failure."""
    result = await client.call_tool(tool, arguments)
    assert isinstance(result, types.CallToolResult) and not result.is_error, result
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def use_all(client: Client, folder: Path) -> None:
    """Each tool, and resources."""
    tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == TOOLS
    assert all(tool.annotations and tool.annotations.read_only_hint and tool.output_schema for tool in tools)
    said = await call(client, "headroom_compress", content=LOG, query="is the disk full?")
    assert said["tokens_saved"] > 1000 and "ERROR disk" in said["compressed"]
    assert (await call(client, "headroom_retrieve", hash=said["hash"]))["original_content"] == LOG
    assert (await call(client, "compress_file", path=str(folder / "app.log")))["hash"] == said["hash"]
    assert (await call(client, "compress_command_output", command="cat app.log", output=LOG))["tokens_saved"] > 1000
    assert (await call(client, "headroom_stats"))["session"]["requests"] >= 3
    kept = await call(client, "compress_rag_chunks", query="disk", chunks=["the disk", {"text": "the disk", "id": "b"}])
    assert len(kept["chunks"]) == 1 and kept["dropped"][0]["id"] == "b"
    read = await call(client, "headroom_read", file_path="notes.txt")
    assert read["content"] == "what it says\n"
    again = await call(client, "headroom_read", file_path="notes.txt", known_hash=read["hash"])
    assert again == {"status": "unchanged"}
    resources = (await client.list_resources()).resources
    assert f"headroom://original/{said['hash']}" in [str(resource.uri) for resource in resources]
    content = (await client.read_resource(f"headroom://original/{said['hash']}")).contents[0]
    assert isinstance(content, types.TextResourceContents) and content.text == LOG
    assert (await client.list_resource_templates()).resource_templates
    wrong = await client.call_tool("headroom_retrieve", {"hash": "0123456789ab"})
    assert isinstance(wrong, types.CallToolResult) and wrong.is_error
    outside = await client.call_tool("headroom_read", {"file_path": "/etc/passwd"})
    assert isinstance(outside, types.CallToolResult) and outside.is_error


async def run(headroom: str, mode: str, spoken: str) -> None:
    """A server process for one client."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "shop"
        folder.mkdir()
        (folder / "app.log").write_text(LOG)
        (folder / "notes.txt").write_text("what it says\n")

        async def roots(_: Any) -> types.ListRootsResult:
            return types.ListRootsResult(roots=[types.Root(uri=FileUrl(folder.as_uri()))])

        told: Any = roots

        env = {"HOME": home, "PATH": os.environ["PATH"]}
        server = StdioServerParameters(command=headroom, args=["mcp", "serve"], env=env)
        with anyio.fail_after(TIMEOUT_S):
            async with Client(stdio_client(server), mode=mode, list_roots_callback=told) as client:
                assert client.protocol_version == spoken, client.protocol_version
                await use_all(client, folder)
            print(f"ok {mode}: {spoken}")
            command = [headroom, "mcp", "serve", "--http", "--port", "0", "--root", str(folder)]
            with subprocess.Popen(command, stderr=subprocess.PIPE, env=env, text=True) as process:
                assert process.stderr
                url = process.stderr.readline().split()[-1]
                try:
                    async with Client(url, mode=mode) as client:
                        assert client.protocol_version == spoken, client.protocol_version
                        await use_all(client, folder)
                finally:
                    process.kill()
            print(f"ok {mode}: {spoken} over HTTP")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--headroom", required=True)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # roots are deprecated from the newest date on, and served all the same
    for mode, spoken in [("legacy", "2025-11-25"), ("auto", "2026-07-28"), ("2026-07-28", "2026-07-28")]:
        anyio.run(run, arguments.headroom, mode, spoken)


if __name__ == "__main__":
    main()
