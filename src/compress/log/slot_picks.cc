#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "compress/log/pickers.h"

namespace headroom::compress::log {
namespace {

constexpr std::uint32_t kSourcePlaces = 3;  // tokens of a line that may name its source
constexpr std::size_t kMaxSources = 64;
constexpr std::uint32_t kMany = 8;      // lines of a kind that have a greatest one
constexpr std::uint32_t kFewAlike = 5;  // lines of a kind from which on the one unlike the others is told

/// Values that came regularly and then never again: the worker that stopped.
void silences(Picks& picks, const Template& t, const Slot& slot) {
  std::vector<const SlotValue*> silent;
  for (const SlotValue& value : slot.values) {
    if (value.count < 4 || t.last <= value.last) continue;
    const double interval = static_cast<double>(value.last - value.first) / (value.count - 1);
    const double tail = t.last - value.last;
    if (tail > 6 * interval + 3 && tail > 0.15 * (t.last - t.sample)) silent.push_back(&value);
  }
  if (silent.size() > 3 || silent.size() * 2 > slot.values.size()) return;
  for (const SlotValue* value : silent) picks.add(0.8f, value->last, value->last, Reason::kExtreme);
}

/// Of a few lines that say one value all but one says the other: the queue with "max = 3" where eight say 10.
bool one_against_all(const Template& t, const Slot& slot) {
  return t.count >= kFewAlike && slot.values.size() == 2 && slot.values[0].count + slot.values[1].count == t.count &&
         std::min(slot.values[0].count, slot.values[1].count) == 1;
}

void values(Picks& picks, const Template& t, const Slot& slot) {
  if (t.count < 12 && one_against_all(t, slot)) {
    const SlotValue& odd = std::ranges::min(slot.values, {}, &SlotValue::count);
    picks.add_with_siblings(0.88f, odd.first, Reason::kExtreme);
  }
  if (slot.values.size() < 2 || t.count < 12) return;
  const std::uint32_t few = std::max<std::uint32_t>(1, t.count / 100);
  const auto top = std::ranges::max(slot.values, {}, &SlotValue::count).count;
  std::vector<const SlotValue*> odd;
  for (const SlotValue& value : slot.values) {
    if (value.count <= few && value.count * 8 <= top) odd.push_back(&value);
  }
  if (odd.size() <= 4) {
    for (const SlotValue* value : odd) {
      picks.add_with_siblings(0.88f, value->first, Reason::kExtreme);
      if (value->last != value->first) picks.add(0.6f, value->last, value->last, Reason::kExtreme);
    }
  }
  silences(picks, t, slot);
}

/// Values that begin or end unlike nearly all others: the one address outside the net, the one .raw among .jpg.
void ends(Picks& picks, const Template& t, const std::vector<SlotValue>& values) {
  if (values.size() < 2 || values.size() > 4 || t.count < 8) return;
  const std::uint32_t few = std::max<std::uint32_t>(1, t.count / 100);
  const auto top = std::ranges::max(values, {}, &SlotValue::count).count;
  if (top * 10 < t.count * 8) return;
  for (const SlotValue& value : values) {
    if (value.count <= few) picks.add_with_siblings(0.84f, value.first, Reason::kExtreme);
  }
}

/// A word where all others say a number: the loss that became nan, the exit code that is unknown.
void no_numbers(Picks& picks, const Slot& slot) {
  if (slot.words == 0 || slot.numbers < kMany || slot.words * 20 > slot.numbers) return;
  picks.add_with_siblings(0.9f, slot.first_word, Reason::kExtreme);
  if (slot.last_word != slot.first_word) picks.add(0.6f, slot.last_word, slot.last_word, Reason::kExtreme);
}

void numbers(Picks& picks, const Template& t, const Slot& slot) {
  no_numbers(picks, slot);
  if (t.count < kMany || slot.numbers * 2 < t.count || slot.max.value <= slot.min.value) return;
  const double spread = std::max(slot.high - slot.median, std::abs(slot.median) * 0.05);
  const bool far = slot.max.value > slot.median + 3 * spread && slot.max.value > 2 * slot.median;
  // The empty backup among hundreds of gigabytes.
  const bool nothing = slot.min.value <= 0 && slot.low > 0.3 * slot.median;
  if (nothing) picks.add(0.84f, slot.min_line, slot.min_line, Reason::kExtreme);
  const bool asked = picks.analysis().query.wants.extreme;
  if (slot.measure) {
    picks.add(asked ? 1.4f : far ? 0.9f : 0.33f, slot.max_line, slot.max_line, Reason::kExtreme);
    if (asked) picks.add(0.7f, slot.min_line, slot.min_line, Reason::kExtreme);
  } else if (far && slot.max.value > slot.median + 8 * spread) {
    picks.add(0.55f, slot.max_line, slot.max_line, Reason::kExtreme);
  } else if (asked && slot.many) {
    picks.add(0.5f, slot.max_line, slot.max_line, Reason::kExtreme);
  }
  // What is worst may be the least: lines hit, of which fewer are worse.
  if (asked && !slot.measure && slot.min.value * 4 < slot.median) {
    picks.add(0.9f, slot.min_line, slot.min_line, Reason::kExtreme);
  }
}

/// The greatest of what all lines call by one name ("time: 0.71"), whatever else they say: a template of a few lines
/// has no slots, and the extremes of each template are not those of the log.
void named_extremes(Picks& picks) {
  std::map<std::string_view, std::vector<std::pair<double, std::uint32_t>>> by_name;
  for (const TemplateSlots& entry : picks.analysis().slots) {
    for (const Slot& slot : entry.slots) {
      if (slot.measure && !slot.name.empty()) by_name[slot.name];
    }
  }
  if (by_name.empty()) return;
  const Document& document = picks.document();
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    const Line& line = picks.line(i);
    for (std::uint32_t t = line.first_token; t + 1 < line.first_token + line.token_count; ++t) {
      const auto named = by_name.find(document.text_of(line, document.tokens[t]));
      if (named == by_name.end()) continue;
      const auto quantity = parse_quantity(document.text_of(line, document.tokens[t + 1]));
      if (quantity) named->second.emplace_back(-quantity->value, i);
    }
  }
  for (auto& [name, values] : by_name) {
    const std::size_t top = std::min<std::size_t>(3, values.size());
    std::ranges::partial_sort(values, values.begin() + static_cast<std::ptrdiff_t>(top));
    for (std::size_t k = 0; k < top; ++k) {
      const float rank = 0.1f * static_cast<float>(k);
      picks.add(1.9f - rank, values[k].second, values[k].second, Reason::kExtreme);
    }
  }
}

/// Token number `place` of a line's content, as text; empty where there is none or it is a number.
std::string_view source_at(const Document& document, const Line& line, std::uint32_t place) {
  std::uint32_t at = 0;
  while (at < line.token_count && (document.tokens[line.first_token + at].kind == TokenKind::kTime ||
                                   (at == 0 && document.tokens[line.first_token].kind == TokenKind::kNumber)))
    ++at;
  at += place;
  if (at >= line.token_count || at >= 64) return {};
  const Token& token = document.tokens[line.first_token + at];
  return token.kind == TokenKind::kNumber || token.kind == TokenKind::kTime ? std::string_view()
                                                                            : document.text_of(line, token);
}

/// Where the token at `place` is the source of a line (host, worker, test): templates that only one source has,
/// while most templates of that size have many.
void loners_at(Picks& picks, std::uint32_t place) {
  struct Seen {
    std::string_view source;
    bool many = false;
  };
  const std::vector<Template>& templates = picks.analysis().templates;
  std::vector<Seen> seen(templates.size());
  std::vector<std::string_view> sources;
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    const Line& line = picks.line(i);
    if (line.has(kBlank)) continue;
    const std::string_view source = source_at(picks.document(), line, place);
    if (source.empty()) continue;
    Seen& entry = seen[line.template_id];
    if (entry.source == source) continue;
    entry.many = !entry.source.empty();
    if (entry.source.empty()) entry.source = source;
    if (std::ranges::find(sources, source) == sources.end()) sources.push_back(source);
    if (sources.size() > kMaxSources) return;
  }
  if (sources.size() < 4) return;
  std::size_t shared = 0;
  std::vector<std::uint32_t> lone;
  for (std::uint32_t id = 1; id < templates.size(); ++id) {
    if (templates[id].count < 3 || seen[id].source.empty()) continue;
    shared += seen[id].many ? templates[id].count : 0;
    if (!seen[id].many) lone.push_back(id);
  }
  if (lone.empty() || lone.size() > 4 || shared * 10 < picks.count() * 7) return;
  for (std::uint32_t id : lone) picks.add(0.86f, templates[id].sample, templates[id].sample, Reason::kExtreme);
}

}  // namespace

void pick_extremes(Picks& picks) {
  for (const TemplateSlots& entry : picks.analysis().slots) {
    const Template& t = picks.analysis().templates[entry.template_id];
    for (const Slot& slot : entry.slots) {
      numbers(picks, t, slot);
      if (!slot.many) values(picks, t, slot);
      ends(picks, t, slot.heads);
      ends(picks, t, slot.tails);
    }
  }
  if (picks.analysis().query.wants.extreme) named_extremes(picks);
}

void pick_loners(Picks& picks) {
  for (std::uint32_t place = 0; place < kSourcePlaces; ++place) loners_at(picks, place);
}

}  // namespace headroom::compress::log
