#include <algorithm>
#include <vector>

#include "compress/log/pickers.h"
#include "compress/log/stanzas.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kMostAsked = 4;
constexpr std::uint32_t kMostFields = 32;
constexpr std::size_t kDearest = 100;  // tokens of a field that stays because of its record
constexpr float kLeastScore = 0.2f;

/// The fields of a record, but neither very long ones nor what goes on below them; below a name, all.
void add_fields(Picks& picks, const Stanza& stanza, float priority, Reason reason) {
  const std::uint32_t indent = picks.line(stanza.first).indent;
  std::uint32_t fields = 0;
  for (std::uint32_t i = stanza.first; i <= stanza.last && fields < kMostFields; ++i) {
    const bool field = picks.line(i).indent <= indent && !field_key(picks.line(i).text).empty();
    if ((!field && !stanza.named) || picks.cost(i) > kDearest) continue;
    ++fields;
    picks.add(priority, i, i, reason);
  }
}

}  // namespace

void pick_stanzas(Picks& picks) {
  const std::vector<Stanza> stanzas = find_stanzas(picks.document());
  if (stanzas.empty()) return;
  add_fields(picks, stanzas.front(), 0.9f, Reason::kFiller);
  const std::vector<float>& score = picks.analysis().query.score;
  if (score.empty()) return;
  // Named by what it is called, else by what its fields say.
  std::vector<float> named;
  for (const Stanza& s : stanzas) named.push_back(score[s.first]);
  if (*std::ranges::max_element(named) < kLeastScore) {
    named.clear();
    for (const Stanza& s : stanzas)
      named.push_back(*std::max_element(score.begin() + s.first, score.begin() + s.last + 1));
  }
  const float best = *std::ranges::max_element(named);
  if (best < kLeastScore) return;
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < stanzas.size(); ++k) {
    if (named[k] >= 0.7f * best) order.push_back(k);
  }
  // What is as true of most of them names none.
  if (stanzas.size() > 2 * kMostAsked && order.size() * 2 > stanzas.size()) return;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return named[a] > named[b]; });
  for (std::size_t k = 0; k < std::min(kMostAsked, order.size()); ++k) {
    add_fields(picks, stanzas[order[k]], 2.8f - 0.1f * static_cast<float>(k), Reason::kMatch);
  }
}

}  // namespace headroom::compress::log
