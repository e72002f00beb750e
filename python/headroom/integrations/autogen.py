"""AutoGen: what tools give, shortened.

AssistantAgent("...", model_client=client, tools=wrap_tools_with_headroom(tools))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from headroom._config import CompressConfig

from ._common import Shortener, ToolMetricsCollector, get_tool_metrics, missing
from ._common import reset_tool_metrics as reset_tool_metrics

try:
    from autogen_core import CancellationToken
    from autogen_core.tools import BaseTool
except ImportError as error:
    raise missing("autogen", "autogen-core", error) from error


class HeadroomToolWrapper(BaseTool[Any, Any]):
    """A tool whose result, as a model reads it, is shortened; name, description and arguments are the tool's own."""

    def __init__(
        self, tool: BaseTool[Any, Any], config: CompressConfig | None = None, headroom: Shortener | None = None
    ) -> None:
        super().__init__(tool.args_type(), tool.return_type(), tool.name, tool.description)
        self._inner = tool
        self._headroom = headroom if headroom is not None else Shortener(config)

    @property
    def schema(self) -> Any:
        return self._inner.schema

    def get_savings_summary(self) -> dict[str, Any]:
        return self._headroom.summary()

    async def run(self, args: Any, cancellation_token: CancellationToken) -> Any:
        return await self._inner.run(args, cancellation_token)

    async def run_json(
        self, args: Mapping[str, Any], cancellation_token: CancellationToken, call_id: str | None = None
    ) -> Any:
        return await self._inner.run_json(args, cancellation_token, call_id)

    def return_value_as_string(self, value: Any) -> str:
        text: str = self._inner.return_value_as_string(value)
        return self._headroom.text(text, tool=self.name).text


def wrap_tools_with_headroom(
    tools: Sequence[BaseTool[Any, Any]],
    min_chars_to_compress: int | None = None,
    metrics_collector: ToolMetricsCollector | None = None,
    *,
    config: CompressConfig | None = None,
) -> list[BaseTool[Any, Any]]:
    """min_chars_to_compress: shorter results stay; None: those of fewer than 200 tokens. metrics_collector: is told what was
    saved; without one get_tool_metrics() is."""
    collector = metrics_collector if metrics_collector is not None else get_tool_metrics()
    shared = Shortener(config, least_chars=min_chars_to_compress, collector=collector)
    return [HeadroomToolWrapper(tool, headroom=shared) for tool in tools]
