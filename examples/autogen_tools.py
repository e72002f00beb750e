"""AutoGen: a tool whose results are shortened."""

import asyncio

from autogen_core import CancellationToken
from autogen_core.tools import FunctionTool
from headroom.integrations.autogen import wrap_tools_with_headroom
from sample import LOG, check


def build(target: str) -> str:
    return LOG


inner = FunctionTool(build, description="Builds the program.")
(tool,) = wrap_tools_with_headroom([inner])
assert tool.schema == inner.schema
value = asyncio.run(tool.run_json({"target": "all"}, CancellationToken()))
check(tool.return_value_as_string(value), tool.get_savings_summary()["total_tokens_saved"])
