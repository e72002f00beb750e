#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::cli {

/// A table for people: columns as wide as their widest cell, numbers to the right.
class Table {
 public:
  struct Column {
    std::string_view heading;
    bool right = false;
    std::size_t max_width = 60;  ///< longer cells end in "..."
  };
  using Paint = std::function<std::string(std::string_view)>;

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }

  /// Each line indented by two blanks. `heading` paints the first line.
  std::string text(const Paint& heading = {}) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// 1234567 as "1,234,567".
std::string with_commas(std::int64_t number);

/// What `after` saves of `before`, as "42.0%"; "-" when there was nothing.
std::string saved_percent(std::int64_t before, std::int64_t after);

/// "1 item", "2 items".
std::string counted(std::int64_t number, std::string_view singular);

}  // namespace headroom::cli
