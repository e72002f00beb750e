"""LangChain: a chat model around another. A fake one stands in for ChatOpenAI(...), so that no key is needed."""

from typing import Any

from headroom.integrations.langchain import HeadroomChatModel
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from sample import LOG, QUESTION, check

seen: list[Any] = []


class FakeModel(GenericFakeChatModel):
    def _generate(self, messages: Any, *args: Any, **kwargs: Any) -> Any:
        seen.extend(messages)
        return super()._generate(messages, *args, **kwargs)


model = HeadroomChatModel(FakeModel(messages=iter([AIMessage("wal.cc uses a member that is gone.")])))
call = {"name": "Bash", "args": {"command": "ninja"}, "id": "t1"}
answer = model.invoke([HumanMessage(QUESTION), AIMessage("", tool_calls=[call]), ToolMessage(LOG, tool_call_id="t1")])
print(answer.content)
check(seen[-1].content, model.total_tokens_saved)
