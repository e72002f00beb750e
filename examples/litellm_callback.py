"""LiteLLM: one line, and every acompletion() is shortened. A provider of our own stands in for a real one."""

import asyncio
import os
from typing import Any

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # ask nobody for prices

import litellm  # noqa: E402
from headroom.integrations.litellm_callback import HeadroomCallback, with_headroom_completion  # noqa: E402
from litellm import CustomLLM  # noqa: E402
from sample import LOG, QUESTION, check  # noqa: E402

seen: list[str] = []


class FakeProvider(CustomLLM):
    def completion(self, *args: Any, **kwargs: Any) -> Any:
        seen.append(kwargs["messages"][-1]["content"])
        return litellm.completion(model="gpt-4o", messages=[{"role": "user", "content": "hi"}], mock_response="wal.cc")

    async def acompletion(self, *args: Any, **kwargs: Any) -> Any:
        return self.completion(*args, **kwargs)


litellm.custom_provider_map = [{"provider": "fake", "custom_handler": FakeProvider()}]
function = {"name": "Bash", "arguments": '{"command": "ninja"}'}
messages = [
    {"role": "user", "content": QUESTION},
    {"role": "assistant", "content": None, "tool_calls": [{"id": "t1", "type": "function", "function": function}]},
    {"role": "tool", "tool_call_id": "t1", "content": LOG},
]

callback = HeadroomCallback()
litellm.callbacks = [callback]
answer = asyncio.run(litellm.acompletion(model="fake/gpt-4o", messages=messages))
print(answer.choices[0].message.content)
check(seen[-1], callback.total_tokens_saved)

litellm.callbacks = []
completion = with_headroom_completion(callback=callback)
print(completion(model="fake/gpt-4o", messages=messages).choices[0].message.content)
check(seen[-1], callback.total_tokens_saved)
