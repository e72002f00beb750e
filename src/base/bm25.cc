#include "base/bm25.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace headroom::base {

void Bm25Index::add(std::string_view text) {
  add_words(words(text));
}

void Bm25Index::add_words(std::span<const std::string> words) {
  const auto document = static_cast<std::uint32_t>(lengths_.size());
  for (const std::string& word : words) {
    std::vector<Posting>& list = postings_[word];
    if (!list.empty() && list.back().document == document) {
      ++list.back().count;
    } else {
      list.push_back({document, 1});
    }
  }
  lengths_.push_back(static_cast<std::uint32_t>(words.size()));
  total_length_ += words.size();
}

std::size_t Bm25Index::document_frequency(std::string_view word) const {
  const auto found = postings_.find(std::string(word));
  return found == postings_.end() ? 0 : found->second.size();
}

std::vector<double> Bm25Index::score(std::string_view query) const {
  static constexpr double kK1 = 1.2;
  static constexpr double kB = 0.75;
  std::vector<double> scores(lengths_.size(), 0.0);
  if (lengths_.empty()) return scores;
  const double n = static_cast<double>(lengths_.size());
  const double mean_length = std::max(1.0, static_cast<double>(total_length_) / n);
  std::vector<std::string> asked = words(query);
  std::ranges::sort(asked);
  asked.erase(std::ranges::unique(asked).begin(), asked.end());
  for (const std::string& word : asked) {
    if (is_stop_word(word)) continue;
    const auto found = postings_.find(word);
    if (found == postings_.end()) continue;
    const double df = static_cast<double>(found->second.size());
    const double idf = std::log(1.0 + (n - df + 0.5) / (df + 0.5));
    for (const Posting& posting : found->second) {
      const double tf = posting.count;
      const double length = static_cast<double>(lengths_[posting.document]) / mean_length;
      scores[posting.document] += idf * tf * (kK1 + 1) / (tf + kK1 * (1 - kB + kB * length));
    }
  }
  return scores;
}

}  // namespace headroom::base
