#include <fmt/format.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "proxy/status_api.h"
#include "proxy/version.h"

namespace headroom::proxy {
namespace {

void write_identity(base::JsonWriter& json, const Services& services, const ServerState& state,
                    std::string_view status) {
  json.member("service", "headroom-proxy").member("status", status);
  json.member("version", kVersion).member("timestamp_ms", services.clock.now_ms());
  json.member("uptime_seconds", static_cast<double>(services.clock.monotonic_ns() - state.started_ns) / 1e9);
}

void write_config(base::JsonWriter& json, const config::Options& options) {
  json.key("config").begin_object();
  json.member("host", options.host).member("port", options.port);
  json.member("anthropic_api_url", options.anthropic_api_url).member("openai_api_url", options.openai_api_url);
  json.member("gemini_api_url", options.gemini_api_url).member("cloudcode_api_url", options.cloudcode_api_url);
  json.member("vertex_api_url", options.vertex_api_url).member("bedrock_api_url", options.bedrock_api_url);
  json.member("chatgpt_api_url", options.chatgpt_api_url);
  json.member("optimize", options.optimize).member("lossless", options.lossless).member("no_ccr", options.no_ccr);
  json.member("stateless", options.stateless).member("min_tokens", options.min_tokens);
  json.member("target_tokens", options.target_tokens).member("time_budget_ms", options.time_budget_ms);
  json.member("ccr_ttl_seconds", options.ccr_ttl_seconds).member("max_body_mb", options.max_body_mb);
  json.member("pid", static_cast<std::int64_t>(::getpid())).end_object();
}

// The readiness report.
Reply readiness(const Services& services, const ServerState& state, const HealthDetails* details) {
  const auto stored = services.store != nullptr ? services.store->stats() : store::StoreStats{};
  const bool ready = !state.draining && stored.has_value();
  base::JsonWriter json;
  json.begin_object();
  write_identity(json, services, state, ready ? "healthy" : "unhealthy");
  json.member("ready", ready).key("checks").begin_object();
  json.key("server").begin_object();
  json.member("ready", !state.draining).member("status", state.draining ? "draining" : "serving").end_object();
  json.key("store").begin_object();
  json.member("enabled", services.store != nullptr).member("ready", stored.has_value());
  if (!stored) json.member("error", stored.error().message);
  if (stored && services.store != nullptr) json.member("backend", stored->backend);
  json.end_object().end_object();
  if (details != nullptr) {
    const bool asked = services.prove && !details->challenge.empty();
    const auto proof = asked ? services.prove(details->challenge, details->port) : std::nullopt;
    if (proof) json.member("proof", *proof);
    write_config(json, details->options);
  }
  json.end_object();
  return {ready ? 200 : 503, "application/json", std::move(json).take()};
}

}  // namespace

Reply live_api(const Services& services, const ServerState& state) {
  base::JsonWriter json;
  json.begin_object();
  write_identity(json, services, state, "healthy");
  json.member("alive", true).end_object();
  return {200, "application/json", std::move(json).take()};
}

Reply ready_api(const Services& services, const ServerState& state) {
  return readiness(services, state, nullptr);
}

Reply probe_api(std::string_view api, const UpstreamUrl& upstream) {
  base::JsonWriter json;
  json.begin_object().member("service", "headroom-proxy").member("version", kVersion).member("probe", true);
  json.member("compressed", !api.empty()).member("api", api);
  json.member("upstream",
              fmt::format("{}://{}{}", upstream.tls ? "https" : "http", upstream.authority, upstream.base_path));
  json.end_object();
  return {200, "application/json", std::move(json).take()};
}

Reply health_api(const Services& services, const ServerState& state, const HealthDetails* details) {
  Reply reply = readiness(services, state, details);
  reply.status = 200;
  return reply;
}

}  // namespace headroom::proxy
