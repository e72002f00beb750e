"""CrewAI: what tools give, shortened.

Agent(role="...", tools=wrap_tools_with_headroom(tools))
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headroom._config import CompressConfig

from ._common import Shortener, ToolMetricsCollector, get_tool_metrics, missing
from ._common import reset_tool_metrics as reset_tool_metrics

try:
    from crewai.tools import BaseTool
    from pydantic import PrivateAttr
except ImportError as error:
    raise missing("crewai", "crewai", error) from error


class HeadroomToolWrapper(BaseTool):
    """A tool whose text results are shortened; name, description and arguments are the tool's own."""

    name: str = ""
    description: str = ""
    _inner: Any = PrivateAttr()
    _headroom: Shortener = PrivateAttr()

    def __init__(self, tool: BaseTool, config: CompressConfig | None = None, headroom: Shortener | None = None) -> None:
        own = {"name": tool.name, "description": tool.description, "args_schema": tool.args_schema}
        super().__init__(**own, result_as_answer=tool.result_as_answer)
        self._inner = tool
        self._headroom = headroom if headroom is not None else Shortener(config)

    def get_savings_summary(self) -> dict[str, Any]:
        return self._headroom.summary()

    def _run(self, *args: Any, **kwargs: Any) -> Any:
        return self._shorter(self._inner._run(*args, **kwargs), kwargs)

    async def _arun(self, *args: Any, **kwargs: Any) -> Any:
        return self._shorter(await self._inner._arun(*args, **kwargs), kwargs)

    def _shorter(self, result: Any, arguments: dict[str, Any]) -> Any:
        if not isinstance(result, str):
            return result
        short = self._headroom.text(result, tool=self.name, arguments=arguments)
        return short.text if short.transforms_applied else result


def wrap_tools_with_headroom(
    tools: Sequence[BaseTool],
    min_chars_to_compress: int | None = None,
    metrics_collector: ToolMetricsCollector | None = None,
    *,
    config: CompressConfig | None = None,
) -> list[BaseTool]:
    """min_chars_to_compress: shorter results stay; None: those of fewer than 200 tokens. metrics_collector: is told what was
    saved; without one get_tool_metrics() is."""
    collector = metrics_collector if metrics_collector is not None else get_tool_metrics()
    shared = Shortener(config, least_chars=min_chars_to_compress, collector=collector)
    return [HeadroomToolWrapper(tool, headroom=shared) for tool in tools]
