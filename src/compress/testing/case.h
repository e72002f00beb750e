#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compress/compressor.h"
#include "detect/content_type.h"

namespace headroom::compress::testing {

/// A .case file: lines "KEY: VALUE", a line "---", then the tool's output as it came.
///   ask:     the user's request            intent:  what the assistant said before the call
///   tool:    the tool's name               args:    its arguments: a JSON object or a command line
///   type:    content type that the compressor is told; without it the folder's own
///   floor:   least saving, percent of o200k_base tokens
///   need:    a string that an answer needs inline (any number)
///   never:   a string that must be gone (any number)
struct Case {
  std::string name;
  Query query;
  std::string type;
  double floor = 0;
  std::vector<std::string> needs, nevers;
  std::string text;
};

/// The cases of src/FOLDER/cases, by name. Problems of a file are test failures.
std::vector<Case> read_cases(std::string_view folder);

/// The same for a folder anywhere.
std::vector<Case> read_cases_in(const std::filesystem::path& folder);

/// `type` is the one to use when the case names none.
Input input_of(const Case& c, detect::ContentType type, std::string_view id);

/// Gives back the input's lines that an output holds, gap markers left where they stand (each on a line of its own) and
/// the handle gone: the inverse of whatever exact rewriting the compressor does.
using Unfold = std::function<std::string(std::string_view output)>;

/// What must hold for every output of a compressor on the case: it says what is asked for, saves `floor`, carries one
/// handle when it is lossy, is no larger, comes out the same twice and unchanged when compressed again; its gaps and
/// the lines that `unfold` gives back are lines 1..N of the input, in order, each once. Without an id it is not lossy
/// and `unfold` gives the input byte for byte.
void check_case(const Compressor& compressor, const Case& c, detect::ContentType type, const Unfold& unfold);

/// The last of these for outputs of any origin: `unfolded` holds lines of `input` and gaps that tile it exactly.
void expect_tiles(std::string_view input, std::string_view unfolded, const std::string& name);

}  // namespace headroom::compress::testing
