#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress::log {

/// One of many rows that stand in a line: the bytes from its "(" to behind its ")".
struct Tuple {
  std::size_t begin = 0, end = 0;
};

/// The rows of a line such as "INSERT INTO t VALUES (1,'a'),(2,'b'),...": eight or more groups in round brackets with
/// nothing but commas between. Empty for any other line.
std::vector<Tuple> tuples_in(std::string_view line);

/// Of the rows those that differ (the only one with its value where few values occur, the smallest and the largest of a
/// column) and those with a value that is one of `values`, which are sorted. Few, ascending.
std::vector<Tuple> telling_tuples(std::string_view line, const std::vector<Tuple>& tuples,
                                  const std::vector<std::string>& values);

}  // namespace headroom::compress::log
