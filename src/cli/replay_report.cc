#include "cli/replay_report.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/table.h"

namespace headroom::cli {
namespace {

using replay::SessionResult;
using replay::Side;
using replay::Totals;

std::int64_t whole(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

std::string dollars(double amount) {
  return fmt::format("${:.{}f}", amount, amount < 1 ? 4 : 2);
}

double saved(double before, double after) {
  const double percent = before > 0 ? 100 * (before - after) / before : 0;
  return std::abs(percent) < 0.05 ? 0 : percent;  // no "-0.0"
}

std::uint64_t new_tokens(const Side& side) {
  return side.usage.uncached + side.usage.written + side.usage.written_long;
}

double hit_rate(const Side& side) {
  const std::uint64_t all = side.usage.input();
  return all == 0 ? 0 : 100.0 * static_cast<double>(side.usage.cached) / static_cast<double>(all);
}

std::size_t all_of(const std::map<std::string, std::size_t>& busts) {
  std::size_t sum = 0;
  for (const auto& [cause, count] : busts) sum += count;
  return sum;
}

std::string busts_text(const std::map<std::string, std::size_t>& busts) {
  if (busts.empty()) return "0";
  std::string causes;
  for (const auto& [cause, count] : busts) causes += fmt::format("{}{} {}", causes.empty() ? "" : ", ", count, cause);
  return fmt::format("{} ({})", all_of(busts), causes);
}

void write_side(base::JsonWriter& json, const Side& side) {
  json.member("input_tokens", side.usage.input())
      .member("new_tokens", new_tokens(side))
      .member("uncached_tokens", side.usage.uncached)
      .member("written_tokens", side.usage.written + side.usage.written_long)
      .member("cached_tokens", side.usage.cached)
      .member("output_tokens", side.usage.output)
      .member("cache_hit_percent", hit_rate(side))
      .member("too_short_for_cache", side.too_short);
  json.key("input_usd").raw(fmt::format("{:.6f}", side.input_usd));
  json.key("output_usd").raw(fmt::format("{:.6f}", side.output_usd));
  json.key("usd").raw(fmt::format("{:.6f}", side.usd()));
}

void write_busts(base::JsonWriter& json, const std::map<std::string, std::size_t>& busts) {
  json.key("busts").begin_object();
  for (const auto& [cause, count] : busts) json.member(cause, count);
  json.end_object();
}

void write_turns(base::JsonWriter& json, const Side& side) {
  json.key("usd_per_turn").begin_array();
  for (double usd : side.usd_per_turn) json.raw(fmt::format("{:.6f}", usd));
  json.end_array().key("busts").begin_array();
  for (const replay::Bust& bust : side.busts) {
    json.begin_object()
        .member("turn", bust.turn)
        .member("unit", bust.unit)
        .member("cause", replay::bust_cause_name(bust.cause))
        .member("lost_tokens", bust.lost_tokens)
        .end_object();
  }
  json.end_array();
}

/// Those that make up most of what was read, and the rest in one line.
std::string tools_text(const replay::ToolUses& tools, const Console& console) {
  constexpr std::size_t kShown = 8;
  std::vector<std::pair<std::string, replay::ToolUse>> order(tools.begin(), tools.end());
  std::ranges::stable_sort(order, std::ranges::greater{}, [](const auto& tool) { return tool.second.tokens_before; });
  for (std::size_t i = order.size(); i-- > kShown;) {
    replay::ToolUse& rest = order[kShown - 1].second;
    rest.results += order[i].second.results;
    rest.tokens_before += order[i].second.tokens_before;
    rest.tokens_after += order[i].second.tokens_after;
    order[kShown - 1].first = "others";
    order.pop_back();
  }
  Table table({{"tool"}, {"results", true}, {"tokens", true}, {"after", true}, {"saved", true}});
  for (const auto& [name, use] : order) {
    table.add({name, with_commas(whole(use.results)), with_commas(whole(use.tokens_before)),
               with_commas(whole(use.tokens_after)), saved_percent(whole(use.tokens_before), whole(use.tokens_after))});
  }
  if (table.empty()) return "";
  return "\n" + table.text([&](std::string_view line) { return console.paint(Colour::kBold, line); });
}

/// Why most of what was left as it is was left.
std::string untouched_text(const replay::Untouched& untouched) {
  constexpr std::size_t kShown = 4;
  std::vector<std::pair<std::string, std::uint64_t>> order(untouched.begin(), untouched.end());
  std::ranges::stable_sort(order, std::ranges::greater{}, [](const auto& reason) { return reason.second; });
  if (order.size() > kShown) order.resize(kShown);
  std::string out;
  for (const auto& [reason, tokens] : order) {
    out += fmt::format("{}{} ({})", out.empty() ? "  left as it is   " : ", ", with_commas(whole(tokens)), reason);
  }
  return out.empty() ? out : out + "\n";
}

std::string notes_text(const Totals& totals, const ReplayContext& context) {
  std::string out;
  const auto note = [&](const std::string& text) { out += "  " + text + "\n"; };
  if (totals.estimate) note("Tokens are estimates where a model's tokenizer is not public.");
  if (totals.prices_assumed) note("For models without a known price, $1 per million tokens of input is assumed.");
  if (totals.marks_assumed)
    note("Cache marks are not in these records; they are taken to stand where agents set them.");
  if (totals.unrecorded_tokens > 0) {
    note("What only the bill shows (tools, system prompt, reminders) is counted on both sides.");
  }
  if (context.cache == replay::CacheMode::kRecorded && totals.times_missing) {
    note(fmt::format("Where no time is recorded, requests are taken to come 10 seconds apart."));
  }
  if (totals.billed_sessions > 0 && context.model.empty() && context.cache == replay::CacheMode::kRecorded) {
    note(fmt::format("The provider's own counts are recorded in {}: they come to {}, the simulation of them to {}.",
                     counted(whole(totals.billed_sessions), "session"), dollars(totals.billed_usd),
                     dollars(totals.billed_simulated_usd)));
  }
  if (totals.failures > 0) {
    note(fmt::format("{} went through untouched because something broke.", counted(whole(totals.failures), "request")));
  }
  if (context.damaged_lines > 0) {
    note(fmt::format("{} could not be read.", counted(whole(context.damaged_lines), "line")));
  }
  return out;
}

}  // namespace

std::string_view cache_mode_name(replay::CacheMode mode) {
  switch (mode) {
    case replay::CacheMode::kWarm:
      return "warm";
    case replay::CacheMode::kNone:
      return "none";
    case replay::CacheMode::kRecorded:
      return "recorded";
  }
  return "unknown";
}

std::string replay_text(const std::vector<SessionResult>& results, const ReplayContext& context,
                        const Console& console) {
  const Totals totals = replay::total_of(results);
  const Side& raw = totals.passthrough;
  const Side& ours = totals.headroom;
  std::string out = fmt::format("{}, {}, {}, cache {}{}\n\n", console.paint(Colour::kBold, "Replay"),
                                counted(whole(totals.sessions), "session"), counted(whole(totals.turns), "request"),
                                cache_mode_name(context.cache), context.model.empty() ? "" : ", as " + context.model);
  Table table({{""}, {"passthrough", true}, {"Headroom", true}, {"saved", true}});
  const auto tokens = [&](std::string_view name, std::uint64_t before, std::uint64_t after) {
    table.add({std::string(name), with_commas(whole(before)), with_commas(whole(after)),
               saved_percent(whole(before), whole(after))});
  };
  const auto money = [&](std::string_view name, double before, double after) {
    table.add({std::string(name), dollars(before), dollars(after),
               before > 0 ? fmt::format("{:.1f}%", saved(before, after)) : "-"});
  };
  tokens("input tokens", raw.usage.input(), ours.usage.input());
  tokens("  new", new_tokens(raw), new_tokens(ours));
  tokens("  cached", raw.usage.cached, ours.usage.cached);
  table.add({"cache hit rate", fmt::format("{:.1f}%", hit_rate(raw)), fmt::format("{:.1f}%", hit_rate(ours)), ""});
  money("cost of input", raw.input_usd, ours.input_usd);
  if (raw.output_usd > 0) {
    money("cost of output", raw.output_usd, ours.output_usd);
    money("cost", raw.usd(), ours.usd());
  }
  out += table.text([&](std::string_view line) { return console.paint(Colour::kBold, line); });
  out += tools_text(totals.tools, console);
  out += fmt::format("\n  cache busts     {} without, {} with Headroom\n", busts_text(totals.passthrough_busts),
                     busts_text(totals.headroom_busts));
  out += untouched_text(totals.untouched);
  out += fmt::format("  originals       {} to keep, about {} to be asked for\n", with_commas(whole(totals.originals)),
                     counted(whole(totals.retrievals), "time"));
  if (totals.facts.all() > 0) {
    out +=
        fmt::format("  facts asked for {} in the text, {} in originals, {} lost; fetching them costs {}\n",
                    totals.facts.in_text, totals.facts.retrievable, totals.facts.lost, dollars(totals.retrieval_usd));
  }
  const double per_request =
      totals.turns == 0 ? 0 : static_cast<double>(totals.own_us) / 1000 / static_cast<double>(totals.turns);
  out += fmt::format("  our own time    {:.1f} ms a request\n", per_request);
  const std::string notes = notes_text(totals, context);
  return notes.empty() ? out : out + "\n" + notes;
}

std::string replay_json(const std::vector<SessionResult>& results, const ReplayContext& context) {
  const Totals totals = replay::total_of(results);
  base::JsonWriter json;
  json.begin_object()
      .member("cache", cache_mode_name(context.cache))
      .member("priced_as", context.model)
      .member("files", context.files)
      .member("other_files", context.other_files)
      .member("damaged_lines", context.damaged_lines)
      .member("sessions", totals.sessions)
      .member("requests", totals.turns);
  json.key("passthrough").begin_object();
  write_side(json, totals.passthrough);
  write_busts(json, totals.passthrough_busts);
  json.end_object().key("headroom").begin_object();
  write_side(json, totals.headroom);
  write_busts(json, totals.headroom_busts);
  json.end_object()
      .member("saved_input_tokens_percent", saved(static_cast<double>(totals.passthrough.usage.input()),
                                                  static_cast<double>(totals.headroom.usage.input())))
      .member("saved_input_usd_percent", saved(totals.passthrough.input_usd, totals.headroom.input_usd))
      .member("saved_usd_percent", saved(totals.passthrough.usd(), totals.headroom.usd()))
      .member("originals", totals.originals)
      .member("retrievals", totals.retrievals)
      .member("failures", totals.failures)
      .member("facts_in_text", totals.facts.in_text)
      .member("facts_in_originals", totals.facts.retrievable)
      .member("facts_lost", totals.facts.lost)
      .member("own_ms", static_cast<double>(totals.own_us) / 1000)
      .member("tokens_estimated", totals.estimate)
      .member("prices_assumed", totals.prices_assumed)
      .member("marks_assumed", totals.marks_assumed);
  json.key("tools").begin_array();
  for (const auto& [name, use] : totals.tools) {
    json.begin_object()
        .member("name", name)
        .member("results", use.results)
        .member("tokens_before", use.tokens_before)
        .member("tokens_after", use.tokens_after)
        .end_object();
  }
  json.end_array().key("untouched_tokens").begin_object();
  for (const auto& [reason, tokens] : totals.untouched) json.member(reason, tokens);
  json.end_object().key("billed_usd");
  if (totals.billed_sessions > 0) {
    json.raw(fmt::format("{:.6f}", totals.billed_usd));
  } else {
    json.null();
  }
  json.key("by_session").begin_array();
  for (const SessionResult& result : results) {
    json.begin_object()
        .member("name", result.name)
        .member("format", result.format)
        .member("model", result.model)
        .member("requests", result.turns)
        .member("originals", result.originals)
        .member("retrievals", result.retrievals)
        .member("unrecorded_tokens", result.unrecorded_tokens)
        .member("own_ms", static_cast<double>(result.own_us) / 1000);
    if (result.billed_usd) {
      json.key("billed_usd").raw(fmt::format("{:.6f}", *result.billed_usd));
      json.key("billed_simulated_usd").raw(fmt::format("{:.6f}", result.billed_simulated_usd));
    }
    json.key("passthrough").begin_object();
    write_side(json, result.passthrough);
    write_turns(json, result.passthrough);
    json.end_object().key("headroom").begin_object();
    write_side(json, result.headroom);
    write_turns(json, result.headroom);
    json.end_object().end_object();
  }
  json.end_array().end_object();
  return json.text() + "\n";
}

}  // namespace headroom::cli
