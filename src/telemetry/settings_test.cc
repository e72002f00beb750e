#include "telemetry/settings.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::telemetry {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

Settings read(std::string_view endpoint, std::map<std::string, std::string, std::less<>> variables = {}) {
  return read_settings(endpoint, [&](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(TelemetrySettingsTest, OffWithoutAnAddress) {
  EXPECT_FALSE(read("").enabled());
  EXPECT_FALSE(read("", {{"OTEL_SERVICE_NAME", "x"}}).enabled());
  EXPECT_FALSE(read("http://c:4318", {{"OTEL_SDK_DISABLED", "TRUE"}}).enabled());
  EXPECT_TRUE(read("http://c:4318", {{"OTEL_SDK_DISABLED", "1"}}).enabled()) << "only \"true\" counts";
}

TEST(TelemetrySettingsTest, OneAddressForBoth) {
  const Settings settings = read("http://c:4318/base//");
  EXPECT_EQ(settings.traces.url, "http://c:4318/base/v1/traces");
  EXPECT_EQ(settings.metrics.url, "http://c:4318/base/v1/metrics");
  EXPECT_THAT(settings.resource, ElementsAre(Pair("service.name", "headroom")));
  EXPECT_FALSE(settings.delta);
  EXPECT_THAT(settings.notes, IsEmpty());
}

TEST(TelemetrySettingsTest, AnAddressOfOneSignalIsTakenAsItIs) {
  const Settings settings = read("", {{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://t.example/in"}});
  EXPECT_EQ(settings.traces.url, "https://t.example/in");
  EXPECT_EQ(settings.metrics.url, "");
  EXPECT_EQ(read("http://c", {{"OTEL_METRICS_EXPORTER", "none"}}).metrics.url, "");
}

TEST(TelemetrySettingsTest, HeadersAndTimeouts) {
  const Settings settings =
      read("http://c", {{"OTEL_EXPORTER_OTLP_HEADERS", " api-key = a%20b , x=1=2,broken, bad name=1"},
                        {"OTEL_EXPORTER_OTLP_METRICS_HEADERS", "m=2%0D%0AEvil: 1,n=%zz"},
                        {"OTEL_EXPORTER_OTLP_TIMEOUT", "1500"},
                        {"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "99"}});
  EXPECT_THAT(settings.traces.headers, ElementsAre(Pair("api-key", "a b"), Pair("x", "1=2")));
  EXPECT_THAT(settings.metrics.headers, ElementsAre(Pair("n", "%zz"))) << "no line may be begun by a value";
  EXPECT_THAT(settings.notes, ElementsAre(HasSubstr("HEADERS"), HasSubstr("HEADERS")));
  EXPECT_EQ(settings.traces.timeout.count(), 99);
  EXPECT_EQ(settings.metrics.timeout.count(), 1500);
}

TEST(TelemetrySettingsTest, TheResource) {
  const auto resource = [](std::map<std::string, std::string, std::less<>> variables) {
    return read("http://c", std::move(variables)).resource;
  };
  EXPECT_THAT(resource({{"OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test,service.name=a%2Cb"}}),
              ElementsAre(Pair("service.name", "a,b"), Pair("deployment.environment.name", "test")));
  EXPECT_THAT(resource({{"OTEL_RESOURCE_ATTRIBUTES", "service.name=a"}, {"OTEL_SERVICE_NAME", "b"}}),
              ElementsAre(Pair("service.name", "b")));
}

TEST(TelemetrySettingsTest, Pace) {
  const Settings settings = read("http://c", {{"OTEL_BSP_SCHEDULE_DELAY", "10"},
                                              {"OTEL_BSP_MAX_QUEUE_SIZE", "7"},
                                              {"OTEL_METRIC_EXPORT_INTERVAL", "20"},
                                              {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "Delta"},
                                              {"OTEL_TRACES_SAMPLER", "parentbased_traceidratio"},
                                              {"OTEL_TRACES_SAMPLER_ARG", "0.25"}});
  EXPECT_EQ(settings.span_delay.count(), 10);
  EXPECT_EQ(settings.max_queue, 7U);
  EXPECT_EQ(settings.max_batch, 7U) << "never more than there is room for";
  EXPECT_EQ(settings.metric_interval.count(), 20);
  EXPECT_TRUE(settings.delta);
  EXPECT_EQ(settings.sampler.ratio, 0.25);
}

TEST(TelemetrySettingsTest, WhatCannotBeReadIsNotedAndDoesNotCount) {
  const Settings settings = read("http://c", {{"OTEL_BSP_SCHEDULE_DELAY", "soon"}, {"OTEL_TRACES_SAMPLER", "xray"}});
  EXPECT_THAT(settings.notes, ElementsAre(HasSubstr("OTEL_TRACES_SAMPLER"), HasSubstr("OTEL_BSP_SCHEDULE_DELAY")));
  EXPECT_EQ(settings.span_delay.count(), 5000);
}

TEST(TelemetrySettingsTest, AnAddressForGrpcIsNotSpokenTo) {
  const Settings settings = read(
      "http://c:4317", {{"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"}, {"OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json"}});
  EXPECT_EQ(settings.traces.url, "");
  EXPECT_NE(settings.metrics.url, "");
  EXPECT_THAT(settings.notes, ElementsAre(HasSubstr("no traces are sent")));
}

}  // namespace
}  // namespace headroom::telemetry
