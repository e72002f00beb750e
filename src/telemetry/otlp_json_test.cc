#include "telemetry/otlp_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::telemetry {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kStart = 1'700'000'000'000'000'000;

/// 1, 2, 3, ...
RandomBytes counting() {
  return [next = std::make_shared<unsigned char>(0)](std::span<unsigned char> bytes) {
    for (unsigned char& byte : bytes) byte = ++*next;
  };
}

ModelCall retrieving_call() {
  ModelCall call;
  call.provider = "anthropic";
  call.model = "claude-\"x\"";
  call.server = "api.anthropic.com";
  call.port = 443;
  call.start_ns = kStart;
  call.compress_begin_ns = 1000;
  call.compress_end_ns = 3000;
  call.sent_ns = 4000;
  call.first_byte_ns = 250'000'000;
  call.total_ns = 1'500'000'000;
  call.stream = true;
  call.status = 200;
  call.tokens_before = 900;
  call.tokens_after = 400;
  call.strategies = "json,log";
  call.billed_input = 420;
  call.billed_cached = 300;
  call.billed_output = 17;
  call.retrievals.push_back({300'000'000, 700'000'000, 2, 1, 55, true, true});
  return call;
}

TEST(OtlpJsonTest, ASpanForTheRequestAndTwoBelowIt) {
  const auto context = read_trace_context("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1");
  const std::vector<Span> spans = make_spans(retrieving_call(), *context, counting());
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(
      spans_json({{{"service.name", "headroom"}}, "1.2.3"}, spans),
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"headroom"}}]},)"
      R"("scopeSpans":[{"scope":{"name":"headroom","version":"1.2.3"},"spans":[)"
      R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"0102030405060708","parentSpanId":"b7ad6b7169203331",)"
      R"("traceState":"a=1","flags":769,"name":"chat claude-\"x\"","kind":3,"startTimeUnixNano":"1700000000000000000",)"
      R"("endTimeUnixNano":"1700000001500000000","attributes":[)"
      R"({"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},)"
      R"({"key":"gen_ai.provider.name","value":{"stringValue":"anthropic"}},)"
      R"({"key":"gen_ai.request.model","value":{"stringValue":"claude-\"x\""}},)"
      R"({"key":"server.address","value":{"stringValue":"api.anthropic.com"}},)"
      R"({"key":"server.port","value":{"intValue":"443"}},)"
      R"({"key":"gen_ai.request.stream","value":{"boolValue":true}},)"
      R"({"key":"http.response.status_code","value":{"intValue":"200"}},)"
      R"({"key":"gen_ai.usage.input_tokens","value":{"intValue":"420"}},)"
      R"({"key":"gen_ai.usage.output_tokens","value":{"intValue":"17"}},)"
      R"({"key":"gen_ai.usage.cache_read.input_tokens","value":{"intValue":"300"}},)"
      R"({"key":"headroom.tokens.before","value":{"intValue":"900"}},)"
      R"({"key":"headroom.tokens.after","value":{"intValue":"400"}},)"
      R"({"key":"gen_ai.response.time_to_first_chunk","value":{"doubleValue":0.25}}],)"
      R"("events":[{"timeUnixNano":"1700000000000004000","name":"headroom.request_sent"},)"
      R"({"timeUnixNano":"1700000000250000000","name":"headroom.first_byte"}]},)"
      R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"090a0b0c0d0e0f10","parentSpanId":"0102030405060708",)"
      R"("traceState":"a=1","flags":257,"name":"headroom.compress","kind":1,"startTimeUnixNano":"1700000000000001000",)"
      R"("endTimeUnixNano":"1700000000000003000","attributes":[)"
      R"({"key":"headroom.tokens.before","value":{"intValue":"900"}},)"
      R"({"key":"headroom.tokens.after","value":{"intValue":"400"}},)"
      R"({"key":"headroom.strategies","value":{"arrayValue":{"values":[{"stringValue":"json"},{"stringValue":"log"}]}}}]},)"
      R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"1112131415161718","parentSpanId":"0102030405060708",)"
      R"("traceState":"a=1","flags":257,"name":"headroom.retrieve","kind":1,"startTimeUnixNano":"1700000000300000000",)"
      R"("endTimeUnixNano":"1700000000700000000","attributes":[)"
      R"({"key":"headroom.retrieval.calls","value":{"intValue":"2"}},)"
      R"({"key":"headroom.retrieval.hits","value":{"intValue":"1"}},)"
      R"({"key":"headroom.retrieval.tokens","value":{"intValue":"55"}}],"status":{"code":2}}]}]}]})");
}

TEST(OtlpJsonTest, ATraceThatBeginsHereHasNoParent) {
  TraceContext context;
  context.trace.fill(7);
  ModelCall call;
  call.status = 529;
  const std::string json = spans_json({}, make_spans(call, context, counting()));
  EXPECT_THAT(json, Not(HasSubstr("parentSpanId")));
  EXPECT_THAT(json, HasSubstr(R"("flags":257,"name":"chat","kind":3)"));
  EXPECT_THAT(json, HasSubstr(R"({"key":"error.type","value":{"stringValue":"529"}})"));
  EXPECT_THAT(json, HasSubstr(R"("status":{"code":2})"));
}

TEST(OtlpJsonTest, PointsOfCountersAndHistograms) {
  MetricSums sums;
  sums.add(retrieving_call());
  ModelCall second = retrieving_call();
  second.total_ns = 100'000'000'000;  // beyond the last bound
  sums.add(second);
  const std::string json = metrics_json({{{"service.name", "headroom"}}, "1"}, sums, false, kStart, kStart + 5);
  const std::string attributes = R"({"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},)"
                                 R"({"key":"gen_ai.provider.name","value":{"stringValue":"anthropic"}},)"
                                 R"({"key":"gen_ai.request.model","value":{"stringValue":"claude-\"x\""}},)"
                                 R"({"key":"server.address","value":{"stringValue":"api.anthropic.com"}},)"
                                 R"({"key":"server.port","value":{"intValue":"443"}})";
  const std::string times = R"("startTimeUnixNano":"1700000000000000000","timeUnixNano":"1700000000000000005",)";
  EXPECT_THAT(json, HasSubstr(R"({"name":"gen_ai.client.inference.duration","unit":"s","description":)"
                              R"("From the request's head to the end of its answer.","histogram":)"
                              R"({"aggregationTemporality":2,"dataPoints":[{"attributes":[)" +
                              attributes + "]," + times +
                              R"("count":"2","sum":101.5,"min":1.5,"max":100,"bucketCounts":)"
                              R"(["0","0","0","0","0","0","0","0","1","0","0","0","0","0","1"],"explicitBounds":)"
                              R"([0.01,0.02,0.04,0.08,0.16,0.32,0.64,1.28,2.56,5.12,10.24,20.48,40.96,81.92]}]}})"));
  EXPECT_THAT(json, HasSubstr(R"({"name":"headroom.tokens.saved","unit":"{token}","description":"The difference.",)"
                              R"("sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"attributes":[)" +
                              attributes + "]," + times + R"("asInt":"1000"}]}})"));
  EXPECT_THAT(json, HasSubstr(attributes + R"(,{"key":"gen_ai.token.modality","value":{"stringValue":"unknown"}}],)" +
                              times + R"("asInt":"840"})"));
  EXPECT_THAT(json, Not(HasSubstr("cache_write"))) << "nothing was said of it";
  EXPECT_THAT(metrics_json({}, sums, true, kStart, kStart + 5), HasSubstr(R"("aggregationTemporality":1)"));
}

TEST(OtlpJsonTest, ABucketReachesUpToItsBound) {
  MetricSums sums;
  ModelCall call;
  call.total_ns = 10'000'000;
  sums.add(call);
  const Point& point = sums.series().begin()->second.points[0];
  EXPECT_EQ(point.buckets.front(), 1U);
}

TEST(OtlpJsonTest, SeriesBeyondManyAreOne) {
  MetricSums sums;
  for (std::size_t i = 0; i < MetricSums::kMaxSeries + 50; ++i) {
    ModelCall call;
    call.model = std::to_string(i);
    sums.add(call);
  }
  EXPECT_EQ(sums.series().size(), MetricSums::kMaxSeries + 1);
  EXPECT_EQ(sums.series().at("").points[static_cast<std::size_t>(Metric::kRequests)].sum, 50);
  EXPECT_THAT(metrics_json({}, sums, false, 0, 1),
              HasSubstr(R"([{"key":"otel.metric.overflow","value":{"boolValue":true}}])"));
}

TEST(OtlpJsonTest, WhatTheCollectorLeavesOut) {
  const Rejected some = read_answer(R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}})");
  EXPECT_EQ(some.items, 3U);
  EXPECT_EQ(some.why, "too old");
  EXPECT_EQ(read_answer(R"({"partialSuccess":{"rejectedDataPoints":2}})").items, 2U);
  for (const std::string_view none :
       {"", "{}", "[]", "{\"partialSuccess\":null}", "no json", "{\"partialSuccess\":{}}"}) {
    EXPECT_EQ(read_answer(none).items, 0U) << none;
  }
}

}  // namespace
}  // namespace headroom::telemetry
