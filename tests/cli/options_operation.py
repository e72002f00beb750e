#!/usr/bin/env python3
"""Shows for each setting about who may use the proxy, by which way it goes out and what it may spend, that it counts.

options_operation.py --headroom PROGRAM [NAME...]
"""

from __future__ import annotations

import http.client
import socket
import sys
from collections.abc import Callable

from options_proxy import Check, Proxy, main, request_body

TOKEN = "what-nobody-guesses"


def own_address() -> str:
    """An address of this machine that is not loopback; without one, nothing can be shown."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def ask(proxy: Proxy, path: str, headers: dict[str, str], host: str) -> int:
    """Status of a request to the proxy's address `host`; with a body, as a chat, where the path is a provider's."""
    connection = http.client.HTTPConnection(host, proxy.port, timeout=30)
    body = request_body() if path.startswith("/v1/chat") else None
    connection.request("POST" if body else "GET", path, body, {"Content-Type": "application/json", **headers})
    status = connection.getresponse().status
    connection.close()
    return status


def check_proxy_token(check: Check) -> None:
    address = own_address()
    with check.proxy("--host", "0.0.0.0", env={"HEADROOM_PROXY_TOKEN": TOKEN}) as proxy:
        assert proxy.chat() == 200, "this machine needs none"
        assert ask(proxy, "/v1/chat/completions", {"Host": "rebound.example"}, "127.0.0.1") == 401
        if not address:
            return
        for path in ("/v1/chat/completions", "/stats", "/metrics"):
            assert ask(proxy, path, {}, address) == 401, path
            assert ask(proxy, path, {"x-headroom-proxy-token": TOKEN}, address) == 200, path
            assert ask(proxy, path, {"Authorization": "Bearer " + TOKEN}, address) == 200, path
        assert ask(proxy, "/livez", {}, address) == 200
        for _, _, headers in check.provider.seen:
            assert TOKEN not in str(headers), "the token went to the provider"
    assert TOKEN not in proxy.text


def check_allow_unauthenticated_bind(check: Check) -> None:
    address = own_address()
    with check.proxy("--host", "0.0.0.0", "--allow-unauthenticated-bind") as proxy:
        assert proxy.chat() == 200
        if address:
            assert ask(proxy, "/v1/chat/completions", {}, address) == 200
            assert ask(proxy, "/stats", {}, address) == 403


def check_allowed_hosts(check: Check) -> None:
    path = "/v1/chat/completions"
    with check.proxy("--allowed-hosts", "ai.corp.example,b.example") as proxy:
        assert ask(proxy, path, {"Host": "ai.corp.example"}, "127.0.0.1") == 200
        assert ask(proxy, path, {"Host": "c.example"}, "127.0.0.1") == 403
        assert ask(proxy, "/stats", {"Host": "ai.corp.example"}, "127.0.0.1") == 403
    with check.proxy() as proxy:
        assert ask(proxy, path, {"Host": "ai.corp.example"}, "127.0.0.1") == 403


CHECKS: dict[str, Callable[[Check], None]] = {
    "proxy-token": check_proxy_token,
    "allow-unauthenticated-bind": check_allow_unauthenticated_bind,
    "allowed-hosts": check_allowed_hosts,
}

if __name__ == "__main__":
    sys.exit(main(CHECKS, __doc__))
