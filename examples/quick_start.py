"""Without any framework: shorten the messages, send them, get the original back."""

from headroom import compress, retrieve
from sample import LOG, QUESTION, check

function = {"name": "Bash", "arguments": '{"command": "ninja"}'}
messages = [
    {"role": "user", "content": QUESTION},
    {"role": "assistant", "content": None, "tool_calls": [{"id": "t1", "type": "function", "function": function}]},
    {"role": "tool", "tool_call_id": "t1", "content": LOG},
]
result = compress(messages, model="gpt-4o")
check(result[-1]["content"], result.tokens_saved)
assert retrieve(result.ids[0]) == LOG
