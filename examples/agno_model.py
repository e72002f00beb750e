"""Agno: a model around another. A fake one calls the tool, then answers."""

from dataclasses import dataclass
from typing import Any

from agno.agent import Agent
from agno.models.base import Model
from agno.models.response import ModelResponse
from headroom.integrations.agno import HeadroomAgnoModel
from sample import LOG, QUESTION, check

seen: list[Any] = []


@dataclass
class FakeModel(Model):
    id: str = "gpt-4o"

    def invoke(self, *args: Any, messages: Any = None, **kwargs: Any) -> ModelResponse:
        if messages[-1].role != "tool":
            function = {"name": "build", "arguments": "{}"}
            return ModelResponse(role="assistant", tool_calls=[{"id": "t1", "type": "function", "function": function}])
        seen.append(messages[-1].content)
        return ModelResponse(role="assistant", content="wal.cc uses a member that is gone.")

    async def ainvoke(self, *args: Any, **kwargs: Any) -> ModelResponse:
        return self.invoke(*args, **kwargs)

    def invoke_stream(self, *args: Any, **kwargs: Any) -> Any:
        yield self.invoke(*args, **kwargs)

    async def ainvoke_stream(self, *args: Any, **kwargs: Any) -> Any:
        yield self.invoke(*args, **kwargs)

    def _parse_provider_response(self, response: Any, **kwargs: Any) -> ModelResponse:
        return response

    def _parse_provider_response_delta(self, response: Any) -> ModelResponse:
        return response


def build() -> str:
    """Builds the program."""
    return LOG


model = HeadroomAgnoModel(FakeModel())
run = Agent(model=model, tools=[build], telemetry=False).run(QUESTION)
print(run.content)
check(seen[-1], model.total_tokens_saved)
