"""Headroom in agent frameworks, a module each. Importing one needs its framework and no other.

The names of `langchain`, `agno` and `mcp` are found here, too; using one imports its module.
"""

from typing import Any

_HOMES = {
    "langchain": (
        "HeadroomChatModel",
        "HeadroomDocumentCompressor",
        "HeadroomToolWrapper",
        "compress_tool_messages",
        "create_compress_tool_messages_node",
        "optimize_messages",
        "wrap_tools_with_headroom",
    ),
    "agno": (
        "HeadroomAgnoModel",
        "HeadroomPostHook",
        "HeadroomPreHook",
        "create_headroom_hooks",
    ),
    "mcp": (
        "HeadroomMCPClientWrapper",
        "HeadroomMCPCompressor",
        "MCPCompressionResult",
        "MCPToolProfile",
        "compress_tool_result",
        "compress_tool_result_with_metrics",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{home}", __name__), name)
