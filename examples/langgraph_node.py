"""LangGraph: a node that puts shortened tool results in the place of whole ones."""

from headroom.integrations.langchain import create_compress_tool_messages_node
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.graph import END, START, MessagesState, StateGraph
from sample import LOG, QUESTION, check

graph = StateGraph(MessagesState)
graph.add_node("shorten", create_compress_tool_messages_node())
graph.add_edge(START, "shorten")
graph.add_edge("shorten", END)
call = {"name": "Bash", "args": {"command": "ninja"}, "id": "t1"}
messages = [HumanMessage(QUESTION), AIMessage("", tool_calls=[call]), ToolMessage(LOG, tool_call_id="t1")]
state = graph.compile().invoke({"messages": messages})
assert len(state["messages"]) == 3
check(state["messages"][-1].content, 0)
