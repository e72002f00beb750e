#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json_document.h"
#include "base/result.h"
#include "compress/json/idle_members.h"
#include "compress/json/json_format.h"
#include "compress/json/table.h"
#include "compress/json/table_writer.h"

namespace headroom::compress::json {

/// A JSON text taken apart for writing: which arrays become tables, which strings are JSON themselves. Everything
/// outside the tables is written as minified JSON, so the layout of a text without tables is the minified text.
/// Views point into the text given to parse(), which must outlive the layout. Not changed after parse().
class Layout {
 public:
  /// JSON, or JSON values one after another; with `ndjson` one JSON value a line. `only_exact`: JSON inside a string is
  /// opened only when its white space and escapes can be given back; otherwise it is opened always, and exact() says
  /// whether that lost some.
  static base::Result<Layout> parse(std::string_view text, bool ndjson, bool only_exact = true);
  bool exact() const { return exact_; }

  /// All tables, those of embedded texts included, in document order.
  struct Part {
    const base::JsonDocument* doc;
    const Table* table;
  };
  const std::vector<Part>& tables() const { return tables_; }

  /// About how long write({}) is, without writing it.
  std::size_t about_bytes() const;

  /// The text. keeps[i]: rows of tables()[i] to show, empty for all; `keeps` itself may be empty for everything.
  /// `idle`: what leaves members out; nullptr: all stay.
  std::string write(const std::vector<std::vector<bool>>& keeps, IdleMembers* idle = nullptr) const;

 private:
  struct Unit {
    std::string text;  ///< owned text of an embedded or joined document; else empty
    base::JsonDocument doc;
    std::unordered_map<std::uint32_t, std::unique_ptr<Table>> tables;
    std::unordered_map<std::uint32_t, std::uint32_t> embedded;  ///< string node -> unit
    JsonStyle style;
  };
  struct Output;

  void plan(std::uint32_t unit, const base::JsonNode& node, std::string& label, int depth);
  void plan_string(std::uint32_t unit, const base::JsonNode& node, std::string& label, int depth);
  void write_value(Output& output, const Unit& unit, const base::JsonNode& node) const;

  std::deque<Unit> units_;
  std::vector<Part> tables_;
  std::unordered_map<const Table*, std::size_t> table_numbers_;
  bool ndjson_ = false;
  std::string_view sequence_;  ///< word before several values that do not stand one a line; else empty
  bool only_exact_ = true;
  bool exact_ = true;
};

}  // namespace headroom::compress::json
