#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::compress::search {

/// The first line of what stands for `rg --json` output.
inline constexpr std::string_view kEventsTitle = "[rg --json: line:@offset from-to:text]";

/// A text with a line for each line of `rg --json` output: "path:12:@offset from-to,from-to:text" for a match,
/// "path-12-@offset:text" for context, "begin: path", "end: path figures", and lines as they came where an event has
/// another form. Nothing when hardly any line is such an event.
std::optional<std::string> flatten_events(std::string_view text);

/// The line of the event that a line of flatten_events() stands for; any other line as it is.
std::string restore_event(std::string_view line);

}  // namespace headroom::compress::search
