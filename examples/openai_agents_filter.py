"""OpenAI's Agents SDK: a run whose model reads shortened results. A fake model calls the tool, then answers."""

import asyncio
from typing import Any

from agents import Agent, Model, ModelResponse, RunConfig, Runner, Usage, function_tool, set_tracing_disabled
from headroom.integrations.openai_agents import HeadroomInputFilter, HeadroomModel
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText
from sample import LOG, QUESTION, check

set_tracing_disabled(True)
seen: list[Any] = []


class FakeModel(Model):
    async def get_response(self, system_instructions: Any, input: Any, *args: Any, **kwargs: Any) -> ModelResponse:
        results = [item for item in input if isinstance(item, dict) and item.get("type") == "function_call_output"]
        if not results:
            call = ResponseFunctionToolCall(arguments="{}", call_id="t1", name="build", type="function_call")
            return ModelResponse(output=[call], usage=Usage(), response_id=None)
        seen.append(results[-1]["output"])
        text = ResponseOutputText(text="wal.cc uses a member that is gone.", type="output_text", annotations=[])
        said = ResponseOutputMessage(id="m", content=[text], role="assistant", status="completed", type="message")
        return ModelResponse(output=[said], usage=Usage(), response_id=None)

    def stream_response(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError


@function_tool
def build() -> str:
    """Builds the program."""
    return LOG


shorten = HeadroomInputFilter()
agent = Agent(name="Builder", model=FakeModel(), tools=[build])
result = asyncio.run(Runner.run(agent, QUESTION, run_config=RunConfig(call_model_input_filter=shorten)))
print(result.final_output)
check(seen[-1], shorten.total_tokens_saved)

model = HeadroomModel(FakeModel())
print(asyncio.run(Runner.run(Agent(name="Builder", model=model, tools=[build]), QUESTION)).final_output)
check(seen[-1], model.headroom.tokens_saved)
