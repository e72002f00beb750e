#include "telemetry/settings.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::telemetry {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string decode_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    out += escape ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

/// "key1=value1,key2=value2"; what has no key is left out.
TextPairs read_pairs(std::string_view list) {
  TextPairs pairs;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view part = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = base::trim(part.substr(0, equals));
    if (!key.empty()) pairs.emplace_back(key, decode_percent(base::trim(part.substr(equals + 1))));
  }
  return pairs;
}

bool is_header(const std::pair<std::string, std::string>& header) {
  const auto is_token = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").contains(c);
  };
  return std::ranges::all_of(header.first, is_token) &&
         std::ranges::none_of(header.second, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

class Reader {
 public:
  Reader(const config::Environment& environment, Settings& settings) : environment_(environment), settings_(settings) {}

  std::string text(std::string_view name) const { return environment_(name).value_or(""); }
  /// Of one signal, else of all.
  std::string text_for(std::string_view signal, std::string_view name) const {
    std::string value = text(fmt::format("OTEL_EXPORTER_OTLP_{}_{}", signal, name));
    return value.empty() ? text(fmt::format("OTEL_EXPORTER_OTLP_{}", name)) : value;
  }
  template <typename T>
  void number(std::string_view name, std::int64_t least, T& value) {
    const std::string given = text(name);
    if (given.empty()) return;
    std::int64_t read = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), read);
    if (error != std::errc() || end != given.data() + given.size() || read < least || read > kMost) {
      return note(fmt::format("{} is no number from {} to {}", name, least, kMost));
    }
    value = T(read);
  }
  void note(std::string text) { settings_.notes.push_back(std::move(text)); }

  void read_signal(std::string_view name, std::string_view path, std::string_view endpoint, Signal& signal) {
    if (text(fmt::format("OTEL_{}_EXPORTER", name)) == "none") return;
    std::string url = text(fmt::format("OTEL_EXPORTER_OTLP_{}_ENDPOINT", name));
    if (url.empty() && !endpoint.empty()) {
      url = std::string(endpoint.substr(0, endpoint.find_last_not_of('/') + 1)) + std::string(path);
    }
    if (url.empty()) return;
    if (text_for(name, "PROTOCOL") == "grpc") {
      return note(
          fmt::format("no {} are sent: OTLP is spoken over HTTP here (http/json), the environment asks for grpc",
                      name == "TRACES" ? "traces" : "metrics"));
    }
    signal.headers = read_pairs(text_for(name, "HEADERS"));
    if (std::erase_if(signal.headers, [](const auto& header) { return !is_header(header); }) > 0) {
      note("OTEL_EXPORTER_OTLP_HEADERS holds something that cannot be a header; it is left out");
    }
    signal.ca_file = text_for(name, "CERTIFICATE");
    signal.client_cert = text_for(name, "CLIENT_CERTIFICATE");
    signal.client_key = text_for(name, "CLIENT_KEY");
    number("OTEL_EXPORTER_OTLP_TIMEOUT", 1, signal.timeout);
    number(fmt::format("OTEL_EXPORTER_OTLP_{}_TIMEOUT", name), 1, signal.timeout);
    signal.url = std::move(url);
  }

  void read_resource() {
    TextPairs& all = settings_.resource;
    all = read_pairs(text("OTEL_RESOURCE_ATTRIBUTES"));
    const auto is_name = [](const auto& pair) { return pair.first == "service.name"; };
    std::string name = text("OTEL_SERVICE_NAME");
    if (name.empty()) {
      const auto given = std::ranges::find_if(all, is_name);
      name = given == all.end() ? "headroom" : given->second;
    }
    std::erase_if(all, is_name);
    all.emplace(all.begin(), "service.name", std::move(name));
  }

  void read_sampler() {
    const std::string name = text("OTEL_TRACES_SAMPLER");
    if (name.empty()) return;
    if (const auto sampler = make_sampler(name, text("OTEL_TRACES_SAMPLER_ARG"))) {
      settings_.sampler = *sampler;
    } else {
      note("OTEL_TRACES_SAMPLER or its argument is not known here; the parent decides (parentbased_always_on)");
    }
  }

 private:
  static constexpr std::int64_t kMost = 86'400'000;

  const config::Environment& environment_;
  Settings& settings_;
};

}  // namespace

Settings read_settings(std::string_view endpoint, const config::Environment& environment) {
  Settings settings;
  Reader reader(environment, settings);
  if (base::equals_ci(reader.text("OTEL_SDK_DISABLED"), "true")) return settings;
  reader.read_signal("TRACES", "/v1/traces", endpoint, settings.traces);
  reader.read_signal("METRICS", "/v1/metrics", endpoint, settings.metrics);
  if (!settings.enabled()) return settings;
  reader.read_resource();
  reader.read_sampler();
  reader.number("OTEL_BSP_SCHEDULE_DELAY", 1, settings.span_delay);
  reader.number("OTEL_BSP_MAX_QUEUE_SIZE", 1, settings.max_queue);
  reader.number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 1, settings.max_batch);
  reader.number("OTEL_METRIC_EXPORT_INTERVAL", 1, settings.metric_interval);
  settings.max_batch = std::min(settings.max_batch, settings.max_queue);
  const std::string preference = reader.text("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE");
  settings.delta = base::equals_ci(preference, "delta") || base::equals_ci(preference, "lowmemory");
  return settings;
}

}  // namespace headroom::telemetry
