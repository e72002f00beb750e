#!/usr/bin/env python3
"""Puts `headroom mcp proxy` between the protocol's official Python client and a server of its official Python library.

    mcp_proxy.py --headroom PROGRAM        the test
    mcp_proxy.py --serve                   the server behind the proxy

What the client checks (types of the protocol, structured results against their schemas) must still hold.
"""

from __future__ import annotations

import argparse
import os
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
    from mcp.server.mcpserver import Context, Image, MCPServer
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed (./dev setup test)")
    sys.exit(77)

TIMEOUT_S = 60
LOG = "".join(f"2026-11-25 10:00:{i % 60:02} INFO worker {i % 7} has done step {i}\n" for i in range(400))
LOG += "2026-11-25 10:07:01 ERROR disk /dev/vda1 is full\n"


def serve() -> None:
    server = MCPServer("behind")

    @server.tool()
    def show_log() -> str:
        return LOG

    @server.tool()
    def rows() -> list[dict[str, Any]]:
        return [{"id": i, "name": f"user {i}", "active": True} for i in range(200)]

    @server.tool()
    def picture() -> Image:
        return Image(data=b"\x89PNG\r\n\x1a\n" * 2000, format="png")

    @server.tool()
    def fails() -> str:
        raise ValueError("no")

    @server.tool()
    async def slow(ctx: Context[Any]) -> str:
        for done in range(3):
            await ctx.report_progress(done, 3)
        return "done"

    @server.tool()
    def dies() -> str:
        os._exit(9)

    @server.resource("note://one")
    def note() -> str:
        return "what it says"

    server.run()


def text_of(result: Any) -> str:
    assert isinstance(result, types.CallToolResult)
    return "".join(item.text for item in result.content if isinstance(item, types.TextContent))


async def use(client: Client) -> None:
    """Everything, once."""
    names = [tool.name for tool in (await client.list_tools()).tools]
    assert names == ["show_log", "rows", "picture", "fails", "slow", "dies", "headroom_retrieve"], names
    for tool, whole in [("show_log", LOG), ("rows", "")]:
        result = await client.call_tool(tool, {})
        short = text_of(result)
        assert isinstance(result, types.CallToolResult) and result.structured_content is None and "<<ccr:" in short, (
            short[:500]
        )
        back = await client.call_tool("headroom_retrieve", {"hash": short.split("<<ccr:", 1)[1][:24]})
        assert isinstance(back, types.CallToolResult) and isinstance(back.structured_content, dict)
        original = back.structured_content["original_content"]
        assert original == whole if whole else "user 0" in original and len(short) < len(original)
    picture = await client.call_tool("picture", {})
    assert isinstance(picture, types.CallToolResult) and isinstance(picture.content[0], types.ImageContent)
    assert len(picture.content[0].data) > 20_000
    failed = await client.call_tool("fails", {})
    assert isinstance(failed, types.CallToolResult) and failed.is_error and text_of(failed)
    seen: list[float] = []

    async def tell(progress: float, total: float | None, message: str | None) -> None:
        seen.append(progress)

    assert text_of(await client.call_tool("slow", {}, progress_callback=tell)) == "done"
    assert seen == [0, 1, 2], seen
    content = (await client.read_resource("note://one")).contents[0]
    assert isinstance(content, types.TextResourceContents) and content.text == "what it says"
    try:
        await client.call_tool("dies", {})
    except Exception:
        return
    raise AssertionError("a server that dies in the middle of a call is an error of the call")


async def run(headroom: str, mode: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        env = {"HOME": home, "PATH": os.environ["PATH"]}
        words = ["mcp", "proxy", "--", sys.executable, str(Path(__file__).resolve()), "--serve"]
        server = StdioServerParameters(command=headroom, args=words, env=env)
        with anyio.fail_after(TIMEOUT_S):
            async with Client(stdio_client(server), mode=mode) as client:
                await use(client)
        print(f"ok {mode}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--headroom")
    parser.add_argument("--serve", action="store_true")
    arguments = parser.parse_args()
    if arguments.serve:
        return serve()
    warnings.simplefilter("ignore")
    for mode in ["legacy", "2026-07-28"]:
        anyio.run(run, str(Path(arguments.headroom).resolve()), mode)


if __name__ == "__main__":
    main()
