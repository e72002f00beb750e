#pragma once

#include "tokens/tokenizer.h"

namespace headroom::tokens {

/// Claude's tokenizer is not public. This counts o200k_base pieces with a weight per kind of piece, fitted to the last
/// vocabulary that Anthropic published (Claude 2) by tools/ranks/fit_estimate.py; see docs/TOKENS.md for its error.
/// Never below 1 for a text that is not empty; name() is "claude~".
const Tokenizer& claude_estimate();

/// o200k_base as a stand-in for Gemini: name() is "gemini~".
const Tokenizer& gemini_estimate();

/// o200k_base as a stand-in for any other model: name() is "o200k_base~".
const Tokenizer& o200k_estimate();

}  // namespace headroom::tokens
