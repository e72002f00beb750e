"""Strands: a model around another, and a hook that shortens where a tool has ended. A fake model calls the tool, then answers."""

from typing import Any

from headroom.integrations.strands import HeadroomHookProvider, HeadroomStrandsModel
from sample import LOG, QUESTION, check
from strands import Agent, tool
from strands.models import Model

seen: list[str] = []


class FakeModel(Model):
    def get_config(self) -> Any:
        return {"model_id": "anthropic.claude-sonnet-4-5"}

    def update_config(self, **model_config: Any) -> None:
        pass

    def structured_output(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    async def stream(self, messages: Any, *args: Any, **kwargs: Any) -> Any:
        results = [block["toolResult"] for block in messages[-1]["content"] if "toolResult" in block]
        yield {"messageStart": {"role": "assistant"}}
        if results:
            seen.append(results[-1]["content"][0]["text"])
            yield {"contentBlockDelta": {"delta": {"text": "wal.cc uses a member that is gone."}}}
        else:
            yield {"contentBlockStart": {"start": {"toolUse": {"toolUseId": "t1", "name": "build"}}}}
            yield {"contentBlockDelta": {"delta": {"toolUse": {"input": "{}"}}}}
        yield {"contentBlockStop": {}}
        yield {"messageStop": {"stopReason": "end_turn" if results else "tool_use"}}


@tool
def build() -> str:
    """Builds the program."""
    return LOG


model = HeadroomStrandsModel(FakeModel())
agent = Agent(model=model, tools=[build], callback_handler=None)
print(agent(QUESTION))
check(seen[-1], model.total_tokens_saved)
assert LOG in str(agent.messages[2]["content"][0]["toolResult"]["content"][0]["text"])  # its memory is whole

hook = HeadroomHookProvider()
agent = Agent(model=FakeModel(), tools=[build], hooks=[hook], callback_handler=None)
print(agent(QUESTION))
check(seen[-1], hook.total_tokens_saved)
