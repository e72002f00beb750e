#include "compress/json/table.h"

#include <algorithm>
#include <unordered_map>

#include "base/hash.h"
#include "compress/json/cell.h"
#include "compress/json/value_facts.h"

namespace headroom::compress::json {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::size_t kMinRows = 3;
constexpr std::size_t kMinEntries = 4;
constexpr std::size_t kMinItems = 12;
/// A map of plain values is taken for records from this size on, if the values are alike; else it is one thing's parts.
constexpr std::size_t kMinPlainMap = 60;
/// More distinct members than this is a map, not a record.
constexpr std::size_t kMaxFields = 400;
/// Arrays of containers inside rows that are this long on average get tables of their own instead of cells.
constexpr std::size_t kLongInner = 10;

bool is_container(const JsonNode& node) {
  return node.kind == JsonKind::kArray || node.kind == JsonKind::kObject;
}

/// The members of many objects, merged into one order.
struct Fields {
  struct Field {
    std::string_view key_raw;
    std::vector<std::uint32_t> cells;
    std::uint32_t next = kMissing;
    std::uint32_t rank = 0;
    std::size_t present = 0;
  };
  std::vector<Field> fields;
  std::vector<std::uint32_t> order;  ///< field numbers in merged order
  std::size_t members = 0;
};

/// Marks the rows whose members (field numbers, row by row in `sequence`) are not in merged order; true for none.
bool mark_unordered(Fields& fields, const std::vector<std::uint32_t>& sequence,
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

class Builder {
 public:
  Builder(const JsonDocument& doc, std::size_t row_count) : doc_(doc), irregular_(row_count, false) {}

  /// Appends the columns of `objects` (kMissing: row without one). False, and nothing changed, when they share no
  /// shape.
  bool add_group(const std::vector<std::uint32_t>& objects, const std::string& prefix, std::uint32_t group,
                 double min_fill, int depth);

  void add_leaf(std::string name, std::vector<std::uint32_t> cells, std::uint32_t group) {
    Column column;
    column.name = std::move(name);
    column.cells = std::move(cells);
    column.group = group;
    columns_.push_back(std::move(column));
  }

  const JsonDocument& doc_;
  std::vector<bool> irregular_;
  std::vector<Column> columns_;
  std::string_view leaf_key_;  ///< key that stays a plain column at the top (a tree's children)

 private:
  std::optional<Fields> merge(const std::vector<std::uint32_t>& objects, std::vector<bool>& irregular) const;
  void add_field(const std::string& name, std::vector<std::uint32_t> cells, std::uint32_t group, int depth);
};

std::optional<Fields> Builder::merge(const std::vector<std::uint32_t>& objects, std::vector<bool>& irregular) const {
  Fields out;
  std::unordered_map<std::string_view, std::uint32_t> by_key;
  std::vector<std::uint32_t> sequence, starts;
  std::uint32_t head = kMissing;
  for (std::size_t row = 0; row < objects.size(); ++row) {
    starts.push_back(static_cast<std::uint32_t>(sequence.size()));
    if (objects[row] == kMissing) continue;
    std::uint32_t previous = kMissing;
    for (const JsonNode& member : doc_.children(doc_.node(objects[row]))) {
      std::uint32_t at = previous == kMissing ? head : out.fields[previous].next;
      if (at == kMissing || out.fields[at].key_raw != member.key_raw) {
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
        field.cells.resize(row, kMissing);
        field.cells.push_back(doc_.index_of(member));
        ++field.present;
        ++out.members;
      }
      sequence.push_back(at);
      previous = at;
    }
  }
  starts.push_back(static_cast<std::uint32_t>(sequence.size()));
  for (std::uint32_t at = head; at != kMissing; at = out.fields[at].next) out.order.push_back(at);
  const std::vector<bool> duplicates = irregular;
  if (!mark_unordered(out, sequence, starts, irregular)) {
    // Rows with few members each put them in by guess; all neighbours together know better.
    out.order = order_by_neighbours(out.order, sequence, starts);
    irregular = duplicates;
    mark_unordered(out, sequence, starts, irregular);
  }
  for (Fields::Field& field : out.fields) field.cells.resize(objects.size(), kMissing);
  return out;
}

bool Builder::add_group(const std::vector<std::uint32_t>& objects, const std::string& prefix, std::uint32_t group,
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

void Builder::add_field(const std::string& name, std::vector<std::uint32_t> cells, std::uint32_t group, int depth) {
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

/// Members of the first element when every element of every array in the column is an object with just those members.
std::vector<std::string_view> common_tuple(const JsonDocument& doc, const Column& column) {
  std::vector<std::string_view> keys;
  std::size_t elements = 0;
  for (std::uint32_t cell : column.cells) {
    if (cell == kMissing || doc.node(cell).kind != JsonKind::kArray) continue;
    for (const JsonNode& item : doc.children(doc.node(cell))) {
      if (item.kind != JsonKind::kObject || item.size == 0) return {};
      ++elements;
      if (keys.empty()) {
        for (const JsonNode& member : doc.children(item)) keys.push_back(member.key_raw);
        continue;
      }
      if (item.size != keys.size()) return {};
      std::size_t at = 0;
      for (const JsonNode& member : doc.children(item)) {
        if (member.key_raw != keys[at++]) return {};
      }
    }
  }
  if (elements < 3) keys.clear();
  return keys;
}

void number_values(const JsonDocument& doc, Column& column) {
  std::unordered_map<std::uint64_t, std::uint32_t> numbers;
  numbers.reserve(64);
  column.counts.push_back(0);
  column.examples.push_back(kMissing);
  column.values.reserve(column.cells.size());
  std::string_view last_raw;
  std::uint32_t last = 0;
  for (std::uint32_t cell : column.cells) {
    std::uint32_t value = 0;
    if (cell != kMissing) {
      const std::string_view raw = doc.node(cell).raw;
      if (last != 0 && raw == last_raw) {
        value = last;
      } else {
        const auto [found, fresh] =
            numbers.try_emplace(base::hash64(raw), static_cast<std::uint32_t>(column.counts.size()));
        value = found->second;
        if (fresh) {
          column.counts.push_back(0);
          column.examples.push_back(cell);
        }
        last_raw = raw;
        last = value;
      }
    }
    ++column.counts[value];
    column.values.push_back(value);
  }
}

/// The member under which items hold arrays of items like themselves, or empty.
std::string_view children_key(const JsonDocument& doc, const JsonNode& array) {
  int looked = 0;
  for (const JsonNode& item : doc.children(array)) {
    if (++looked > 200) break;
    if (item.kind != JsonKind::kObject) continue;
    for (const JsonNode& member : doc.children(item)) {
      if (member.kind != JsonKind::kArray || member.size == 0) continue;
      std::size_t alike = 0, seen = 0;
      bool nested = false;
      for (const JsonNode& child : doc.children(member)) {
        if (child.kind != JsonKind::kObject) break;
        if (++seen > 20) break;
        std::size_t shared = 0;
        for (const JsonNode& inner : doc.children(child)) shared += doc.find(item, inner.key) != nullptr;
        alike += shared * 2 >= child.size && shared >= 2;
        const JsonNode* own = doc.find(child, member.key);
        nested = nested || (own != nullptr && own->kind == JsonKind::kArray && own->size > 0);
      }
      if (seen > 0 && alike * 10 >= std::min<std::size_t>(seen, 20) * 9 && nested) return member.key_raw;
    }
  }
  return {};
}

const JsonNode* member_by_raw(const JsonDocument& doc, const JsonNode& object, std::string_view key_raw) {
  for (const JsonNode& member : doc.children(object)) {
    if (member.key_raw == key_raw) return &member;
  }
  return nullptr;
}

bool add_tree_rows(const JsonDocument& doc, Table& table, const JsonNode& array, std::string_view key,
                   std::uint32_t parent, std::uint16_t depth) {
  if (depth > 200) return false;
  for (const JsonNode& item : doc.children(array)) {
    if (item.kind != JsonKind::kObject) return false;
    const auto row = static_cast<std::uint32_t>(table.rows.size());
    table.rows.push_back(doc.index_of(item));
    table.parents.push_back(parent);
    table.depths.push_back(depth);
    const JsonNode* children = member_by_raw(doc, item, key);
    if (children == nullptr || children->kind != JsonKind::kArray || children->size == 0) continue;
    if (!add_tree_rows(doc, table, *children, key, row, static_cast<std::uint16_t>(depth + 1))) return false;
  }
  return true;
}

/// True when the rows hold so much in inner arrays of containers that these deserve tables of their own.
bool has_long_inner(const JsonDocument& doc, const std::vector<std::uint32_t>& rows) {
  std::size_t inner = 0, largest = 0;
  for (std::uint32_t row : rows) {
    if (doc.node(row).kind != JsonKind::kObject) continue;
    for (const JsonNode& member : doc.children(doc.node(row))) {
      if (member.kind != JsonKind::kArray || member.size == 0) continue;
      if (!is_container(doc.node(doc.index_of(member) + 1))) continue;
      inner += member.size;
      largest = std::max<std::size_t>(largest, member.size);
    }
  }
  // Many rows with middling arrays are better off as rows that can be dropped whole.
  return (inner > kLongInner / 2 * rows.size() && inner > rows.size() * rows.size() / 2) || largest > 20 * kLongInner;
}

bool build_lists(const JsonDocument& doc, Table& table) {
  table.kind = Table::Kind::kLists;
  std::size_t widest = 0, bytes = 0, cells = 0;
  table.irregular.assign(table.rows.size(), false);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const JsonNode& node = doc.node(table.rows[row]);
    if (node.kind != JsonKind::kArray || node.size == 0) {
      table.irregular[row] = true;
      continue;
    }
    widest = std::max<std::size_t>(widest, node.size);
    cells += node.size;
    for (const JsonNode& item : doc.children(node)) bytes += is_container(item) ? item.raw.size() : 0;
  }
  if (widest > 64 || cells * 2 < widest * table.rows.size() || bytes * 2 > doc.node(table.node).raw.size())
    return false;
  for (std::size_t at = 0; at < widest; ++at) {
    Column column;
    column.name = std::to_string(at);
    column.cells.assign(table.rows.size(), kMissing);
    table.columns.push_back(std::move(column));
  }
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (table.irregular[row]) continue;
    std::size_t at = 0;
    for (const JsonNode& item : doc.children(doc.node(table.rows[row]))) {
      table.columns[at++].cells[row] = doc.index_of(item);
    }
  }
  return true;
}

bool build_objects(const JsonDocument& doc, Table& table, std::string_view children) {
  Builder builder(doc, table.rows.size());
  builder.leaf_key_ = children;
  std::vector<std::uint32_t> objects = table.rows;
  for (std::size_t row = 0; row < objects.size(); ++row) {
    if (doc.node(objects[row]).kind == JsonKind::kObject) continue;
    objects[row] = kMissing;
    builder.irregular_[row] = true;
  }
  if (!builder.add_group(objects, {}, kMissing, table.rows.size() < 6 ? 0.4 : 0.15, 0)) return false;
  if (static_cast<std::size_t>(std::ranges::count(builder.irregular_, true)) * 4 > table.rows.size()) return false;
  table.irregular = std::move(builder.irregular_);
  table.columns = std::move(builder.columns_);
  if (table.kind != Table::Kind::kTree) return true;
  std::string name;
  append_segment(name, children);
  for (std::size_t at = 0; at < table.columns.size(); ++at) {
    if (table.columns[at].name == name) table.children = static_cast<std::uint32_t>(at);
  }
  // A tree's row can not be given as plain JSON, because its children have rows of their own.
  return table.children != kMissing && std::ranges::count(table.irregular, true) == 0;
}

/// Objects that merely share a few members (the parts of one configuration) are no map of records. Many entries may
/// have members of their own as long as some members are common to nearly all.
bool is_record_map(const Table& table) {
  const std::size_t rows = table.rows.size();
  std::size_t cells = 0, common = 0;
  for (const Column& column : table.columns) {
    const std::size_t present = rows - static_cast<std::size_t>(std::ranges::count(column.cells, kMissing));
    cells += present;
    if (present * 4 >= rows * 3) common += present;
  }
  if (cells * 10 >= table.columns.size() * rows * 4) return true;
  return rows >= kMinPlainMap / 3 && common * 3 >= cells;
}

/// True when nearly all values follow one of a few patterns.
bool values_alike(const JsonDocument& doc, const Column& column) {
  std::unordered_map<std::uint64_t, std::size_t> shapes;
  for (std::uint32_t cell : column.cells) ++shapes[shape_of(doc.node(cell))];
  std::vector<std::size_t> sizes;
  for (const auto& [shape, count] : shapes) sizes.push_back(count);
  std::ranges::sort(sizes, std::greater<>());
  std::size_t top = 0;
  for (std::size_t at = 0; at < std::min<std::size_t>(2, sizes.size()); ++at) top += sizes[at];
  return top * 10 >= column.cells.size() * 9;
}

/// An object whose members are plain values of one kind, as rows of key and value.
std::optional<Table> plain_map(const JsonDocument& doc, Table table) {
  table.kind = Table::Kind::kEntries;
  table.irregular.assign(table.rows.size(), false);
  Column& column = table.columns.emplace_back();
  column.name = kValueColumn;
  column.cells = table.rows;
  number_values(doc, column);
  if (!values_alike(doc, column)) return std::nullopt;
  return table;
}

}  // namespace

std::optional<Table> build_table(const JsonDocument& doc, const JsonNode& node) {
  const bool entries = node.kind == JsonKind::kObject;
  if (!is_container(node) || node.size < (entries ? kMinEntries : kMinRows)) return std::nullopt;
  Table table;
  table.node = doc.index_of(node);
  std::size_t objects = 0, arrays = 0, filled = 0;
  for (const JsonNode& item : doc.children(node)) {
    objects += item.kind == JsonKind::kObject;
    arrays += item.kind == JsonKind::kArray;
    filled += item.kind == JsonKind::kObject &&
              (item.size >= 2 || (item.size == 1 && doc.node(doc.index_of(item) + 1).size >= 2));
    table.rows.push_back(doc.index_of(item));
  }
  bool built = false;
  if (entries) {
    if (objects + arrays == 0 && node.size >= kMinPlainMap) return plain_map(doc, std::move(table));
    if (objects < node.size || filled * 2 < node.size || has_long_inner(doc, table.rows)) return std::nullopt;
    table.kind = Table::Kind::kEntries;
    built = build_objects(doc, table, {});
    built = built && is_record_map(table);
  } else if (arrays * 5 >= node.size * 4) {
    built = build_lists(doc, table);
  } else if (objects * 5 >= node.size * 4) {
    if (const std::string_view key = children_key(doc, node); !key.empty()) {
      Table tree;
      tree.node = table.node;
      tree.kind = Table::Kind::kTree;
      if (add_tree_rows(doc, tree, node, key, kMissing, 0) && build_objects(doc, tree, key)) {
        table = std::move(tree);
        built = true;
      }
    }
    if (!built && !has_long_inner(doc, table.rows)) built = build_objects(doc, table, {});
  }
  if (!built) {
    if (entries || node.size < kMinItems || has_long_inner(doc, table.rows)) return std::nullopt;
    table.kind = Table::Kind::kItems;
    table.irregular.assign(table.rows.size(), false);
    table.columns.clear();
    table.columns.emplace_back().cells = table.rows;
  }
  for (Column& column : table.columns) {
    const bool named = table.kind != Table::Kind::kLists && table.kind != Table::Kind::kItems;
    if (named && table.children != static_cast<std::uint32_t>(&column - table.columns.data())) {
      column.tuple_keys = common_tuple(doc, column);
    }
    number_values(doc, column);
  }
  return table;
}

}  // namespace headroom::compress::json
