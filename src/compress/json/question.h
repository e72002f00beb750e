#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compress/compressor.h"
#include "compress/json/letter_pairs.h"

namespace headroom::compress::json {

/// By which order the question asks for first or last things.
struct Orders {
  bool high = false;      ///< highest, newest, longest, last ...
  bool low = false;       ///< lowest, oldest, shortest, first ...
  bool length = false;    ///< longest, shortest
  bool time = false;      ///< newest, oldest ...
  bool alphabet = false;  ///< "alphabetically first"
  bool version = false;   ///< it speaks of versions
  bool any() const { return high || low || alphabet; }
  bool only_high() const { return high && !low; }
  bool only_low() const { return low && !high; }
};

/// The conditions on values that the question states in words.
struct Conditions {
  bool zero = false;                 ///< "zero", "no", "without"
  bool empty = false;                ///< "no", "without", "empty", "null", "missing" ...
  std::vector<std::string> numbers;  ///< "retries = 3": numbers that are no bound
  bool duplicates = false;           ///< "duplicate", "twice"
  bool duration = false;             ///< "longest", "took", "duration": the time between two times
};

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

  /// What the words of the question and their synonyms begin with.
  static constexpr LetterPairs::Sets kTermStarts = 1, kSynonymStarts = 2;
  const LetterPairs& starts() const { return starts_; }

  /// Bits of the terms that occur in `text` as words or parts of identifiers.
  std::uint64_t match(std::string_view text) const { return starts_.any_in(text, kTermStarts) ? match_words(text) : 0; }
  /// The same where it is known which starts() stand in the text.
  std::uint64_t match(std::string_view text, LetterPairs::Sets starts) const {
    return (starts & kTermStarts) != 0 ? match_words(text) : 0;
  }
  /// The bits of match() that stand for words of the user's own question.
  std::uint64_t user_words_in(std::string_view text) const { return user_words_of(match(text)); }
  std::uint64_t user_words_of(std::uint64_t matched) const { return matched & user_terms_; }

  /// The user's words in a name, and those that it has by another word for the same ("slow": duration).
  struct Described {
    std::uint64_t words = 0;
    std::uint64_t synonyms = 0;
    std::uint64_t all() const { return words | synonyms; }
  };
  Described describes(std::string_view name) const;
  /// The same where match(name) is known, and which starts() stand in the name.
  Described describes(std::string_view name, std::uint64_t matched, LetterPairs::Sets starts) const;

  /// Words that stand side by side in what the user says, two and two, in lower case.
  const std::vector<std::string>& phrases() const { return phrases_; }
  /// The user says the text word by word, whatever the case of its letters; it does not begin or end within a word.
  bool says(std::string_view text) const;

  const Orders& orders() const { return orders_; }
  const Conditions& conditions() const { return conditions_; }
  bool deviation() const { return deviation_; }      ///< changed, non-default, differs, overridden ...
  bool superlative() const { return superlative_; }  ///< largest, oldest, second highest, top 5 ...
  bool wants_time() const { return wants_time_; }    ///< latest, oldest, first ...
  bool negation() const { return negation_; }        ///< without, missing, no, not, empty ...
  /// "over 500", "less than 3": the bound and its direction.
  struct Bound {
    double value = 0;
    bool above = true;
  };
  const std::vector<Bound>& bounds() const { return bounds_; }
  /// "before 2025-10-01", "since 2025-09-01"; or the day of which the question asks what is overdue.
  struct DateBound {
    double value = 0;  ///< like time_of()
    bool above = true;
    bool overdue = false;
  };
  const std::vector<DateBound>& dates() const { return dates_; }

 private:
  void add_words(std::string_view text, double weight, bool user);
  void add_literals(std::string_view text);
  void add_synonyms(std::string_view text);
  void read_hints(std::string_view text);
  void read_condition(std::string_view word);
  void read_dates(const std::vector<std::string>& words);
  std::uint64_t match_words(std::string_view text) const;

  std::string said_;  ///< by the user, in lower case
  std::vector<std::string> phrases_;
  std::vector<Term> terms_;
  std::vector<std::string> literals_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_prefix_;  ///< first three bytes -> terms
  LetterPairs starts_;                                                       ///< quick test before words are compared
  std::uint64_t user_terms_ = 0;
  std::vector<std::pair<std::string, std::uint32_t>> synonyms_;  ///< stem -> term
  Orders orders_;
  Conditions conditions_;
  bool deviation_ = false;
  bool superlative_ = false;
  bool wants_time_ = false;
  bool negation_ = false;
  std::vector<Bound> bounds_;
  std::vector<DateBound> dates_;
};

}  // namespace headroom::compress::json
