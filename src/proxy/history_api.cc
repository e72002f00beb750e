#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>
#include <map>
#include <string>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "proxy/query_string.h"
#include "proxy/status_api.h"

namespace headroom::proxy {
namespace {

// The newest rows make the series; what is older is in the lifetime's sums only.
constexpr std::size_t kMostRows = 20'000;
constexpr std::size_t kMostHistory = 500;

enum class Period { kHour, kDay, kWeek, kMonth };
constexpr std::array<std::pair<std::string_view, Period>, 4> kPeriods{
    {{"hourly", Period::kHour}, {"daily", Period::kDay}, {"weekly", Period::kWeek}, {"monthly", Period::kMonth}}};

struct Sums {
  std::int64_t requests = 0, before = 0, after = 0;

  void add(const store::LedgerRow& row) {
    ++requests;
    before += row.tokens_before;
    after += row.tokens_after;
  }
};
using Series = std::map<std::int64_t, Sums>;  // by the seconds at which a period begins

/// In UTC; weeks begin on Monday.
std::int64_t begin_of(Period period, std::int64_t seconds) {
  constexpr std::int64_t kHour = 3600, kDay = 24 * kHour;
  if (period == Period::kHour) return seconds - seconds % kHour;
  const std::int64_t day = seconds - seconds % kDay;
  if (period == Period::kDay) return day;
  const std::time_t time = day;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  if (period == Period::kWeek) return day - (parts.tm_wday + 6) % 7 * kDay;
  return day - (parts.tm_mday - 1) * kDay;
}

std::string iso(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

Series series_of(const std::vector<store::LedgerRow>& rows, Period period) {
  Series series;
  for (const store::LedgerRow& row : rows) series[begin_of(period, row.time_ms / 1000)].add(row);
  return series;
}

void write_sums(base::JsonWriter& json, const Sums& sums) {
  json.member("requests", sums.requests).member("tokens_before", sums.before).member("tokens_after", sums.after);
  json.member("tokens_saved", sums.before - sums.after);
}

void write_series(base::JsonWriter& json, const Series& series) {
  json.begin_array();
  for (const auto& [begin, sums] : series) {
    json.begin_object().member("timestamp", iso(begin));
    write_sums(json, sums);
    json.end_object();
  }
  json.end_array();
}

void write_groups(base::JsonWriter& json, std::string_view name, const std::vector<store::LedgerGroup>& groups) {
  json.key(name).begin_object();
  for (const store::LedgerGroup& group : groups) {
    json.key(group.key).begin_object();
    write_sums(json, {group.requests, group.tokens_before, group.tokens_after});
    json.end_object();
  }
  json.end_object();
}

std::string csv_of(const Series& series) {
  std::string text = "timestamp,requests,tokens_before,tokens_after,tokens_saved\n";
  for (const auto& [begin, sums] : series) {
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{}\n", iso(begin), sums.requests, sums.before, sums.after,
                   sums.before - sums.after);
  }
  return text;
}

/// What was saved up to each request, oldest first; every n-th where there are many.
void write_history(base::JsonWriter& json, const std::vector<store::LedgerRow>& rows, std::int64_t before) {
  const std::size_t step = rows.size() / kMostHistory + 1;
  json.key("history").begin_array();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    before += rows[i].tokens_before - rows[i].tokens_after;
    if (i % step != 0 && i + 1 != rows.size()) continue;
    json.begin_object().member("timestamp", iso(rows[i].time_ms / 1000)).member("total_tokens_saved", before);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

Reply history_api(const Services& services, const ServerState& state, store::Scope scope, std::string_view query) {
  const std::string format = query_parameter(query, "format").value_or("json");
  const std::string wanted = query_parameter(query, "series").value_or("history");
  const auto named = std::ranges::find(kPeriods, wanted, [](const auto& period) { return period.first; });
  if ((format != "json" && format != "csv") || (named == kPeriods.end() && wanted != "history")) {
    return api_error(400, "invalid_request",
                     "format is json or csv, series is history, hourly, daily, weekly or monthly");
  }
  services.ledger.flush();
  auto rows = services.ledger.recent(kMostRows, scope);
  const auto lifetime = services.ledger.summary(0, scope);
  const auto session = services.ledger.summary(state.started_ms, scope);
  if (!rows || !lifetime || !session) return api_error(503, "unavailable", "the ledger cannot be read");
  std::ranges::reverse(*rows);
  if (format == "csv") {
    const Period period = named == kPeriods.end() ? Period::kHour : named->second;
    return {200, "text/csv; charset=utf-8", csv_of(series_of(*rows, period))};
  }
  std::int64_t in_rows = 0;
  for (const store::LedgerRow& row : *rows) in_rows += row.tokens_before - row.tokens_after;
  const std::int64_t saved = lifetime->tokens_before - lifetime->tokens_after;
  base::JsonWriter json;
  json.begin_object().member("schema_version", 1);
  json.member("generated_at", iso(services.clock.now_ms() / 1000));
  json.key("lifetime").begin_object();
  write_sums(json, {lifetime->requests, lifetime->tokens_before, lifetime->tokens_after});
  json.end_object().key("display_session").begin_object().member("started_at", iso(state.started_ms / 1000));
  write_sums(json, {session->requests, session->tokens_before, session->tokens_after});
  json.end_object();
  write_history(json, *rows, saved - in_rows);
  json.key("series").begin_object();
  for (const auto& [name, period] : kPeriods) {
    write_series(json.key(name), series_of(*rows, period));
  }
  json.end_object();
  write_groups(json, "projects", lifetime->by_project);
  write_groups(json, "by_model", lifetime->by_model);
  json.key("history_summary").begin_object().member("requests", static_cast<std::int64_t>(rows->size()));
  if (!rows->empty()) json.member("since", iso(rows->front().time_ms / 1000));
  json.member("complete", static_cast<std::int64_t>(rows->size()) == lifetime->requests).end_object();
  json.end_object();
  return {200, "application/json", std::move(json).take()};
}

}  // namespace headroom::proxy
