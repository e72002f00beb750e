#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compress/code/outline.h"

namespace headroom::compress::code {

/// Members of one class, one after the other, of one plain statement each: getters and setters. They tell nothing
/// beyond their names.
struct PlainRun {
  Rows rows;
  std::string names;  ///< of all of them, in order, cut where they are many
};

/// Runs of many such members of which `asked` is true for none; asked members part a run.
std::vector<PlainRun> plain_runs(const Outline& outline, const std::vector<std::string_view>& rows,
                                 const std::function<bool(std::uint32_t unit, Rows rows)>& asked);

}  // namespace headroom::compress::code
