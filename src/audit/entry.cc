#include "audit/entry.h"

#include <chrono>

#include <fmt/format.h>

#include "base/json_writer.h"

namespace headroom::audit {
namespace {

void write(base::JsonWriter& json, std::string_view name, const Passed& passed) {
  if (passed.bytes == 0 && passed.sha256.empty()) return;
  json.key(name).begin_object().member("bytes", passed.bytes);
  if (!passed.sha256.empty()) json.member("sha256", passed.sha256);
  json.end_object();
}

void write(base::JsonWriter& json, const Decision& decision) {
  json.begin_object();
  json.member("tool", decision.tool).member("type", decision.type);
  if (!decision.strategy.empty()) json.member("strategy", decision.strategy);
  if (!decision.reason.empty()) json.member("reason", decision.reason);
  json.member("tokens_before", decision.tokens_before).member("tokens_after", decision.tokens_after);
  if (!decision.ids.empty()) {
    json.key("originals").begin_array();
    for (const std::string& id : decision.ids) json.value(id);
    json.end_array();
  }
  json.end_object();
}

void write_known(base::JsonWriter& json, std::string_view name, const std::string& text) {
  if (!text.empty()) json.member(name, text);
}

}  // namespace

std::string time_text(std::int64_t time_ms) {
  using std::chrono::days;
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(time_ms)};
  const auto day = floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::int64_t ms = (time - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), ms / 3'600'000,
                     ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

std::string members(const Entry& entry) {
  base::JsonWriter json;
  json.begin_object();
  json.member("time", time_text(entry.time_ms)).member("kind", "request").member("peer", entry.peer);
  write_known(json, "address", entry.address);
  write_known(json, "caller", entry.caller);
  write_known(json, "project", entry.project);
  write_known(json, "session", entry.session);
  json.member("method", entry.method).member("path", entry.path);
  write_known(json, "upstream", entry.upstream);
  write_known(json, "api", entry.api);
  write_known(json, "model", entry.model);
  json.member("status", entry.status);
  write_known(json, "note", entry.note);
  write(json, "received", entry.received);
  write(json, "sent", entry.sent);
  write(json, "answer", entry.answer);
  if (entry.tokens_before > 0) {
    json.member("tokens_before", entry.tokens_before).member("tokens_after", entry.tokens_after);
  }
  if (entry.billed_input >= 0) json.member("billed_input", entry.billed_input);
  if (entry.billed_cached >= 0) json.member("billed_cached", entry.billed_cached);
  if (entry.billed_output >= 0) json.member("billed_output", entry.billed_output);
  json.member("total_us", entry.total_us);
  if (!entry.decisions.empty()) {
    json.key("decisions").begin_array();
    for (const Decision& decision : entry.decisions) write(json, decision);
    json.end_array();
  }
  write_known(json, "received_content", entry.received_content);
  write_known(json, "sent_content", entry.sent_content);
  json.end_object();
  const std::string& text = json.text();
  return text.substr(1, text.size() - 2);
}

}  // namespace headroom::audit
