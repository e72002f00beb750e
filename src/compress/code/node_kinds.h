#pragma once

#include <cstdint>
#include <vector>

#include <tree_sitter/api.h>

#include "compress/code/language.h"

namespace headroom::compress::code {

/// What a node of a tree is to us; several may hold.
enum Kind : std::uint16_t {
  kNamedUnit = 1,    ///< a function, a method: its signature always stays
  kAnonUnit = 2,     ///< a lambda, a closure, a Ruby block: a body, but no signature of its own
  kBlock = 4,        ///< its children are statements or members, each on lines of its own
  kComment = 8,      ///< of either sort
  kImport = 16,      ///< import, use, include
  kBinding = 32,     ///< gives what it holds a name: a declarator, an assignment, a pair
  kCall = 64,        ///< a call: its arguments may be functions
  kContainer = 128,  ///< a class, a trait, a namespace: its outline stays
  kString = 256,
  kData = 512,       ///< a literal of many values: array, map, initializer
  kValues = 2048,    ///< a list of named values: an enumeration, a block of constants
  kHereText = 1024,  ///< the text of a here-document, which belongs to the statement before it
};

/// Kinds by symbol of a grammar.
class NodeKinds {
 public:
  NodeKinds() = default;  ///< of no grammar
  explicit NodeKinds(const Language& language);
  std::uint16_t operator()(TSNode node) const {
    const TSSymbol symbol = ts_node_symbol(node);
    return symbol < kinds_.size() ? kinds_[symbol] : 0;
  }

 private:
  std::vector<std::uint16_t> kinds_;
};

}  // namespace headroom::compress::code
