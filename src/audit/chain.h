#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::audit {

/// Lines of JSON of which each holds the hash of the one before and its own, so that none can be changed, taken out,
/// put in or moved without those behind it not fitting any more:
///
///   {"seq":2,"prev":"HASH OF LINE 1", ...,"hash":"SHA-256 OF ALL OF THE LINE BEFORE THIS MEMBER"}
///
/// Who can write the file can make all of it anew; and lines at the end can go. Both are found by who keeps a hash.
struct Link {
  std::uint64_t seq = 0;      ///< of the last line; 0: there is none
  std::string hash = kFirst;  ///< of the last line
  static constexpr const char* kFirst = "0000000000000000000000000000000000000000000000000000000000000000";
};

/// The line that follows `last`, with its line end; `last` becomes its link. `members`: of a JSON object, without
/// braces.
std::string seal(Link& last, std::string_view members);

/// What a sealed line says of itself (not whether that is true); nothing for any other text. Without its line end.
struct Sealed {
  std::uint64_t seq = 0;
  std::string_view prev, hash;
  std::string_view covered;  ///< what the hash is of
};
std::optional<Sealed> read_sealed(std::string_view line);

/// What a check of all lines found.
struct Verdict {
  std::uint64_t lines = 0;  ///< that were looked at
  Link last;                ///< the end of what fits
  std::string problem;      ///< the first thing that does not fit, with its line; empty: all fits
  bool has_known = false;   ///< the hash that was asked for is that of a line
};
/// Reads to the first problem. `known`: a hash that must be in the chain; empty: none.
Verdict verify(std::istream& lines, std::string_view known = {});

}  // namespace headroom::audit
