#pragma once

#include <cstdint>
#include <vector>

#include "compress/prose/document.h"
#include "compress/prose/question.h"
#include "compress/prose/vocabulary.h"

namespace headroom::compress::prose {

/// How near each part of a document is to the question; 0: nothing in common. Sentences and blocks on one scale, on
/// which `best` is the highest value of a block.
struct Relevance {
  std::vector<float> sentence;
  std::vector<float> block;             ///< with what its headings, its head and its neighbours say
  std::vector<float> own;               ///< of blocks, by their own words and headings
  std::vector<std::uint32_t> literals;  ///< sentences that hold a literal of the question. Ascending
  /// For each word of the user's the sentences that say it: all where they are few, else the nearest of them.
  std::vector<std::uint32_t> by_word;
  /// For each part of a question that has several the sentence that says the most of it, if it says two of its words.
  std::vector<std::uint32_t> by_part;
  float best = 0;
  /// Share of the user's words, by weight, that the best blocks hold: how surely the answer is where it seems to be.
  float coverage = 0;
};

Relevance find_relevance(const Document& document, const Vocabulary& vocabulary, const Question& question);

}  // namespace headroom::compress::prose
