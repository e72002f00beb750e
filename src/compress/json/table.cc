#include "compress/json/table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <unordered_map>

#include "base/hash.h"
#include "compress/json/cell.h"
#include "compress/json/column_builder.h"
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
/// Arrays of containers inside rows that are this long on average get tables of their own instead of cells.
constexpr std::size_t kLongInner = 10;

bool is_container(const JsonNode& node) {
  return node.kind == JsonKind::kArray || node.kind == JsonKind::kObject;
}

/// Members of the first element when every element of every array in the column is an object with just those members.
/// The column's values are numbered.
std::vector<std::string_view> common_tuple(const JsonDocument& doc, const Column& column) {
  std::vector<std::string_view> keys;
  std::size_t elements = 0;
  for (std::size_t value = 1; value < column.examples.size(); ++value) {
    const JsonNode& node = doc.node(column.examples[value]);
    if (node.kind != JsonKind::kArray) continue;
    elements += std::size_t{node.size} * column.counts[value];
    for (const JsonNode& item : doc.children(node)) {
      if (item.kind != JsonKind::kObject || item.size == 0) return {};
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

/// Bytes of the arrays of containers in the value that could be tables; those in its members' objects, too.
std::size_t inner_bytes(const JsonDocument& doc, const JsonNode& value, int depth = 0) {
  static constexpr int kDeepest = 8;
  if (value.kind == JsonKind::kArray) {
    const bool table = value.size >= kMinRows && is_container(doc.node(doc.index_of(value) + 1));
    if (table) return value.raw.size();
  } else if (value.kind != JsonKind::kObject) {
    return 0;
  }
  std::size_t bytes = 0;
  if (depth == kDeepest) return bytes;
  for (const JsonNode& child : doc.children(value)) bytes += inner_bytes(doc, child, depth + 1);
  return bytes;
}

/// True for a few rows that are mostly what their inner arrays hold: as cells these could not be tables.
bool is_frame_of_tables(const JsonDocument& doc, const std::vector<std::uint32_t>& rows) {
  static constexpr std::size_t kMostRows = 5, kLeastBytes = 2000;
  if (rows.size() > kMostRows) return false;
  std::size_t inner = 0, all = 0;
  for (const std::uint32_t row : rows) {
    inner += inner_bytes(doc, doc.node(row));
    all += doc.node(row).raw.size();
  }
  return inner >= kLeastBytes && inner * 10 > all * 7;
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
  ColumnBuilder builder(doc, table.rows.size());
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

/// The first and the last bytes, as many as `Half` has each, side by side: all of them where there are no more.
template <typename Half>
std::uint64_t both_ends(std::string_view raw) {
  Half head{}, tail{};
  std::memcpy(&head, raw.data(), sizeof head);
  std::memcpy(&tail, raw.data() + raw.size() - sizeof tail, sizeof tail);
  return head | static_cast<std::uint64_t>(tail) << (8 * (raw.size() - sizeof tail));
}

/// Of values of up to 8 bytes no two have the same.
std::uint64_t value_hash(std::string_view raw) {
  if (raw.size() > sizeof(std::uint64_t) || raw.empty()) return base::hash64(raw);
  std::uint64_t bytes = raw.size() >= 4   ? both_ends<std::uint32_t>(raw)
                        : raw.size() >= 2 ? both_ends<std::uint16_t>(raw)
                                          : both_ends<std::uint8_t>(raw);
  bytes = (bytes ^ bytes >> 32) * 0x9e3779b97f4a7c15;
  return bytes ^ bytes >> 29;
}

}  // namespace

void number_values(const JsonDocument& doc, Column& column) {
  // Numbers by their hash; open addressing, never more than half full.
  std::vector<std::uint32_t> numbers(std::bit_ceil(column.cells.size() * 2 + 2), 0);
  const std::size_t mask = numbers.size() - 1;
  std::vector<std::uint64_t> hashes = {0};  // by number
  column.counts.push_back(0);
  column.examples.push_back(kMissing);
  column.values.reserve(column.cells.size());
  std::uint32_t last = 0;
  for (std::uint32_t cell : column.cells) {
    std::uint32_t value = 0;
    if (cell != kMissing) {
      const std::uint64_t hash = value_hash(doc.node(cell).raw);
      if (last == 0 || hash != hashes[last]) {
        std::size_t at = hash & mask;
        while (numbers[at] != 0 && hashes[numbers[at]] != hash) at = (at + 1) & mask;
        if (numbers[at] == 0) {
          numbers[at] = static_cast<std::uint32_t>(hashes.size());
          hashes.push_back(hash);
          column.counts.push_back(0);
          column.examples.push_back(cell);
        }
        last = numbers[at];
      }
      value = last;
    }
    ++column.counts[value];
    column.values.push_back(value);
  }
}

std::optional<Table> build_table(const JsonDocument& doc, const JsonNode& node) {
  const bool entries = node.kind == JsonKind::kObject;
  if (!is_container(node) || node.size < (entries ? kMinEntries : kMinRows)) return std::nullopt;
  Table table;
  table.node = doc.index_of(node);
  table.rows.reserve(node.size);
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
    if (!built && !has_long_inner(doc, table.rows) && !is_frame_of_tables(doc, table.rows)) {
      built = build_objects(doc, table, {});
    }
  }
  if (!built) {
    if (entries || node.size < kMinItems || has_long_inner(doc, table.rows)) return std::nullopt;
    table.kind = Table::Kind::kItems;
    table.irregular.assign(table.rows.size(), false);
    table.columns.clear();
    table.columns.emplace_back().cells = table.rows;
  }
  for (Column& column : table.columns) {
    number_values(doc, column);
    const bool named = table.kind != Table::Kind::kLists && table.kind != Table::Kind::kItems;
    if (named && table.children != static_cast<std::uint32_t>(&column - table.columns.data())) {
      column.tuple_keys = common_tuple(doc, column);
    }
  }
  return table;
}

}  // namespace headroom::compress::json
