"""CrewAI: a tool whose results are shortened."""

import os

os.environ.setdefault("CREWAI_DISABLE_TELEMETRY", "true")
os.environ.setdefault("OTEL_SDK_DISABLED", "true")

from crewai.tools import BaseTool  # noqa: E402
from headroom.integrations.crewai import wrap_tools_with_headroom  # noqa: E402
from sample import LOG, check  # noqa: E402


class Build(BaseTool):
    name: str = "build"
    description: str = "Builds the program."

    def _run(self, target: str = "all") -> str:
        return LOG


(tool,) = wrap_tools_with_headroom([Build()])
assert tool.name == "build" and "target" in tool.args_schema.model_fields
check(tool.run(target="all"), tool.get_savings_summary()["total_tokens_saved"])
