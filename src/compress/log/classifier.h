#pragma once

#include "compress/log/line.h"

namespace headroom::compress::log {

/// Sets level and flags (heading, continuation, summary, ...) of every line. The rules are general first (level words,
/// error words with their negations, rules of dashes); forms of single tools are rows of small tables.
void classify(Document& document);

}  // namespace headroom::compress::log
