"""OpenAI's own library over a WebSocket (`responses.connect()`), straight to a provider of the test's and through the proxy.

    python tests/sdks/web_socket.py --headroom build/release/bin/headroom

Two turns: the second one holds only what is new and names the response before it. What the provider gets must be the same
both times but for the results of tools; what the library gives its caller must be the same, too.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from sdks import HEADERS_OF_THE_WAY, LOG, RESPONSE, differences, openai_at, proxy_to

from websockets.sync.server import ServerConnection, serve  # isort: skip

# Chosen anew by each client, or offers what the proxy must be able to read.
HEADERS_OF_THE_SOCKET = {"sec-websocket-key", "sec-websocket-extensions"}
SECOND_LOG = LOG.replace("worker", "helper")
CALL = {"type": "function_call", "call_id": "c2", "name": "shell", "arguments": '{"command": ["./job", "-v"]}'}
INPUT_TOKENS = 4321
USAGE = {**cast("dict[str, Any]", RESPONSE["usage"]), "input_tokens": INPUT_TOKENS}


@dataclass
class Provider:
    """Answers on a WebSocket as the real one does; `messages` and `headers` are what came in."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        self.headers += [(name.lower(), value) for name, value in connection.request.headers.raw_items()]
        for text in connection:
            message = json.loads(text)
            self.messages.append(message)
            output = [CALL] if message.get("previous_response_id") is None else RESPONSE["output"]
            response = {**RESPONSE, "id": f"resp_{len(self.messages)}", "output": output, "usage": USAGE}
            for number, item in enumerate(
                (
                    {
                        "type": "response.created",
                        "response": {**response, "status": "in_progress", "output": [], "usage": None},
                    },
                    {"type": "response.completed", "response": response},
                )
            ):
                connection.send(json.dumps({**item, "sequence_number": number}))

    def take(self) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
        taken = self.messages, self.headers
        self.messages, self.headers = [], []
        return taken


def talk(url: str) -> list[object]:
    """The events of two turns."""
    seen: list[object] = []
    first: list[Any] = [
        {"role": "user", "content": "Why did the job fail?"},
        {"type": "function_call", "call_id": "c1", "name": "shell", "arguments": '{"command": ["./job"]}'},
        {"type": "function_call_output", "call_id": "c1", "output": LOG},
    ]
    second: list[Any] = [{"type": "function_call_output", "call_id": "c2", "output": SECOND_LOG}]
    with openai_at(url).responses.connect() as connection:
        for new, before in ((first, None), (second, 1)):
            more: dict[str, Any] = {} if before is None else {"previous_response_id": f"resp_{before}"}
            connection.response.create(model="gpt-5", input=new, store=False, **more)
            for event in connection:
                seen.append(event.model_dump())
                if event.type == "response.completed":
                    break
    return seen


def compare(provider: Provider, straight_url: str, proxy: str) -> None:
    straight_events = talk(straight_url)
    straight, straight_headers = provider.take()
    through_events = talk(proxy)
    through, through_headers = provider.take()
    assert through_events == straight_events, f"the caller got {through_events}, not {straight_events}"

    def kept(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return sorted(one for one in headers if one[0] not in HEADERS_OF_THE_WAY | HEADERS_OF_THE_SOCKET)

    assert kept(through_headers) == kept(straight_headers), (kept(straight_headers), kept(through_headers))
    found = differences(straight, through)
    changed = [(where, str(new)[:80]) for where, _, new in found]
    assert [old for _, old, _ in found] == [LOG, SECOND_LOG], f"changed: {changed}"
    for _, old, new in found:
        assert "disk /dev/vda1 is full" in new
        assert len(new) * 3 < len(old), f"{len(new)} of {len(old)}"
    with urllib.request.urlopen(f"{proxy}/stats", timeout=10) as answer:
        stats = answer.read().decode()
    assert str(2 * INPUT_TOKENS) in stats, stats


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", type=Path, required=True)
    arguments = parser.parse_args()
    provider = Provider()
    with serve(provider.answer, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        with proxy_to(arguments.headroom, url) as proxy:
            try:
                compare(provider, url, proxy)
                print("ok      openai.responses over a WebSocket")
            except Exception as error:
                print(f"FAILED  {type(error).__name__}: {error}")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
