#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "align/volatile_text.h"

namespace headroom::align {

/// A text with its volatile values taken out.
struct Skeleton {
  std::vector<Volatile> values;
  std::string text;  ///< what is left; two texts have equal ones only if they differ in nothing but their values
  std::vector<std::size_t> line_starts;  ///< where each line of the skeleton begins in the text

  /// Hashes of the first lines, Pin::kMaxLines at most.
  std::vector<std::uint32_t> line_hashes() const;
};

Skeleton skeleton_of(std::string_view text);

/// Those of the texts of one request, each made once: what tells conversations apart needs them, and what aligns their
/// prompts. The texts must outlive it. One thread.
class Skeletons {
 public:
  const Skeleton& of(std::string_view text);

 private:
  std::vector<std::pair<std::string_view, std::unique_ptr<const Skeleton>>> made_;  // few
};

/// For increasing offsets in the text that a JSON string literal stands for, where they are in the literal (its opening
/// quote is at 0).
std::vector<std::size_t> offsets_in_literal(std::string_view literal, std::span<const std::size_t> offsets);

/// A value for a report: one line, 80 bytes, nothing in it that looks like a key or a token.
std::string shown(std::string_view value);

}  // namespace headroom::align
