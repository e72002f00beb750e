#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::wire {

/// A JSON object around one long text: {"exit_code":0,"output":"what a program printed","metadata":{...}}, also further
/// in: {"body":{"value":"a page"}}, [{"type":"text","text":"what a tool gave"}]. What is read is nearly all of the
/// object. The text may be such an object again, as what a server wraps is wrapped by its client once more; `text` is
/// what stands in the innermost. Dicts are read as Python prints them, too: {'status': 'ok', 'text': '...'}.
struct WrappedText {
  std::string before;    ///< {"exit_code":0,"output":, with what stands before the object
  std::string text;      ///< decoded
  std::string after;     ///< ,"metadata":{...}}
  unsigned strings = 1;  ///< JSON strings that the text stands in, one in the other
};

/// None where the text is no such object. A few lines may stand before it, such as that something was cut. Only what is
/// not that text is looked at closely.
std::optional<WrappedText> unwrap(std::string_view json);

/// The object with another text inside. Characters are escaped as JSON demands, in whichever way they were escaped.
std::string wrap(std::string_view before, std::string_view text, std::string_view after, unsigned strings = 1);

}  // namespace headroom::wire
