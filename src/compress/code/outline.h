#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compress/code/language.h"
#include "compress/code/node_kinds.h"
#include "compress/code/syntax.h"

namespace headroom::compress::code {

/// Rows of the code, counted from 0, both included.
struct Rows {
  std::uint32_t first = 0, last = 0;
  std::uint32_t count() const { return last - first + 1; }
};

inline constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// Rows of a body that stay when it goes: a statement that holds a retained unit or a class.
struct Island {
  Rows rows;
  std::uint32_t statement = kNone;  ///< the one around it, whose head must stay, too
};

/// Something with a body that can be left out: a function, a method, a callback.
struct Unit {
  std::string name;              ///< empty when it has none
  std::string owner;             ///< the class that it belongs to
  TSNode node{};                 ///< in the tree; null where there is none
  std::uint32_t parent = kNone;  ///< the unit around it
  std::uint32_t start = 0;       ///< where its signature begins, decorators and attributes included
  std::uint32_t header_end = 0;  ///< the last row of the signature
  Rows body;                     ///< whole rows that can go
  std::uint32_t close = kNone;   ///< the row of "}" or "end", right behind the body, that a gap may take in
  bool retained = false;         ///< its signature stays even when the unit around it goes
  std::vector<Island> islands;
  std::uint32_t doc_row = kNone;   ///< Python: last row of the docstring that stays
  std::uint32_t doc_last = kNone;  ///< ... and its last row of all
  std::string doc_close;           ///< ... and what closes it when that row does not

  /// Whether its body goes is its own matter; else it goes with the unit around it.
  bool decides() const { return retained || parent == kNone; }
};

/// A comment, a run of them, or a docstring, alone on its rows. What follows its first words can go.
struct Remark {
  Rows rows;
  std::uint32_t keep = 0;  ///< rows at its start that stay
  std::string close;       ///< what the gap must end with so that the text parses: " */", or start with: "\"\"\""
  bool block = false;      ///< the gap stands inside it
  bool licence = false;
  std::uint32_t unit = kNone;
};

/// A long literal of many values, each on rows of its own.
struct Table {
  std::uint32_t head = 0;  ///< the row on which the statement begins that it belongs to
  std::vector<Rows> items;
};

struct Import {
  Rows rows;
};

/// A statement over several rows, for leaving out parts of a large body.
struct Statement {
  Rows rows;
  std::uint32_t parent = kNone;
};

/// What stands by itself outside of functions: a declaration, a constant, a function, a class, a statement of a script.
struct Item {
  Rows rows;                     ///< without comments above
  std::uint32_t parent = kNone;  ///< the class, namespace or "#if" that it is in
  bool fixed = false;            ///< shares its rows with another
};

/// Items one after the other that go as a whole, for one gap that says what they are called.
struct FoldedRun {
  Rows rows;
  std::string names;  ///< of all of them, in order, cut where they are many
};

struct Outline {
  std::vector<Unit> units;  ///< outer ones before inner ones
  std::vector<Item> items;  ///< in order, outer ones before inner ones
  std::vector<Remark> remarks;
  std::vector<Import> imports;
  std::vector<Table> tables;
  std::vector<Statement> statements;
  /// Per row: the innermost statement over several rows that the row belongs to; kNone outside of units.
  std::vector<std::uint32_t> statement_of;
  /// Per row: true where the row stands directly in a block of that statement, not in its head.
  std::vector<bool> in_block;
};

/// Walks the tree once, without recursion.
Outline read_outline(const Language& language, const NodeKinds& kinds, const TSTree& tree, std::string_view code,
                     const std::vector<std::string_view>& rows);

}  // namespace headroom::compress::code
