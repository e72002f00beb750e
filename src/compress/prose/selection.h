#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "compress/compressor.h"
#include "compress/prose/document.h"
#include "compress/prose/question.h"
#include "compress/prose/relevance.h"
#include "compress/prose/vocabulary.h"

namespace headroom::compress::prose {

/// Why something stays, for --explain.
enum class Reason : std::uint8_t {
  kDropped,
  kHeading,
  kTop,         ///< what the text opens with
  kAnswer,      ///< near to what is asked
  kLiteral,     ///< holds a string of the question
  kNotice,      ///< says that the text goes on elsewhere
  kWanted,      ///< the kind of fact that is asked for
  kGuarded,     ///< says not, must, unless; a warning, a measure, ... near to what is asked
  kLead,        ///< the first sentence of its section or paragraph
  kContent,     ///< tells more than others
  kIntroduces,  ///< needed to understand what follows
  kSmall,       ///< a marker would be as long
  kJudged,      ///< the learned judge finds it telling
};
std::string_view reason_name(Reason reason);

struct Selection {
  std::vector<Reason> lines;  ///< per line of the document; blank lines go with what stands beside them
  bool all = false;           ///< nothing may be dropped
  bool looked_up = false;     ///< a reference, of which the question is about some entries
};

struct Analysis {
  const Document& document;
  const Vocabulary& vocabulary;
  const Question& question;
  const Relevance& relevance;
};

/// `target_bytes`: aim for at most this many; 0: as the text allows. `judged`: for each sentence the share of its words
/// that a learned judge finds telling, below 0 where it was not asked; empty: no judge. It decides among plain
/// sentences only: what stays without it for a reason (near to the question, a guard, a fact, a name, a lead) stays
/// with it.
Selection select(const Analysis& analysis, Profile profile, std::size_t target_bytes,
                 std::span<const float> judged = {});

}  // namespace headroom::compress::prose
