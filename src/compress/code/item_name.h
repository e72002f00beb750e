#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compress/code/outline.h"

namespace headroom::compress::code {

/// What the declaration, definition or statement in these rows is called, read from its words whatever the language is:
/// "extern int fclose (FILE *stream)" is fclose, "# define KEY_A 30" is KEY_A, "class Shelf(Base):" is Shelf. What has
/// no name goes by the words that it begins with, and is not `named`.
struct ItemName {
  std::string text;
  bool named = false;
  std::string head;  ///< what a definition begins with, up to and with its name: "func (w *Writer) Flush"
};
ItemName name_item(Rows item, const std::vector<std::string_view>& rows);

}  // namespace headroom::compress::code
