#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace headroom::base {

/// Okapi BM25 (Robertson and Zaragoza 2009; k1 = 1.2, b = 0.75) over a set of small documents: table rows, log
/// templates, lines. Build once, then score queries; immutable afterwards.
class Bm25Index {
 public:
  /// Adds the next document (ids count from 0). Text goes through base::words().
  void add(std::string_view text);
  /// Adds the next document from words already made by base::words().
  void add_words(std::span<const std::string> words);

  std::size_t size() const { return lengths_.size(); }
  /// Number of documents that hold the word.
  std::size_t document_frequency(std::string_view word) const;

  /// Score of every document for the query; 0 where no informative word meets. Stop words count nothing.
  std::vector<double> score(std::string_view query) const;

 private:
  struct Posting {
    std::uint32_t document;
    std::uint32_t count;
  };
  std::unordered_map<std::string, std::vector<Posting>> postings_;
  std::vector<std::uint32_t> lengths_;
  std::uint64_t total_length_ = 0;
};

}  // namespace headroom::base
