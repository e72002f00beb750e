#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compress/compressor.h"

namespace headroom::compress::code {

/// What a query says about source code: words to meet in identifiers, comments and strings, and exact things to find.
/// Immutable after the constructor.
class CodeQuestion {
 public:
  explicit CodeQuestion(const Query& query);

  static constexpr std::size_t kMaxTerms = 64;
  struct Term {
    std::string stem;
    double weight = 1;
    bool synonym = false;  ///< not said, but another word for one that is
  };
  /// Stems of the informative words; index = bit in the masks below.
  const std::vector<Term>& terms() const { return terms_; }

  struct Literal {
    std::string text;
    bool word = true;  ///< an identifier or a number: found only where it stands by itself
  };
  /// Identifiers, numbers, error names and quoted strings.
  const std::vector<Literal>& literals() const { return literals_; }

  /// Bits of the terms that occur in `text` as words or as parts of identifiers.
  std::uint64_t match(std::string_view text) const;
  /// True when the words of the question hold this name as it is ("how does connect() ..." and "connect").
  bool says(std::string_view name) const;
  /// True when every part of the name is met by a word: "parse_args" by "parsing the arguments".
  bool covers_name(std::string_view name) const;
  /// The same for names of several parts only: "QueueListener" by "the queue listener".
  bool covers_joined_name(std::string_view name) const;

  /// What the user asks, part by part: "what does f return", "when does g throw". Where something is asked at all, what
  /// is only told is none of them.
  struct Part {
    std::string text;
    bool for_thing = false;  ///< "which flag makes f wait": the answer is not f
    bool goes_on = false;    ///< "what is its type": about what the part before is about
  };
  const std::vector<Part>& parts() const { return parts_; }

  bool everything() const { return everything_; }  ///< "review this file": no part can be left out
  bool imports() const { return imports_; }        ///< asks what is imported
  bool counts() const { return counts_; }          ///< asks for all of something, how many, or the greatest
  bool empty() const { return terms_.empty() && literals_.empty(); }

 private:
  void add_text(std::string_view text, double weight);
  void add_word(std::string_view word, double weight);
  void add_literal(std::string_view text, bool word);
  static bool asks_for_counts(std::string_view text);
  void add_flag(std::string_view text);
  void add_joined(std::string_view text);
  void add_pattern(std::string_view pattern);
  void add_synonyms();
  void add_parts(std::string_view text);
  std::uint64_t match_part(std::string_view part) const;
  std::size_t parts_covered(std::string_view name) const;

  std::vector<Term> terms_;
  std::vector<Literal> literals_;
  std::vector<std::string> said_;
  std::vector<Part> parts_;
  std::array<std::uint64_t, 27 * 27> starts_{};  ///< by the first two letters
  std::uint64_t said_terms_ = 0;                 ///< bits of terms that are no synonyms
  bool everything_ = false;
  bool imports_ = false;
  bool counts_ = false;
};

}  // namespace headroom::compress::code
