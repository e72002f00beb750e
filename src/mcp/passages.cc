#include "mcp/passages.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <string>
#include <unordered_set>

#include "base/bm25.h"
#include "base/hash.h"
#include "base/text.h"

namespace headroom::mcp {
namespace {

constexpr std::size_t kRun = 3;    // words of a sequence
constexpr double kSame = 0.85;     // of a duplicate's sequences stand in the other
constexpr double kOffTopic = 0.1;  // of the best score
constexpr std::size_t kAlwaysKept = 3;
constexpr std::size_t kComparisons = 50'000'000;  // of sequences; what is not compared by then stays

/// What a passage says, for comparing.
struct Fingerprint {
  std::vector<std::string> words;
  std::unordered_set<std::uint64_t> runs;
  std::unordered_set<std::string> telling;  ///< numbers, identifiers, negations: one that differs makes it another
};

bool is_telling(std::string_view word) {
  static constexpr std::array<std::string_view, 8> kNegations = {"no",     "not",    "never", "without",
                                                                 "cannot", "except", "none",  "nor"};
  return word.find_first_of("0123456789_") != std::string_view::npos ||
         std::ranges::find(kNegations, word) != kNegations.end();
}

Fingerprint fingerprint(std::string_view text) {
  Fingerprint print;
  print.words = base::words(text);
  for (const std::string& word : print.words) {
    if (is_telling(word)) print.telling.insert(word);
  }
  const std::size_t size = std::min(kRun, print.words.size());
  for (std::size_t at = 0; size > 0 && at + size <= print.words.size(); ++at) {
    std::uint64_t run = 0;
    for (std::size_t i = at; i < at + size; ++i) run = base::hash64(print.words[i], run + 1);
    print.runs.insert(run);
  }
  return print;
}

/// All that `one` says stands in `other`, too.
bool says_no_more(const Fingerprint& one, const Fingerprint& other) {
  if (one.runs.empty() || one.runs.size() > other.runs.size() * 5 / 4 + 1) return false;
  const auto there = [&](const std::string& word) { return other.telling.contains(word); };
  if (!std::ranges::all_of(one.telling, there)) return false;
  const auto shared = std::ranges::count_if(one.runs, [&](std::uint64_t run) { return other.runs.contains(run); });
  return static_cast<double>(shared) >= kSame * static_cast<double>(one.runs.size());
}

void drop(PassageVerdict& verdict, std::size_t same_as) {
  verdict.why = PassageVerdict::Why::kDuplicate;
  verdict.same_as = same_as;
}

/// Of those that have the same words the first stays; quick, however many there are.
void drop_equals(std::span<const Fingerprint> prints, std::vector<PassageVerdict>& verdicts) {
  std::map<std::span<const std::string>, std::size_t,
           decltype([](const auto& a, const auto& b) { return std::ranges::lexicographical_compare(a, b); })>
      first;
  for (std::size_t at = 0; at < prints.size(); ++at) {
    if (prints[at].words.empty()) continue;
    const auto [known, fresh] = first.emplace(prints[at].words, at);
    if (!fresh) drop(verdicts[at], known->second);
  }
}

/// Of two that say the same the first stays; of two of which one says more, that.
void drop_duplicates(std::span<const Fingerprint> prints, std::vector<PassageVerdict>& verdicts) {
  std::size_t left = kComparisons;
  const auto is_kept = [&](std::size_t at) { return verdicts[at].why == PassageVerdict::Why::kKept; };
  for (std::size_t one = 0; one < prints.size(); ++one) {
    for (std::size_t other = 0; other < prints.size() && is_kept(one); ++other) {
      if (one == other || !is_kept(other)) continue;
      const std::size_t cost = prints[one].runs.size() + prints[other].runs.size() + 1;
      if (cost > left) return;
      left -= cost;
      if (says_no_more(prints[one], prints[other]) && (other < one || !says_no_more(prints[other], prints[one]))) {
        drop(verdicts[one], other);
      }
    }
  }
}

/// Those that are still kept, best first; of equals the earlier.
std::vector<std::size_t> kept_by_score(const std::vector<PassageVerdict>& verdicts) {
  std::vector<std::size_t> order(verdicts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t at) { return verdicts[at].why != PassageVerdict::Why::kKept; });
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return verdicts[a].score > verdicts[b].score; });
  return order;
}

void drop_off_topic(std::vector<PassageVerdict>& verdicts) {
  const std::vector<std::size_t> order = kept_by_score(verdicts);
  if (order.empty() || verdicts[order.front()].score <= 0) return;
  const double floor = verdicts[order.front()].score * kOffTopic;
  for (std::size_t rank = kAlwaysKept; rank < order.size(); ++rank) {
    PassageVerdict& verdict = verdicts[order[rank]];
    if (verdict.score <= floor) verdict.why = PassageVerdict::Why::kOffTopic;
  }
}

void keep_to_budget(std::span<const std::size_t> tokens, std::size_t budget, std::vector<PassageVerdict>& verdicts) {
  std::size_t spent = 0;
  bool first = true;
  for (const std::size_t at : kept_by_score(verdicts)) {
    // The best one stays, whatever it costs.
    if (first || spent + tokens[at] <= budget) {
      spent += tokens[at];
    } else {
      verdicts[at].why = PassageVerdict::Why::kOverBudget;
    }
    first = false;
  }
}

}  // namespace

std::vector<PassageVerdict> judge_passages(std::span<const std::string_view> passages,
                                           std::span<const std::size_t> tokens, std::string_view query,
                                           std::size_t budget) {
  std::vector<PassageVerdict> verdicts(passages.size());
  std::vector<Fingerprint> prints;
  base::Bm25Index index;
  for (const std::string_view passage : passages) {
    prints.push_back(fingerprint(passage));
    index.add_words(prints.back().words);
  }
  const std::vector<double> scores = index.score(query);
  for (std::size_t at = 0; at < scores.size(); ++at) verdicts[at].score = scores[at];
  drop_equals(prints, verdicts);
  drop_duplicates(prints, verdicts);
  drop_off_topic(verdicts);
  if (budget > 0) keep_to_budget(tokens, budget, verdicts);
  return verdicts;
}

}  // namespace headroom::mcp
