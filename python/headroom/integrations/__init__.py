"""Headroom in agent frameworks, a module each. Importing one needs its framework and no other.

The names of `langchain`, `agno` and `mcp` are found here, too; using one imports its module.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

_HOMES = {
    "_common": (
        "ToolMetricsCollector",
        "detect_provider",
        "get_headroom_provider",
        "get_tool_metrics",
        "reset_tool_metrics",
    ),
    "langchain": (
        "HeadroomChatMessageHistory",
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


# Names of the original package that there are none of here, and what to use instead.
_FIGURES = "total_tokens_saved and get_savings_summary() of the model, the hooks or the compressor say what was saved"
_INSTEAD = {
    **dict.fromkeys(
        (
            "CompressionMetrics",
            "HeadroomCallbackHandler",
            "HeadroomLangSmithCallbackHandler",
            "HookMetrics",
            "OptimizationMetrics",
            "StreamingMetrics",
            "StreamingMetricsCallback",
            "StreamingMetricsTracker",
            "ToolCompressionMetrics",
            "track_async_streaming_response",
            "track_streaming_response",
        ),
        _FIGURES,
    ),
    "HeadroomRunnable": "use optimize_messages() in a RunnableLambda, or HeadroomChatModel",
    "create_headroom_mcp_proxy": "use `headroom mcp proxy -- COMMAND`",
}


def langchain_available() -> bool:
    """Whether LangChain is installed."""
    return find_spec("langchain_core") is not None


def agno_available() -> bool:
    """Whether Agno is installed."""
    return find_spec("agno") is not None


def strands_available() -> bool:
    """Whether Strands is installed."""
    return find_spec("strands") is not None


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        if name in _INSTEAD:
            raise ImportError(f"{__name__} has no {name}: {_INSTEAD[name]}", name=__name__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{home}", __name__), name)
