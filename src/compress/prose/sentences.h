#pragma once

#include "compress/prose/document.h"

namespace headroom::compress::prose {

/// Fills Document::sentences from its blocks. Running text (paragraphs, items, quotes) is split at the end of
/// sentences:
/// '.', '!', '?' and their like in other scripts, but not in abbreviations, initials, numbers, versions, file names,
/// URLs and code spans. Blocks of other kinds are one sentence each.
void split_sentences(Document& document);

/// Byte offsets in `text` at which a new sentence starts (never 0), for one block of running text.
std::vector<std::uint32_t> sentence_starts(std::string_view text);

}  // namespace headroom::compress::prose
