#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "compress/log/pickers.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kLeastLines = 5;  // with a number of the same name
constexpr std::size_t kMostShown = 3;   // of the lines that took most themselves
constexpr std::uint32_t kDetails = 5;   // lines below one of these that say more about it
constexpr std::uint32_t kFewOfAKind = 12;
constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// A line of a tree whose numbers hold those of the lines below it.
struct Node {
  std::uint32_t line = 0;
  double value = 0;
  std::uint32_t above = kNone;  // index of the node that it is part of
  double inner = 0;             // what the nodes right below it sum up to
};

/// "43.1" and the end of "41.0..43.1".
std::optional<double> number_in(std::string_view text) {
  const std::size_t range = text.rfind("..");
  if (range != std::string_view::npos) text.remove_prefix(range + 2);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0 ? std::optional(value) : std::nullopt;
}

/// The number behind the word `name` of a line ("time=3.2"), times how often it happened ("loops=7").
std::optional<double> named_number(const Document& document, const Line& line, std::string_view name) {
  std::optional<double> value;
  double times = 1;
  for (std::uint32_t t = line.first_token; t + 1 < line.first_token + line.token_count; ++t) {
    const std::string_view word = document.text_of(line, document.tokens[t]);
    const bool loops = word == "loops";
    if (document.tokens[t].after != '=' || (!loops && (word != name || value))) continue;
    const auto number = number_in(document.text_of(line, document.tokens[t + 1]));
    if (number) (loops ? times : value.emplace()) = *number;
  }
  return value ? std::optional(*value * times) : std::nullopt;
}

/// The lines with such a number, each below the one that it is part of.
std::vector<Node> nodes_of(const Picks& picks, std::string_view name) {
  std::vector<Node> nodes;
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    const Line& line = picks.line(i);
    const auto value = line.has(kBlank) ? std::nullopt : named_number(picks.document(), line, name);
    if (!value) continue;
    while (!open.empty() && picks.line(nodes[open.back()].line).indent >= line.indent) open.pop_back();
    nodes.push_back({i, *value, open.empty() ? kNone : open.back()});
    if (!open.empty()) nodes[open.back()].inner += *value;
    open.push_back(static_cast<std::uint32_t>(nodes.size() - 1));
  }
  return nodes;
}

/// Nearly all nodes are part of another one, and no more than it.
bool nested(const std::vector<Node>& nodes) {
  std::size_t inside = 0;
  std::size_t beyond = 0;
  for (const Node& node : nodes) {
    if (node.above == kNone) continue;
    ++inside;
    beyond += node.value > nodes[node.above].value * 1.01;
  }
  return nodes.size() >= kLeastLines && inside * 10 >= nodes.size() * 7 && beyond * 10 <= inside;
}

/// The lines right below `line` that say more about it: further in, without a number of their own.
std::uint32_t details_end(const Picks& picks, std::uint32_t line, std::uint32_t next_node) {
  std::uint32_t last = line;
  for (std::uint32_t i = line + 1; i < std::min(picks.count(), next_node) && i <= line + kDetails; ++i) {
    if (picks.line(i).has(kBlank) || picks.line(i).indent <= picks.line(line).indent) break;
    last = i;
  }
  return last;
}

/// A number with a unit is in the line: "Disk: 120kB".
bool measured(const Picks& picks, std::uint32_t i) {
  const Line& line = picks.line(i);
  for (std::uint32_t t = line.first_token; t < line.first_token + line.token_count; ++t) {
    const auto quantity = parse_quantity(picks.document().text_of(line, picks.document().tokens[t]));
    if (quantity && quantity->dimension != Dimension::kNone) return true;
  }
  return false;
}

/// What is measured of one node only ("Sort Method: external merge  Disk: 120kB"), and what one says unlike all others
/// ("Batches: 4").
void pick_own_details(Picks& picks, const std::vector<Node>& nodes, float priority) {
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    const std::uint32_t next = k + 1 < nodes.size() ? nodes[k + 1].line : picks.count();
    const std::uint32_t end = details_end(picks, nodes[k].line, next);
    for (std::uint32_t i = nodes[k].line + 1; i <= end; ++i) {
      if (picks.repeats(i) == 1 && measured(picks, i)) picks.add(priority, i, i, Reason::kRare);
    }
  }
  for (const TemplateSlots& entry : picks.analysis().slots) {
    const Template& t = picks.analysis().templates[entry.template_id];
    for (const Slot& slot : entry.slots) {
      if (slot.many || slot.name.empty() || slot.values.size() != 2 || t.count > kFewOfAKind) continue;
      const SlotValue& odd = std::ranges::min(slot.values, {}, &SlotValue::count);
      if (odd.count == 1) picks.add(priority, odd.first, odd.first, Reason::kExtreme);
    }
  }
}

}  // namespace

bool pick_nested(Picks& picks) {
  static constexpr std::array<std::string_view, 6> kNames = {"time", "duration", "elapsed", "took", "cost", "size"};
  if (picks.document().timed) return false;
  std::array<std::size_t, kNames.size()> often{};
  for (const Line& line : picks.document().lines) {
    for (std::uint32_t t = line.first_token; t < line.first_token + line.token_count; ++t) {
      if (picks.document().tokens[t].after != '=') continue;
      const auto name = std::ranges::find(kNames, picks.document().text_of(line, picks.document().tokens[t]));
      if (name != kNames.end()) ++often[static_cast<std::size_t>(name - kNames.begin())];
    }
  }
  std::vector<Node> nodes;
  for (std::size_t k = 0; k < kNames.size(); ++k) {
    if (often[k] < kLeastLines) continue;
    nodes = nodes_of(picks, kNames[k]);
    if (nested(nodes)) break;
    nodes.clear();
  }
  if (nodes.empty()) return false;
  std::vector<std::uint32_t> order(nodes.size());
  for (std::uint32_t k = 0; k < order.size(); ++k) order[k] = k;
  const auto own = [&](std::uint32_t k) { return nodes[k].value - nodes[k].inner; };
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) { return own(a) > own(b); });
  const float priority = picks.analysis().query.wants.extreme ? 3.0f : 0.9f;
  for (std::size_t rank = 0; rank < std::min(kMostShown, order.size()); ++rank) {
    const std::uint32_t k = order[rank];
    if (own(k) * 15 < nodes.front().value) break;
    const std::uint32_t next = k + 1 < nodes.size() ? nodes[k + 1].line : picks.count();
    const float shown = priority - 0.05f * static_cast<float>(rank);
    picks.add(shown, nodes[k].line, details_end(picks, nodes[k].line, next), Reason::kExtreme);
  }
  pick_own_details(picks, nodes, priority - 0.5f);
  return true;
}

}  // namespace headroom::compress::log
