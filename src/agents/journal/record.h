#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/edit/edit.h"
#include "base/result.h"

namespace headroom::agents {

/// One value of a settings file.
struct KeyEdit {
  Format format = Format::kJson;
  KeyPath path;
  std::string json;  ///< empty: the key is taken out
};

/// A KeyEdit, or a whole file, with who made it.
struct OwnedEdit {
  std::string owner;
  KeyEdit key;
  std::optional<std::string> content;
};

/// What the journal knows of one file.
struct Record {
  std::string file;
  bool existed = false;  ///< before the first edit
  unsigned mode = 0600;
  std::string original;              ///< bytes before the first edit
  std::vector<std::string> folders;  ///< that were made for it, the outermost first
  std::vector<std::string> states;   ///< SHA-256 of what it may be when nobody else has changed it; "" for no file
  std::vector<OwnedEdit> edits;      ///< original and these make its content
  std::int64_t time_ms = 0;
};

std::string write_record(const Record& record);
base::Result<Record> read_record(std::string_view json);

/// The text with the edits made.
base::Result<std::string> with_edits(std::string text, const std::vector<OwnedEdit>& edits);

/// A text that somebody else has changed, too, without the edits: each key that still has our value gets that of
/// `original` again. Each that does not is not ours any more: it goes from `edits`, and `notes` gets a line.
base::Result<std::string> without_edits(std::string text, const std::string& original, std::vector<OwnedEdit>& edits,
                                        std::vector<std::string>& notes);

/// True for a settings file that says nothing.
bool says_nothing(std::string_view text);

}  // namespace headroom::agents
