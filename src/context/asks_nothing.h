#pragma once

#include <string_view>

namespace headroom::context {

/// "Fix it", "please try again", "the second one": it names nothing that could stand in a tool's output.
bool names_nothing(std::string_view message);

/// "Go on", "ok, staging is fine", or it names nothing: what was asked before it stands. So it does where the message
/// only answers a question (`answers`): "the one in staging", asks on: "and the api?",
/// or corrects: "no, the other file".
bool leaves_question(std::string_view message, bool answers = false);

}  // namespace headroom::context
