#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::wire {

/// A JSON object around one long text: {"exit_code":0,"output":"what a program printed","metadata":{...}}, also further
/// in: {"body":{"value":"a page"}}, [{"type":"text","text":"what a tool gave"}]. What is read is nearly all of the
/// object. Views of the object's JSON.
struct WrappedText {
  std::string_view before;  ///< {"exit_code":0,"output":, with what stands before the object
  std::string text;         ///< decoded
  std::string_view after;   ///< ,"metadata":{...}}
};

/// None where the text is no such object. A few lines may stand before it, such as that something was cut. Only what is
/// not that text is looked at closely.
std::optional<WrappedText> unwrap(std::string_view json);

/// The object with another text inside.
std::string wrap(std::string_view before, std::string_view text, std::string_view after);

}  // namespace headroom::wire
