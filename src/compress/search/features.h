#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compress/compressor.h"
#include "compress/search/document.h"
#include "compress/search/shapes.h"

namespace headroom::compress::search {

/// Why a row counts.
enum class Why : std::uint8_t {
  kNone,
  kNamed,       ///< holds an exact string of the question
  kAsked,       ///< holds words of the question
  kDescribed,   ///< is what the question describes: "disabled" and "timeout=None"
  kExtreme,     ///< its number is among the largest or smallest, or beyond a bound that the question tells
  kDefinition,  ///< defines something
  kRemark,      ///< TODO, deprecated, unsafe ...
  kOdd,         ///< unlike the others
  kLacks,       ///< does not have what the question says is missing
  kOutside,     ///< in none of the tests, which the question leaves out
};

std::string_view why_name(Why why);

/// Something that some of the rows have.
struct Feature {
  double weight = 0;  ///< before it is scaled by how few rows have it
  Why why = Why::kNone;
  bool must = false;                ///< the rows stay, when they are few
  std::size_t few = 0;              ///< as many are few
  std::vector<std::uint32_t> rows;  ///< ascending, each once
};

/// What the question says about rows, and what rows say by themselves, as features. Time is linear in the text.
std::vector<Feature> find_features(const Document& document, const std::vector<Shape>& shapes, const Query& query);

}  // namespace headroom::compress::search
