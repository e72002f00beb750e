#include "detect/dump_shape.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"

namespace headroom::detect {
namespace {

constexpr std::size_t kTop = 600;           // bytes in which it says what it is
constexpr std::size_t kSample = 64 * 1024;  // bytes in which statements are looked for
constexpr std::size_t kFewest = 3;          // statements

/// "MySQL dump 10.13", "Dumped from database version 16", but not "-- Never dump what follows".
bool says_so(std::string_view top) {
  static constexpr std::array<std::string_view, 11> kTitles = {
      "mysql dump", "mariadb dump", "mysqldump", "mariadb-dump", "pg_dump",       "sql dump",
      "dump of",    "dumped from",  "dumped by", "dumping data", "database dump",
  };
  for (const std::string_view line : base::split_lines(top)) {
    if (!line.starts_with("--") && !line.starts_with("/*") && !line.starts_with('#')) continue;
    if (std::ranges::any_of(kTitles, [&](std::string_view title) { return base::contains_ci(line, title); }))
      return true;
  }
  return top.starts_with("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;");
}

}  // namespace

bool is_database_dump(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kStatements = {"CREATE TABLE ", "INSERT INTO ", "COPY ",
                                                                  "ALTER TABLE "};
  if (!says_so(text.substr(0, kTop))) return false;
  std::size_t found = 0;
  text = text.substr(0, kSample);
  for (std::size_t at = 0; at < text.size() && found < kFewest; at = std::min(text.find('\n', at), text.size()) + 1) {
    const std::string_view line = text.substr(at, 16);
    found += std::ranges::any_of(kStatements, [&](std::string_view word) { return line.starts_with(word); });
  }
  return found == kFewest;
}

}  // namespace headroom::detect
