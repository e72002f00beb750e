#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress::search {

/// What code looks like where a question describes it.
struct Concept {
  std::vector<std::string_view>
      texts;  ///< in the row, lower case; a leading or final letter or digit begins or ends a word
  std::vector<std::string_view> paths;  ///< in the path, lower case
  bool zero = false;                    ///< a value that switches off; see off_values()
  bool definition = false;              ///< a definition
  bool assignment = false;              ///< a value is set: "name = ..."
  bool comment = false;                 ///< a comment
  bool literal = false;                 ///< a number or a quoted string stands in it
  bool branch = false;                  ///< a condition
};

/// The concepts that the words of a question name; `stems` are base::words() of it.
std::vector<Concept> concepts_of(const std::vector<std::string>& stems);

/// Does the row's text hold one? `lower` is the lower-cased text;
/// off_values() aside.
bool meets(const Concept& wanted, std::string_view text, std::string_view lower, std::string_view lower_path);

/// Opens a definition: "def f(", "class X", "#define X", "struct x {", "export const f =", "int f(int) {".
bool is_definition(std::string_view text);

/// A whole row of comment.
bool is_comment(std::string_view text);

/// Values that switch something off: "x = 0", "timeout: None", "f(limit=-1)".
struct OffValue {
  std::size_t kind = 0;   ///< which value, and whether it is handed over or set: index below kOffKinds
  std::string_view name;  ///< what is set to it, in the row's own case; may be empty
};
inline constexpr std::size_t kOffKinds = 18;
std::vector<OffValue> off_values(std::string_view text, std::string_view lower);

}  // namespace headroom::compress::search
