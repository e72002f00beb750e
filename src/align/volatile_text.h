#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::align {

/// What kind of thing varies from request to request.
enum class Kind : std::uint8_t {
  kId,        ///< of a request, a trace, a session; nonces; UUIDs
  kMoment,    ///< dates, times of day, seconds since 1970
  kTempPath,  ///< below a folder for temporary files
  kFolder,    ///< the working folder, after a label that says so
  kGit,       ///< branch, status, recent commits
  kCounter,   ///< tokens left, turn, cost so far
};
std::string_view kind_name(Kind kind);

/// A value in a text that is clearly of such a kind. By itself this changes nothing: most of these never vary.
struct Volatile {
  Kind kind = Kind::kId;
  std::size_t begin = 0, end = 0;
  std::string label;    ///< what stands before it on its line, shortened; may be empty
  std::string id_name;  ///< kId: the name before the value, as written ("session_id"); may be empty
  bool silent = false;  ///< kId in a place where nothing speaks of it: the model cannot care which value it has
};

/// No value is larger, and no text has more of them: what goes beyond is not set apart.
inline constexpr std::size_t kMaxValueBytes = 4096;
inline constexpr std::size_t kMaxValues = 2048;

/// All of them, in order, not overlapping. Linear in the text; for valid UTF-8 they begin and end between characters.
std::vector<Volatile> volatile_values(std::string_view text);

}  // namespace headroom::align
