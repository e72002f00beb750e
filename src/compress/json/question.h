#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compress/compressor.h"

namespace headroom::compress::json {

/// What a query says about rows: words and exact things to match, and how it describes what it wants without naming it.
/// Immutable after the constructor.
class Question {
 public:
  explicit Question(const Query& query);

  static constexpr std::size_t kMaxTerms = 64;
  struct Term {
    std::string stem;
    double weight = 1;
  };
  /// Stems of the informative words; index = bit in the masks below.
  const std::vector<Term>& terms() const { return terms_; }
  /// Exact strings: quoted, with digits, or shaped like an id, a path or an address.
  const std::vector<std::string>& literals() const { return literals_; }

  /// Bits of the terms that occur in `text` as words or parts of identifiers.
  std::uint64_t match(std::string_view text) const;
  /// The bits of match() that stand for words of the user's own question.
  std::uint64_t user_words_in(std::string_view text) const { return match(text) & user_terms_; }

  bool superlative() const { return superlative_; }  ///< largest, oldest, second highest, top 5 ...
  bool wants_time() const { return wants_time_; }    ///< latest, oldest, first ...
  bool negation() const { return negation_; }        ///< without, missing, no, not, empty ...
  /// "over 500", "less than 3": the bound and its direction.
  struct Bound {
    double value = 0;
    bool above = true;
  };
  const std::vector<Bound>& bounds() const { return bounds_; }

 private:
  void add_words(std::string_view text, double weight, bool user);
  void add_literals(std::string_view text);
  void read_hints(std::string_view text);

  std::vector<Term> terms_;
  std::vector<std::string> literals_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_prefix_;  ///< first three bytes -> terms
  std::array<bool, 4096> starts_{};                                          ///< quick test before by_prefix_
  std::uint64_t user_terms_ = 0;
  bool superlative_ = false;
  bool wants_time_ = false;
  bool negation_ = false;
  std::vector<Bound> bounds_;
};

}  // namespace headroom::compress::json
