#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::base {

/// Half-open byte range [begin, end) of a body.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
  bool operator==(const Span&) const = default;
};

/// Replaces the bytes of `span` by `replacement`, which is already in the body's own encoding; or, where `kept` is not
/// empty, by that, likewise encoded. It stands elsewhere and must outlive the splicing: what is long is not copied.
struct Edit {
  Span span;
  std::string replacement;
  std::string_view kept = {};
};

/// The body with every edit made and every other byte as it was. Edits may come in any order; they must lie inside the
/// body and must not overlap (kInvalidArgument). No edits: an identical copy.
Result<std::string> splice(std::string_view body, std::span<const Edit> edits);

}  // namespace headroom::base
