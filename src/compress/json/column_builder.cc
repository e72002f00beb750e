#include "compress/json/column_builder.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "compress/json/cell.h"

namespace headroom::compress::json {
namespace {

using base::JsonKind;
using base::JsonNode;

/// More distinct members than this is a map, not a record.
constexpr std::size_t kMaxFields = 400;

/// The members of many objects, merged into one order.
struct MergedFields {
  struct Field {
    std::string_view key_raw;
    std::vector<std::uint32_t> cells;
    std::uint32_t next = kMissing;
    std::uint32_t rank = 0;
  };
  std::vector<Field> fields;
  std::vector<std::uint32_t> order;  ///< field numbers in merged order
  std::size_t members = 0;
};

template <typename Word>
Word load(const char* at) {
  Word word{};
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// a == b, for keys: short, and mostly the same.
bool same_key(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() < 4) return a == b;
  if (a.size() < 8) {
    const std::size_t tail = a.size() - 4;
    return load<std::uint32_t>(a.data()) == load<std::uint32_t>(b.data()) &&
           load<std::uint32_t>(a.data() + tail) == load<std::uint32_t>(b.data() + tail);
  }
  for (std::size_t at = 0; at + 8 < a.size(); at += 8) {
    if (load<std::uint64_t>(a.data() + at) != load<std::uint64_t>(b.data() + at)) return false;
  }
  const std::size_t tail = a.size() - 8;
  return load<std::uint64_t>(a.data() + tail) == load<std::uint64_t>(b.data() + tail);
}

/// Marks the rows whose members (field numbers, row by row in `sequence`) are not in merged order; true for none.
bool mark_unordered(MergedFields& fields, const std::vector<std::uint32_t>& sequence,
                    const std::vector<std::uint32_t>& starts, std::vector<bool>& irregular) {
  std::uint32_t rank = 0;
  for (std::uint32_t at : fields.order) fields.fields[at].rank = rank++;
  bool ordered = true;
  for (std::size_t row = 0; row + 1 < starts.size(); ++row) {
    for (std::size_t i = starts[row] + 1; i < starts[row + 1]; ++i) {
      if (fields.fields[sequence[i - 1]].rank < fields.fields[sequence[i]].rank) continue;
      irregular[row] = true;
      ordered = false;
    }
  }
  return ordered;
}

/// The fields such that each comes before those that follow it in any row, as far as the rows agree; else in the order
/// given.
std::vector<std::uint32_t> order_by_neighbours(std::vector<std::uint32_t> order,
                                               const std::vector<std::uint32_t>& sequence,
                                               const std::vector<std::uint32_t>& starts) {
  std::vector<std::vector<bool>> before(order.size(), std::vector<bool>(order.size(), false));
  std::vector<std::uint32_t> waits(order.size(), 0);
  for (std::size_t row = 0; row + 1 < starts.size(); ++row) {
    for (std::size_t i = starts[row] + 1; i < starts[row + 1]; ++i) {
      if (before[sequence[i - 1]][sequence[i]]) continue;
      before[sequence[i - 1]][sequence[i]] = true;
      ++waits[sequence[i]];
    }
  }
  std::vector<std::uint32_t> out;
  while (!order.empty()) {
    auto next = std::ranges::find_if(order, [&](std::uint32_t field) { return waits[field] == 0; });
    if (next == order.end()) next = order.begin();
    const std::uint32_t field = *next;
    order.erase(next);
    out.push_back(field);
    for (std::uint32_t other : order) {
      if (before[field][other] && waits[other] > 0) --waits[other];
    }
  }
  return out;
}

}  // namespace

struct ColumnBuilder::Fields : MergedFields {};

std::optional<ColumnBuilder::Fields> ColumnBuilder::merge(const std::vector<std::uint32_t>& objects,
                                                          std::vector<bool>& irregular) const {
  Fields out;
  std::unordered_map<std::string_view, std::uint32_t> by_key;
  std::vector<std::uint32_t> sequence, starts;
  starts.reserve(objects.size() + 1);
  std::uint32_t head = kMissing;
  for (std::size_t row = 0; row < objects.size(); ++row) {
    starts.push_back(static_cast<std::uint32_t>(sequence.size()));
    if (objects[row] == kMissing) continue;
    const JsonNode& object = doc_.node(objects[row]);
    if (sequence.empty()) sequence.reserve(objects.size() * object.size);
    std::uint32_t previous = kMissing;
    for (const JsonNode& member : doc_.children(object)) {
      std::uint32_t at = previous == kMissing ? head : out.fields[previous].next;
      if (at == kMissing || !same_key(out.fields[at].key_raw, member.key_raw)) {
        const auto [found, fresh] = by_key.try_emplace(member.key_raw, static_cast<std::uint32_t>(out.fields.size()));
        at = found->second;
        if (fresh) {
          if (out.fields.size() >= kMaxFields) return std::nullopt;
          Fields::Field field;
          field.key_raw = member.key_raw;
          std::uint32_t& link = previous == kMissing ? head : out.fields[previous].next;
          field.next = link;
          link = at;
          out.fields.push_back(std::move(field));
        }
      }
      Fields::Field& field = out.fields[at];
      if (field.cells.size() > row) {
        irregular[row] = true;  // a duplicate key
      } else {
        if (field.cells.size() < row) field.cells.resize(row, kMissing);
        field.cells.push_back(doc_.index_of(member));
        ++out.members;
      }
      sequence.push_back(at);
      previous = at;
    }
  }
  starts.push_back(static_cast<std::uint32_t>(sequence.size()));
  for (Fields::Field& field : out.fields) field.cells.resize(objects.size(), kMissing);
  for (std::uint32_t at = head; at != kMissing; at = out.fields[at].next) out.order.push_back(at);
  const std::vector<bool> duplicates = irregular;
  if (!mark_unordered(out, sequence, starts, irregular)) {
    // Rows with few members each put them in by guess; all neighbours together know better.
    out.order = order_by_neighbours(out.order, sequence, starts);
    irregular = duplicates;
    mark_unordered(out, sequence, starts, irregular);
  }
  return out;
}

bool ColumnBuilder::add_group(const std::vector<std::uint32_t>& objects, const std::string& prefix, std::uint32_t group,
                              double min_fill, int depth) {
  std::vector<bool> irregular = irregular_;
  std::optional<Fields> merged = merge(objects, irregular);
  if (!merged || merged->fields.empty()) return false;
  const auto bad = static_cast<std::size_t>(std::ranges::count(irregular, true) - std::ranges::count(irregular_, true));
  std::size_t count = 0;
  for (std::uint32_t object : objects) count += object != kMissing;
  const double fill = static_cast<double>(merged->members) / static_cast<double>(count * merged->fields.size());
  if (bad * 8 > count || fill < min_fill) return false;
  irregular_ = std::move(irregular);
  for (std::uint32_t at : merged->order) {
    Fields::Field& field = merged->fields[at];
    std::string name = prefix;
    append_segment(name, field.key_raw);
    if (prefix.empty() && field.key_raw == leaf_key_) {
      add_leaf(std::move(name), std::move(field.cells), group);
    } else {
      add_field(name, std::move(field.cells), group, depth);
    }
  }
  return true;
}

void ColumnBuilder::add_field(const std::string& name, std::vector<std::uint32_t> cells, std::uint32_t group,
                              int depth) {
  std::vector<std::uint32_t> objects(cells.size(), kMissing), elements(cells.size(), kMissing);
  std::size_t present = 0, object_count = 0, element_count = 0;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    if (cells[row] == kMissing) continue;
    ++present;
    const JsonNode& node = doc_.node(cells[row]);
    if (node.kind == JsonKind::kObject && node.size > 0) {
      objects[row] = cells[row];
      ++object_count;
    } else if (node.kind == JsonKind::kArray && node.size == 1) {
      const JsonNode& only = doc_.node(cells[row] + 1);
      if (only.kind != JsonKind::kObject || only.size == 0) continue;
      elements[row] = cells[row] + 1;
      ++element_count;
    }
  }
  const bool as_object = object_count >= 2 && object_count * 2 > present;
  const bool as_element = !as_object && element_count >= 2 && element_count * 10 >= present * 9;
  if ((as_object || as_element) && depth < 12) {
    const std::vector<std::uint32_t>& inner = as_object ? objects : elements;
    std::vector<std::uint32_t> others = cells;
    std::size_t other_count = 0;
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (inner[row] != kMissing) others[row] = kMissing;
      other_count += others[row] != kMissing;
    }
    const std::size_t columns_before = columns_.size();
    std::uint32_t own_group = group;
    if (other_count > 0) {
      own_group = static_cast<std::uint32_t>(columns_.size());
      add_leaf(name, std::move(others), group);
    }
    if (add_group(inner, name + (as_object ? "." : "[0]."), own_group, 0.35, depth + 1)) return;
    columns_.resize(columns_before);
  }
  add_leaf(name, std::move(cells), group);
}

}  // namespace headroom::compress::json
