"""Pydantic AI: a model around another. Its own FunctionModel calls the tool, then answers."""

from headroom.integrations.pydantic_ai import HeadroomModel
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from sample import LOG, QUESTION, check

seen: list[str] = []


def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    results = [part for part in messages[-1].parts if isinstance(part, ToolReturnPart)]
    if not results:
        return ModelResponse(parts=[ToolCallPart("build", {})])
    seen.append(results[-1].model_response_str())
    return ModelResponse(parts=[TextPart("wal.cc uses a member that is gone.")])


model = HeadroomModel(FunctionModel(answer))
agent = Agent(model)


@agent.tool_plain
def build() -> str:
    """Builds the program."""
    return LOG


result = agent.run_sync(QUESTION)
print(result.output)
check(seen[-1], model.total_tokens_saved)
assert any(getattr(part, "content", None) == LOG for message in result.all_messages() for part in message.parts)
