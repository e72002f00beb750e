#pragma once

#include <string_view>

#include "compress/log/line.h"

namespace headroom::compress::log {

struct Fact {
  std::string_view name, value;
};

/// The fact that a line is; see fact_name().
Fact read_fact(const Line& line);

/// "name" of a line that is "name:value" or "name=value" and nothing else, as reports of settings and counters have
/// them; "" for other lines. Such lines say different things where their names differ, however alike they look.
std::string_view fact_name(const Line& line);

}  // namespace headroom::compress::log
