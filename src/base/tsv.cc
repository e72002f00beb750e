#include "base/tsv.h"

#include "base/text.h"

namespace headroom::base {

std::vector<std::vector<std::string_view>> tsv_rows(std::string_view table, std::size_t columns) {
  std::vector<std::vector<std::string_view>> rows;
  for (std::string_view line : split_lines(table)) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string_view>& cells = rows.emplace_back(columns);
    for (std::string_view& cell : cells) {
      const auto tab = line.find('\t');
      cell = line.substr(0, tab);
      line = tab == std::string_view::npos ? std::string_view() : line.substr(tab + 1);
    }
  }
  return rows;
}

}  // namespace headroom::base
