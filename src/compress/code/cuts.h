#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <tree_sitter/api.h>

#include "compress/code/language.h"
#include "compress/code/node_kinds.h"

namespace headroom::compress::code {

/// What the rest would be like if some rows went.
enum class Cut : std::uint8_t {
  kTears,    ///< it would no longer parse as it did: the rows begin or end within something
  kClean,    ///< whole statements, members, items or comments go, out of a list of them
  kEmpties,  ///< ... and leave nothing of a block that needs a statement, as Python's do
};

/// Tells from the tree what rows can go, so that the result need not be parsed to be known to parse. A list of
/// statements without some of them is still one, and an empty one between "{" and "}" as well; that is all that is
/// used.
class Cuts {
 public:
  /// All arguments must outlive it.
  Cuts(const Language& language, const NodeKinds& kinds, const TSTree& tree, const std::vector<std::string_view>& rows);
  ~Cuts() { ts_tree_cursor_delete(&cursor_); }
  Cuts(const Cuts&) = delete;
  Cuts& operator=(const Cuts&) = delete;

  struct Found {
    Cut cut = Cut::kTears;
    std::uint32_t row = 0;  ///< of the first thing that goes: what takes its place stands where it stood
  };

  /// Rows [first, last] of the code. `around`: a node that is likely to be around them all, or a null node.
  Found check(std::uint32_t first, std::uint32_t last, TSNode around);
  /// The same for whole items of their own. Where the code does not parse as it stands, as headers full of macros do
  /// not, they may also go when their brackets match.
  Found check_items(std::uint32_t first, std::uint32_t last);

 private:
  /// [from, last) begins and ends with what is no space; up to `to` there is only space.
  struct Range {
    std::size_t from = 0, last = 0, to = 0;
  };
  /// Children of one node that a range takes in.
  struct Gone {
    std::size_t things = 0;  ///< comments and what separates things aside
    TSNode first{};          ///< of them
    TSNode next{};           ///< what follows the range
  };

  Range trimmed(std::size_t from, std::size_t to) const;
  std::size_t end_of(TSNode node) const;
  Found within(TSNode parent, const Range& range);
  /// From the cursor on, among the children of what could not be parsed.
  Found within_error(const Range& range);
  /// From the cursor on; false where a child is torn or cannot go.
  bool collect(const Range& range, Gone& gone);
  Found judge(TSNode parent, const Range& range, const Gone& gone);
  bool is_root(TSNode node) const;
  bool is_list(TSNode node) const;
  bool keeps_statement(TSNode block, const Range& gone);

  const Language& language_;
  const NodeKinds& kinds_;
  TSNode root_;
  const std::vector<std::string_view>& rows_;
  const char* code_;  ///< where row 0 begins
  TSTreeCursor cursor_;
};

}  // namespace headroom::compress::code
