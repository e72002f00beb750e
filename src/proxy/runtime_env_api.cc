#include "proxy/runtime_env_api.h"

#include <string>

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/json_writer.h"
#include "config/live_options.h"

namespace headroom::proxy {
namespace {

constexpr std::size_t kMaxBody = 64 * 1024;

Reply invalid(std::string_view message) {
  return api_error(400, "invalid_request", message);
}

std::string known_names() {
  std::string names;
  for (const config::OptionSpec* spec : config::live_options()) {
    if (!names.empty()) names += ", ";
    names += spec->env.front();
  }
  return names;
}

Reply report(LiveSettings& settings, const LiveSettings::Changes& changes) {
  const auto now = settings.get();
  base::JsonWriter json;
  json.begin_object().key("applied").begin_object();
  for (const auto& [spec, text] : changes) json.member(spec->env.front(), config::option_text(*spec, now->options));
  json.end_object().key("runtime_env").begin_object();
  for (const config::OptionSpec* spec : config::live_options()) {
    json.member(spec->env.front(), config::option_text(*spec, now->options));
  }
  json.end_object().member("rollout", "requests to come; those under way end with what they began with").end_object();
  return {200, "application/json", std::move(json).take()};
}

}  // namespace

Reply runtime_env_api(LiveSettings& settings, std::string_view method, std::string_view body) {
  if (method != "POST") return report(settings, {});
  if (!settings.can_change()) return api_error(409, "conflict", "the settings of this proxy cannot change");
  if (body.size() > kMaxBody) return api_error(413, "request_too_large", "the body is larger than 64 KiB");
  const auto doc = base::JsonDocument::parse(body);
  if (!doc) return invalid("the body is not JSON: " + doc.error().message);
  if (doc->root().kind != base::JsonKind::kObject) return invalid("the body must be an object of names and values");
  LiveSettings::Changes changes;
  for (const base::JsonNode& member : doc->children(doc->root())) {
    const config::OptionSpec* spec = config::find_live_option(member.key);
    if (spec == nullptr) {
      return invalid(fmt::format("{} cannot change while the proxy runs; these can: {}", member.key, known_names()));
    }
    switch (member.kind) {
      case base::JsonKind::kNull:
        changes.emplace_back(spec, std::nullopt);
        break;
      case base::JsonKind::kString:
        changes.emplace_back(spec, std::string(member.text));
        break;
      case base::JsonKind::kObject:
      case base::JsonKind::kArray:
        return invalid(fmt::format("the value of {} must be text, a number, true, false or null", member.key));
      default:
        changes.emplace_back(spec, std::string(member.raw));
    }
  }
  if (auto changed = settings.change(changes); !changed) return invalid(changed.error().message);
  return report(settings, changes);
}

}  // namespace headroom::proxy
