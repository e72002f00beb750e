#pragma once

#include <string_view>

#include <tree_sitter/api.h>

namespace headroom::compress::code {

/// How a body is delimited, which decides what a gap in its place looks like.
enum class Layout {
  kBraces,  ///< "{" and "}"
  kEnd,     ///< Ruby: up to "end"
  kIndent,  ///< Python: by indentation; an empty body needs a statement
};

/// A language that has a grammar. All of them are constants, so a pointer may be kept.
struct Language {
  std::string_view name;     ///< "python", "c++"
  std::string_view comment;  ///< what opens a comment to the end of the line: "#", "//"
  Layout layout;
  const TSLanguage* (*grammar)();
  std::string_view comment_end;  ///< what must close a comment: " */"
};

/// By the extension of `path` (or its whole name, for Rakefile and the like), then by what the text looks like: a
/// shebang, or the words that only one language has. nullptr when neither tells.
const Language* find_language(std::string_view path, std::string_view text);

/// False when a text of some length has next to nothing that its language would have: then it is data, or minified, or
/// of another language, and parsing it would only take time.
bool looks_written(const Language& language, std::string_view text);

/// By name, as in Language::name; nullptr when there is none.
const Language* language_by_name(std::string_view name);

}  // namespace headroom::compress::code
