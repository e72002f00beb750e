#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compress/log/line.h"
#include "compress/log/quantity.h"
#include "compress/log/templates.h"

namespace headroom::compress::log {

/// A value that one place of a template takes.
struct SlotValue {
  std::uint32_t hash = 0;
  std::uint32_t count = 0;
  std::uint32_t first = 0;  ///< line
  std::uint32_t last = 0;   ///< line
  std::string_view text;
};

/// What one varying place of a template holds over all its lines.
struct Slot {
  std::uint32_t token = 0;        ///< index of the token in the line
  std::vector<SlotValue> values;  ///< the distinct ones, in order of appearance, unless `many`
  bool many = false;              ///< more distinct values than are worth listing
  std::vector<SlotValue> heads;   ///< the first parts of the values ("10" of "10.0.3.7"); empty when there are many
  std::vector<SlotValue> tails;   ///< their last parts ("jpg" of "a/b.jpg"); empty when there are many
  std::uint32_t numbers = 0;      ///< lines in which it is a quantity
  std::uint32_t words = 0;        ///< lines in which it is a word
  std::uint32_t first_word = 0, last_word = 0;  ///< lines
  std::uint32_t min_line = 0;
  std::uint32_t max_line = 0;
  Quantity min;
  Quantity max;
  double low = 0;         ///< 10th percentile of a sample
  double median = 0;      ///< of a sample
  double high = 0;        ///< 99th percentile of a sample
  bool measure = false;   ///< has a unit, or a name that says it measures something (latency, bytes, depth)
  std::string_view name;  ///< the word before it, where that reads like a name: "lag", "took"
};

struct TemplateSlots {
  std::uint32_t template_id = 0;
  std::vector<Slot> slots;
};

/// The slots of every template with at least `least` lines, in the order of `templates`.
std::vector<TemplateSlots> collect_slots(const Document& document, const std::vector<Template>& templates,
                                         std::uint32_t least);

}  // namespace headroom::compress::log
