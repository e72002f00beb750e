#!/usr/bin/env python3
"""Drives boto3 against a Bedrock of the test's, straight and through the proxy.

    bedrock.py --headroom PROGRAM [NAME...]

The Bedrock checks every signature with botocore's own signer, for the Host that it got. No key and no network.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import sdks

try:
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.config import Config
    from botocore.credentials import Credentials
    from botocore.exceptions import ClientError
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed (./dev setup test)")
    sys.exit(77)

REGION = "eu-west-1"
MODEL = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
PROFILE = f"arn:aws:bedrock:{REGION}:123456789012:inference-profile/{MODEL}"
KEYS = {"AKIDEXAMPLE": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "ASIAROLE": "secret/of+the role="}
TOKEN_OF_ROLE = "session/token+of=the role"
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": KEYS["AKIDEXAMPLE"]}
BEARER = "ABSKtest"

USAGE = {"inputTokens": 10, "outputTokens": 4, "totalTokens": 14}
CONVERSED = {
    "output": {"message": {"role": "assistant", "content": [{"text": "The disk is full."}]}},
    "stopReason": "end_turn",
    "usage": USAGE,
    "metrics": {"latencyMs": 1},
}


def frame(kind: str, payload: dict[str, Any]) -> bytes:
    """A message of an AWS event stream."""
    texts = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    headers = b"".join(
        struct.pack(">B", len(name)) + name.encode() + b"\x07" + struct.pack(">H", len(text)) + text.encode()
        for name, text in texts.items()
    )
    body = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack(">I", zlib.crc32(message))


def chunks(stream: bytes) -> bytes:
    """Anthropic's events as Bedrock passes them on."""
    data = [line[6:].encode() for line in stream.decode().splitlines() if line.startswith("data: ")]
    return b"".join(frame("chunk", {"bytes": b64encode(event).decode(), "p": "abcd"}) for event in data)


CONVERSE_STREAM = b"".join(
    frame(kind, payload)
    for kind, payload in (
        ("messageStart", {"role": "assistant"}),
        ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "The disk is full."}}),
        ("contentBlockStop", {"contentBlockIndex": 0}),
        ("messageStop", {"stopReason": "end_turn"}),
        ("metadata", {"usage": USAGE, "metrics": {"latencyMs": 1}}),
    )
)


def is_authorized(received: sdks.Received, wanted: str = "bedrock") -> bool:
    """The signature is that of botocore's signer for what came, or the bearer token is right."""
    headers = {name.lower(): value for name, value in received.headers}
    authorization = headers.get("authorization", "")
    if authorization == f"Bearer {BEARER}":
        return True
    if not authorization.startswith("AWS4-HMAC-SHA256 "):
        return False
    parts = dict(part.strip().split("=", 1) for part in authorization.split(" ", 1)[1].split(","))
    key, _, region, service, _ = parts["Credential"].split("/")
    signed = {name: headers[name] for name in parts["SignedHeaders"].split(";")}
    # A client that asks through an HTTP proxy names the whole URL.
    path = received.path if received.path.startswith("/") else "/" + received.path.split("/", 3)[3]
    request = AWSRequest(received.method, f"http://{headers['host']}{path}", headers=signed, data=received.body)
    request.context["timestamp"] = headers["x-amz-date"]
    signer = SigV4Auth(Credentials(key, KEYS.get(key, "")), service, region)
    expected = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    token = TOKEN_OF_ROLE if key.startswith("ASIA") else None
    shown = headers.get("x-amz-security-token")
    return key in KEYS and service == wanted and expected == parts["Signature"] and shown == token


class Bedrock(sdks.Provider):
    """Answers whom it can believe; who has only a role must show its token."""

    def answer_for(self, path: str, stream: bool) -> tuple[bytes, str]:
        kinds = {
            "/invoke": (json.dumps(sdks.MESSAGE).encode(), "application/json"),
            "/converse": (json.dumps(CONVERSED).encode(), "application/json"),
            "/invoke-with-response-stream": (chunks(sdks.MESSAGE_STREAM), "application/vnd.amazon.eventstream"),
            "/count-tokens": (b'{"inputTokens":10}', "application/json"),
            "/converse-stream": (CONVERSE_STREAM, "application/vnd.amazon.eventstream"),
        }
        if not is_authorized(self.server.received[-1]):  # type: ignore[attr-defined]
            return b'{"message":"The request signature we calculated does not match."}', "403"
        return kinds[path[path.rindex("/") :]]


# What the services that give credentials say, each in its own words.
ROLE = {"AccessKeyId": "ASIAROLE", "SecretAccessKey": KEYS["ASIAROLE"], "Expiration": "2099-01-02T03:04:05Z"}
OF_METADATA = json.dumps({"Code": "Success", "Type": "AWS-HMAC", **ROLE, "Token": TOKEN_OF_ROLE})
OF_PROCESS = json.dumps({"Version": 1, **ROLE, "SessionToken": TOKEN_OF_ROLE})
OF_SSO = json.dumps(
    {
        "roleCredentials": {
            "accessKeyId": "ASIAROLE",
            "secretAccessKey": KEYS["ASIAROLE"],
            "sessionToken": TOKEN_OF_ROLE,
            "expiration": 4071006245000,
        }
    }
)


def of_sts(action: str) -> str:
    parts = {**ROLE, "SessionToken": TOKEN_OF_ROLE}
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    return (
        f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>'
        f"<Credentials>{inside}</Credentials></{action}Result></{action}Response>"
    )


class Givers(sdks.Provider):
    """The metadata of a machine, a container's service, STS and SSO: credentials for who asks as each demands it."""

    def give(self, text: str, fits: bool = True) -> None:
        self.send_response(200 if fits else 403)
        self.send_header("Content-Length", str(len(text) if fits else 0))
        self.end_headers()
        self.wfile.write(text.encode() if fits else b"")

    def do_PUT(self) -> None:
        fits = self.path == "/latest/api/token" and "X-aws-ec2-metadata-token-ttl-seconds" in self.headers
        self.give("a token of the machine", fits)

    def do_GET(self) -> None:
        roles = "/latest/meta-data/iam/security-credentials/"
        knows = self.headers.get("X-aws-ec2-metadata-token") == "a token of the machine"
        if self.path.startswith(roles):
            self.give("the-role" if self.path == roles else OF_METADATA, knows)
        elif self.path == "/container":
            self.give(OF_METADATA, self.headers.get("Authorization") == "a token of the container")
        else:
            fits = self.path == "/federation/credentials?role_name=the-role&account_id=123456789012"
            self.give(OF_SSO, fits and self.headers.get("x-amz-sso_bearer_token") == "a token of SSO")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = dict(parse_qsl(body.decode()))
        if asked.get("RoleArn") != "arn:aws:iam::123456789012:role/the-role":
            self.give("", False)
        elif asked["Action"] == "AssumeRole":
            received = sdks.Received("POST", self.path, list(self.headers.items()), body)
            self.give(of_sts("AssumeRole"), is_authorized(received, "sts"))
        else:
            self.give(of_sts("AssumeRoleWithWebIdentity"), asked.get("WebIdentityToken") == "a token of the web")


@dataclass
class Giver:
    """How credentials are come by: what stands in ~/.aws/config and in the environment; URL is that of the Givers."""

    config: str = ""
    environment: dict[str, str] = field(default_factory=dict)


ROLE_ARN = "role_arn = arn:aws:iam::123456789012:role/the-role\n"
GIVERS = {
    "process": Giver('[default]\ncredential_process = cat "HOME/a file"\n'),
    "container": Giver(
        environment={
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/container",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a token of the container",
        }
    ),
    "machine": Giver(environment={"AWS_EC2_METADATA_SERVICE_ENDPOINT": "URL/"}),
    "web_identity": Giver(
        environment={
            "AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token",
            "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/the-role",
            "AWS_ENDPOINT_URL_STS": "URL",
        }
    ),
    "assumed": Giver(
        f"[profile work]\n{ROLE_ARN}source_profile = base\nregion = {REGION}\n"
        f"[profile base]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = {KEYS['AKIDEXAMPLE']}\n",
        {"AWS_PROFILE": "work", "AWS_ENDPOINT_URL_STS": "URL"},
    ),
    "sso": Giver(
        "[default]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = the-role\n"
        f"[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = {REGION}\n",
        {"AWS_ENDPOINT_URL_SSO": "URL"},
    ),
}


def home_of(giver: Giver, home: Path, url: str) -> dict[str, str]:
    """Makes the home of somebody who comes by credentials in that way; gives the environment."""
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    (home / ".aws" / "config").write_text(giver.config.replace("HOME", str(home)))
    (home / "a file").write_text(OF_PROCESS)
    (home / "token").write_text("a token of the web")
    signed_in = {"startUrl": "https://corp.awsapps.com/start", "region": REGION, "accessToken": "a token of SSO"}
    name = hashlib.sha1(b"corp", usedforsecurity=False).hexdigest()
    (cache / f"{name}.json").write_text(json.dumps({**signed_in, "expiresAt": "2099-01-02T03:04:05Z"}))
    named = {name: value.replace("URL", url).replace("HOME", str(home)) for name, value in giver.environment.items()}
    return {"HOME": str(home), "AWS_REGION": REGION, **named}


def converse_at(url: str) -> None:
    """Asks with the credentials that botocore finds by itself."""
    client = boto3.Session(region_name=REGION).client("bedrock-runtime", endpoint_url=url)
    print(json.dumps(without_metadata(client.converse(modelId=MODEL, **CONVERSE))))


def check_giver(giver: Giver, program: Path, server: sdks.Server) -> None:
    """boto3 and the proxy come by the same credentials in the same way: compressed, and signed anew with the token."""
    givers = sdks.Server(Givers)
    with tempfile.TemporaryDirectory(prefix="headroom-bedrock-") as folder:
        environment = home_of(giver, Path(folder), givers.url)
        options = ("--bedrock-api-url", server.url)
        with sdks.proxy_to(program, server.url, *options, environment=environment) as proxy:
            server.received.clear()
            # botocore reads HOME when it is imported.
            command = [sys.executable, __file__, "--converse-at", proxy]
            environment["PATH"] = os.environ["PATH"]
            asked = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
            assert asked.returncode == 0, asked.stderr[-300:]
            assert json.loads(asked.stdout) == CONVERSED
    received = server.received[-1]
    assert len(received.body) * 2 < len(json.dumps(CONVERSE)), "it was not compressed"
    assert "Credential=ASIAROLE/" in dict(received.headers)["Authorization"]


def client_at(url: str, **more: Any) -> Any:
    config = Config(retries={"total_max_attempts": 1}, **more.pop("config", {}))
    session = boto3.Session("AKIDEXAMPLE", KEYS["AKIDEXAMPLE"], region_name=REGION)
    return session.client("bedrock-runtime", endpoint_url=url, config=config, **more)


# --- what it is asked -------------------------------------------------------------------------------------------------

INVOKED = json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": sdks.ANTHROPIC_MESSAGES})
MESSAGES: list[Any] = [
    {"role": "user", "content": [{"text": "Why did the job fail?"}]},
    {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t1", "name": "Bash", "input": {"command": "./job"}}}]},
    {
        "role": "user",
        "content": [
            {"toolResult": {"toolUseId": "t1", "content": [{"text": sdks.LOG}], "status": "success"}},
            {"cachePoint": {"type": "default"}},
        ],
    },
]
CONVERSE: dict[str, Any] = {
    "messages": MESSAGES,
    "system": [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}],
    "inferenceConfig": {"maxTokens": 9, "temperature": 0.5},
    "toolConfig": {"tools": [{"toolSpec": {"name": "Bash", "inputSchema": {"json": {"type": "object"}}}}]},
}


def without_metadata(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def invoke(client: Any) -> object:
    return json.loads(client.invoke_model(modelId=MODEL, body=INVOKED)["body"].read())


def invoke_stream(client: Any) -> object:
    answer = client.invoke_model_with_response_stream(modelId=PROFILE, body=INVOKED)
    return [json.loads(event["chunk"]["bytes"]) for event in answer["body"]]


def converse(client: Any) -> object:
    return without_metadata(client.converse(modelId=MODEL, **CONVERSE))


def converse_stream(client: Any) -> object:
    return list(client.converse_stream(modelId=PROFILE, **CONVERSE)["stream"])


def count_converse(client: Any) -> object:
    asked = {name: CONVERSE[name] for name in ("messages", "system", "toolConfig")}
    return without_metadata(client.count_tokens(modelId=MODEL, input={"converse": asked}))


def count_invoke(client: Any) -> object:
    return without_metadata(client.count_tokens(modelId=MODEL, input={"invokeModel": {"body": INVOKED}}))


CALLS: dict[str, Callable[[Any], object]] = {
    "invoke": invoke,
    "invoke_stream": invoke_stream,
    "converse": converse,
    "converse_stream": converse_stream,
    "count_converse": count_converse,
    "count_invoke": count_invoke,
}

# --- what must come of it ---------------------------------------------------------------------------------------------

# Of the way, of the time, or of this one call.
OTHERWISE = {*sdks.HEADERS_OF_THE_WAY, "authorization", "x-amz-date", "amz-sdk-invocation-id"}


@dataclass
class Mode:
    """How client and proxy come to their credentials, and what becomes of the body."""

    environment: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    compressed: bool = True
    client: dict[str, Any] = field(default_factory=dict)
    bearer: bool = False


MODES = {
    "same_credentials": Mode(ENVIRONMENT),
    "no_credentials_here": Mode(compressed=False),
    "other_credentials_here": Mode({**ENVIRONMENT, "AWS_SECRET_ACCESS_KEY": "another"}, compressed=False),
    "bearer_token": Mode(bearer=True),
}


def headers_of(received: sdks.Received) -> list[tuple[str, str]]:
    return sorted((name.lower(), value) for name, value in received.headers if name.lower() not in OTHERWISE)


def use_bearer(client: Any) -> Any:
    """What boto3 does itself where AWS_BEARER_TOKEN_BEDROCK is set, without the environment of this process."""

    def replace(request: Any, **_: object) -> None:
        del request.headers["Authorization"]
        request.headers["Authorization"] = f"Bearer {BEARER}"

    client.meta.events.register("before-send.bedrock-runtime.*", replace)
    return client


def asked_in(body: bytes) -> Any:
    """The request; of one that asks for a count, the one that it asks about."""
    asked = json.loads(body)
    counted = asked.get("input", {}).get("invokeModel")
    return json.loads(b64decode(counted["body"])) if counted else asked


def check(ask: Callable[[Any], object], mode: Mode, server: sdks.Server, proxy: str) -> None:
    server.received.clear()
    clients = [client_at(url) for url in (server.url, proxy)]
    if mode.bearer:
        clients = [use_bearer(client) for client in clients]
    straight_result, through_result = (ask(client) for client in clients)
    assert through_result == straight_result, f"the caller got {through_result}, not {straight_result}"
    straight, through = server.received
    assert (through.method, through.path) == (straight.method, straight.path), through.path
    assert headers_of(through) == headers_of(straight), (headers_of(straight), headers_of(through))
    if not mode.compressed:
        assert through.body == straight.body
        assert dict(through.headers)["Host"] == proxy.removeprefix("http://"), "what was signed"
        return
    found = sdks.differences(asked_in(straight.body), asked_in(through.body))
    assert [old for _, old, _ in found] == [sdks.LOG], f"changed: {[(where, str(new)[:80]) for where, _, new in found]}"
    assert "disk /dev/vda1 is full" in found[0][2]
    assert len(found[0][2]) * 3 < len(sdks.LOG)
    assert dict(through.headers)["Host"] == server.url.removeprefix("http://")


def check_names_of_aws(program: Path, server: sdks.Server) -> None:
    """A client that signs for AWS's own name and asks through the proxy: what is relayed as it is, is valid there."""
    name = f"bedrock-runtime.{REGION}.amazonaws.com"
    with sdks.proxy_to(program, server.url, "--bedrock-api-url", server.url, "--allowed-hosts", name) as proxy:
        server.received.clear()
        converse(client_at(f"http://{name}", config={"proxies": {"http": proxy}}))
        assert dict(server.received[-1].headers)["Host"] == name
        assert json.loads(server.received[-1].body)["messages"] == MESSAGES


def check_refusal(program: Path, server: sdks.Server) -> None:
    """What Bedrock says of a wrong signature reaches the caller as it is."""
    with sdks.proxy_to(program, server.url, "--bedrock-api-url", server.url) as proxy:
        session = boto3.Session("AKIDEXAMPLE", "wrong", region_name=REGION)
        client = session.client("bedrock-runtime", endpoint_url=proxy, config=Config(retries={"total_max_attempts": 1}))
        try:
            converse(client)
        except ClientError as error:
            assert "does not match" in str(error), error
        else:
            raise AssertionError("it was believed")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", type=Path)
    parser.add_argument("--converse-at", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    if arguments.converse_at:
        converse_at(arguments.converse_at)
        return 0
    failed = 0
    server = sdks.Server(Bedrock)

    def run(name: str, test: Callable[[], None]) -> None:
        nonlocal failed
        if arguments.names and name not in arguments.names:
            return
        try:
            test()
            print(f"ok      {name}")
        except Exception as error:
            failed += 1
            print(f"FAILED  {name}: {type(error).__name__}: {error}")

    for mode_name, mode in MODES.items():
        options = ("--bedrock-api-url", server.url, *mode.options)
        with sdks.proxy_to(arguments.headroom, server.url, *options, environment=mode.environment) as proxy:
            for name, ask in CALLS.items():
                run(f"{mode_name}.{name}", lambda ask=ask, mode=mode, proxy=proxy: check(ask, mode, server, proxy))  # type: ignore[misc]
    for giver_name, giver in GIVERS.items():
        run(f"role_of.{giver_name}", lambda giver=giver: check_giver(giver, arguments.headroom, server))  # type: ignore[misc]
    run("names_of_aws", lambda: check_names_of_aws(arguments.headroom, server))
    run("refusal", lambda: check_refusal(arguments.headroom, server))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
