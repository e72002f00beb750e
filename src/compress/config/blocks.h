#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compress/config/tree.h"

namespace headroom::compress::config {

/// A block among siblings: a YAML document, an item of a list, a child of a map, a section, a block in braces.
struct Member {
  std::uint32_t begin = 0, end = 0;    ///< lines
  std::uint32_t name_line = kNone;     ///< the line that says its name
  std::string_view name;               ///< "payments"
  std::string_view kind;               ///< "Deployment", where blocks say their kind
  std::vector<std::uint32_t> differs;  ///< lines that its cluster's representative does not have alike
  std::string lacks;                   ///< what the representative has and it has not: "livenessProbe, limits"
  bool folded = false;                 ///< lines that are in `differs` say all that is to say about it
};

/// Siblings of one kind with mostly the same keys.
struct Cluster {
  std::vector<Member> members;
  std::uint32_t representative = 0;  ///< the member most like all others; an index
};

/// Clusters of at least three like blocks, none inside another's member.
std::vector<Cluster> find_clusters(const Tree& tree);

/// The key whose value must not be repeated anywhere: password, token, secret ...
bool names_secret(std::string_view key);

}  // namespace headroom::compress::config
