#!/usr/bin/env python3
"""Shows what an OpenTelemetry collector gets of a running proxy, and that nobody waits for one.

    options_telemetry.py --headroom PROGRAM [NAME...]

With the package opentelemetry-proto, everything that is sent is read by it, too.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from options_proxy import Check, Proxy, main, request_body

try:
    from google.protobuf import json_format
    from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

    HAS_SCHEMA = True
except ImportError:
    HAS_SCHEMA = False

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SECRET = "sk-what-nobody-may-see"
FAST = {"OTEL_BSP_SCHEDULE_DELAY": "50", "OTEL_METRIC_EXPORT_INTERVAL": "50"}

Json = dict[str, Any]


class Collector(ThreadingHTTPServer):
    """Keeps what it was sent: path, headers, body. Answers with the statuses it is given, the last of them for good."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CollectorHandler)
        self.got: list[tuple[str, dict[str, str], Json]] = []
        self.statuses = [200]
        self.retry_after = ""
        self.hangs = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def bodies(self, path: str) -> list[Json]:
        return [body for at, _, body in list(self.got) if at == path]

    def spans(self) -> list[Json]:
        return [
            span
            for body in self.bodies("/v1/traces")
            for resource in body["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        ]

    def points(self, name: str) -> list[Json]:
        """Of the newest report."""
        reports = self.bodies("/v1/metrics")
        if not reports:
            return []
        metrics = reports[-1]["resourceMetrics"][0]["scopeMetrics"][0]["metrics"]
        found = [metric for metric in metrics if metric["name"] == name]
        assert len(found) < 2, f"{name} is told twice"
        return [point for metric in found for point in (metric.get("sum") or metric["histogram"])["dataPoints"]]


class CollectorHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        collector = self.server
        assert isinstance(collector, Collector)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        collector.got.append((self.path, dict(self.headers.items()), body))
        while collector.hangs:
            time.sleep(0.05)
        status = collector.statuses.pop(0) if len(collector.statuses) > 1 else collector.statuses[0]
        with contextlib.suppress(OSError):
            self.send_response(status)
            if collector.retry_after and status != 200:
                self.send_header("Retry-After", collector.retry_after)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def wait_for(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.02)


def ask(proxy: Proxy, headers: dict[str, str] | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=30)
    secrets = {"Authorization": "Bearer " + SECRET, "Cookie": SECRET}
    connection.request(
        "POST",
        "/v1/chat/completions?key=" + SECRET,
        request_body(),
        {"Content-Type": "application/json", **secrets, **(headers or {})},
    )
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def figure(proxy: Proxy, name: str) -> int:
    text = proxy.call("GET", "/metrics")[1].decode()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(name + " "))


def attributes(item: Json) -> dict[str, Any]:
    pairs = {pair["key"]: next(iter(pair["value"].values())) for pair in item["attributes"]}
    assert len(pairs) == len(item["attributes"]), f"a key twice: {item['attributes']}"
    return pairs


def check_by_schema(collector: Collector) -> None:
    """Every body is what the published messages say, with nothing that these do not know."""
    if not HAS_SCHEMA:
        print("note: opentelemetry-proto is not installed (./dev setup test), so it reads nothing")
        return

    def with_base64(value: Any) -> Any:
        # OTLP writes ids in hex, where the JSON form of protocol buffers has base64.
        if isinstance(value, list):
            return [with_base64(item) for item in value]
        if not isinstance(value, dict):
            return value
        ids = ("traceId", "spanId", "parentSpanId")
        return {
            key: base64.b64encode(bytes.fromhex(item)).decode() if key in ids else with_base64(item)
            for key, item in value.items()
        }

    for path, headers, body in collector.got:
        assert headers["Content-Type"] == "application/json"
        if path.endswith("/traces"):
            traces = trace_service_pb2.ExportTraceServiceRequest()
            json_format.ParseDict(with_base64(body), traces)
            for span in traces.resource_spans[0].scope_spans[0].spans:
                assert len(span.trace_id) == 16 and len(span.span_id) == 8 and len(span.parent_span_id) in (0, 8)
                assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano
        else:
            metrics = metrics_service_pb2.ExportMetricsServiceRequest()
            json_format.ParseDict(with_base64(body), metrics)
            for metric in metrics.resource_metrics[0].scope_metrics[0].metrics:
                data = getattr(metric, metric.WhichOneof("data"))
                assert data.aggregation_temporality in (1, 2) and data.data_points
                for point in data.data_points:
                    assert 0 < point.start_time_unix_nano <= point.time_unix_nano
                    if metric.HasField("histogram"):
                        assert len(point.bucket_counts) == len(point.explicit_bounds) + 1
                        assert sum(point.bucket_counts) == point.count


def check_otlp_endpoint(check: Check) -> None:
    collector = Collector()
    environment = {
        **FAST,
        "OTEL_EXPORTER_OTLP_HEADERS": "x-collector-key=k%201",
        "OTEL_SERVICE_NAME": "our-proxy",
        "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test",
    }
    with check.proxy("--otlp-endpoint", collector.url + "/", env=environment) as proxy:
        assert ask(proxy, {"traceparent": PARENT, "tracestate": "vendor=1"}) == 200
        wait_for(lambda: len(collector.spans()) == 2, "two spans")
        wait_for(lambda: collector.points("headroom.requests"), "a report")
        assert check.provider.seen[-1][2]["traceparent"] == PARENT, "headers are relayed as they come"
        request, below = sorted(collector.spans(), key=lambda span: str(span["name"]))
        assert request["name"] == "chat gpt-4o" and request["kind"] == 3
        assert request["traceId"] == PARENT[3:35] == below["traceId"]
        assert request["parentSpanId"] == PARENT[36:52] and request["traceState"] == "vendor=1"
        assert below["name"] == "headroom.compress" and below["parentSpanId"] == request["spanId"]
        told = attributes(request)
        assert told["gen_ai.provider.name"] == "openai" and told["gen_ai.operation.name"] == "chat"
        assert told["server.address"] == "127.0.0.1" and told["http.response.status_code"] == "200"
        assert int(told["headroom.tokens.before"]) > int(told["headroom.tokens.after"]) > 0
        assert [event["name"] for event in request["events"]] == ["headroom.request_sent", "headroom.first_byte"]
        (saved,) = collector.points("headroom.tokens.saved")
        expected = int(told["headroom.tokens.before"]) - int(told["headroom.tokens.after"])
        assert saved["asInt"] == str(expected)
        path, headers, body = collector.got[0]
        assert headers["x-collector-key"] == "k 1"
        resource = attributes(body["resourceSpans" if path == "/v1/traces" else "resourceMetrics"][0]["resource"])
        assert resource["service.name"] == "our-proxy" and resource["deployment.environment.name"] == "test"
        wait_for(lambda: figure(proxy, "headroom_otlp_spans_sent_total") == 2, "both counted")
        assert figure(proxy, "headroom_otlp_spans_dropped_total") == 0
        before = len(collector.spans())
        assert ask(proxy, {"traceparent": PARENT[:-2] + "00"}) == 200  # the client does not want it told
        wait_for(lambda: collector.points("headroom.requests")[0]["asInt"] == "2", "the second one counted")
        assert len(collector.spans()) == before
    everything = json.dumps([body for _, _, body in collector.got])
    assert SECRET not in everything and "running" not in everything, "content or keys went to the collector"
    check_by_schema(collector)


def check_off(check: Check) -> None:
    collector = Collector()
    flags = ("--otlp-endpoint", collector.url)
    with check.proxy(*flags, env={**FAST, "OTEL_SDK_DISABLED": "true"}) as proxy:
        assert ask(proxy) == 200
    with check.proxy(env=FAST) as proxy:
        assert ask(proxy) == 200
        assert b"headroom_otlp" not in proxy.call("GET", "/metrics")[1]
    assert not collector.got
    with check.proxy(env={"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4317"}) as proxy:
        assert ask(proxy) == 200, "a variable that is meant for others stops nobody"
    assert "OpenTelemetry: nothing is sent" in proxy.text


def check_flush(check: Check) -> None:
    collector = Collector()
    with check.proxy(env={"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}) as proxy:
        assert ask(proxy) == 200
        assert not collector.got, "it is not time yet"
    assert len(collector.spans()) == 2 and collector.points("headroom.requests")[0]["asInt"] == "1"
    hanging = Collector()
    hanging.hangs = True
    with check.proxy(env={"OTEL_EXPORTER_OTLP_ENDPOINT": hanging.url}) as proxy:
        assert ask(proxy) == 200
        start = time.monotonic()
        proxy.process.terminate()
        assert proxy.process.wait(timeout=30) == 0
        assert time.monotonic() - start < 20, "the end waits for a collector that hangs"
    hanging.hangs = False


def check_trouble(check: Check) -> None:
    """A collector that is away, slow or refuses costs no request anything but what it is told."""
    collector = Collector()
    collector.statuses, collector.retry_after = [503, 200], "1"
    with check.proxy("--otlp-endpoint", collector.url, env={**FAST, "OTEL_METRICS_EXPORTER": "none"}) as proxy:
        assert ask(proxy) == 200
        wait_for(lambda: figure(proxy, "headroom_otlp_spans_sent_total") == 2, "sent again")
        first, second = collector.bodies("/v1/traces")
        assert first == second
        collector.statuses = [403]
        assert ask(proxy) == 200
        wait_for(lambda: figure(proxy, "headroom_otlp_spans_dropped_total") == 2, "dropped")
    assert "it answers 503" in proxy.text and "takes traces again" in proxy.text and "answers 403" in proxy.text

    hanging = Collector()
    hanging.hangs = True
    queue = {"OTEL_BSP_MAX_QUEUE_SIZE": "4", "OTEL_EXPORTER_OTLP_TIMEOUT": "600000"}
    with check.proxy("--otlp-endpoint", hanging.url, env={**FAST, **queue}) as proxy:
        assert {ask(proxy) for _ in range(12)} == {200}
        assert figure(proxy, "headroom_otlp_spans_dropped_total") >= 8
    hanging.hangs = False

    with check.proxy("--otlp-endpoint", "http://127.0.0.1:9", env=FAST) as proxy:
        assert ask(proxy) == 200
        wait_for(lambda: figure(proxy, "headroom_otlp_failures_total") > 0, "a failure counted")
    assert "cannot reach 127.0.0.1:9" in proxy.text


CHECKS: dict[str, Callable[[Check], None]] = {
    "otlp-endpoint": check_otlp_endpoint,
    "off": check_off,
    "flush": check_flush,
    "trouble": check_trouble,
}

if __name__ == "__main__":
    sys.exit(main(CHECKS, __doc__))
