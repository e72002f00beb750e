#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compress/log/line.h"

namespace headroom::compress::log {

/// Lines that say the same with other values.
struct Template {
  std::uint32_t sample = 0;  ///< index of its first line
  std::uint32_t last = 0;    ///< index of its last line
  std::uint32_t count = 0;
  Level level = Level::kNone;
  std::uint64_t varying = 0;  ///< bit i: token i differs between its lines, or holds a number
};

/// Groups lines by shape, then merges shapes that differ in a few words (after Drain, He et al. 2017: candidates share
/// the number of tokens and the first word; the most similar one above a threshold wins). Lines of different levels are
/// never merged. Sets Line::template_id. Blank lines are template 0.
std::vector<Template> mine_templates(Document& document);

/// The template's text with '#' for what varies, time stamp and level word left out, cut to about `most` bytes.
std::string template_text(const Document& document, const Template& t, std::size_t most);

}  // namespace headroom::compress::log
