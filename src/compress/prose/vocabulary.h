#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/string_arena.h"
#include "compress/prose/document.h"

namespace headroom::compress::prose {

/// A distinct word of the text after folding case and cutting endings, as base::words() gives it; in scripts without
/// spaces, two characters that follow each other.
struct Term {
  std::string text;
  std::uint32_t sentences = 0;  ///< that hold it
  bool stop = false;            ///< says nothing
};

/// The terms and traits of every sentence of a document. Each distinct word is looked at once, so reading is linear.
class Vocabulary {
 public:
  explicit Vocabulary(const Document& document);

  const std::vector<Term>& terms() const { return terms_; }
  /// Distinct terms of a sentence, ascending, stop words left out.
  std::span<const std::uint32_t> terms_of(std::uint32_t sentence) const {
    return std::span(all_).subspan(spans_[sentence].first, spans_[sentence].count);
  }
  std::uint32_t traits_of(std::uint32_t sentence) const { return traits_[sentence]; }
  /// How much a term tells: 0 (in every sentence) to 1 (in one).
  float rarity(std::uint32_t term) const { return rarity_[term]; }
  /// Words of the sentence, function words included.
  std::uint32_t words_of(std::uint32_t sentence) const { return spans_[sentence].words; }

 private:
  struct Word {
    std::string_view text;
    std::uint64_t hash = 0;
    std::uint32_t traits = 0;
    std::uint32_t first = 0, count = 0;  // of word_terms_
  };
  struct Span {
    std::uint32_t first = 0, count = 0, words = 0;
  };
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t index = 0;
  };

  void read_sentence(std::string_view text);
  std::uint32_t word_index(std::string_view run);
  std::uint32_t joined_index(std::string_view text, std::size_t at, std::size_t end, std::size_t rest);
  std::uint32_t term_index(const std::string& text);

  base::StringArena joined_;  // words that a line break divides
  std::vector<Word> words_;
  std::vector<Slot> word_slots_, term_slots_;
  std::vector<std::uint32_t> word_terms_;
  std::vector<Term> terms_;
  std::vector<float> rarity_;
  std::vector<std::uint32_t> all_;
  std::vector<Span> spans_;
  std::vector<std::uint32_t> traits_;
};

/// The terms of any text, in order, by the same rules.
std::vector<std::string> terms_of_text(std::string_view text);

}  // namespace headroom::compress::prose
