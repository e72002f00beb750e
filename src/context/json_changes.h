#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::context {

/// What a JSON text says otherwise than an earlier one, a line for each: "jobs[3].status: "completed"" a value that is
/// new or another, "jobs[4].{status: "queued", runner: null}" several of one object, "steps[0-3].status: "done"" one of
/// several items, "events, 1 new before [0]: {...}" items that are more, "events[14-15] not there" what is gone.
/// Indexes are those of the later text, those of what is gone of the earlier one. With the earlier text it says all
/// that the later one does, but for white space and the order of members.
struct JsonChanges {
  std::vector<std::string> lines;
};

/// nullopt where one of the texts is no JSON object or array, or the lines would take more than `most_bytes`.
std::optional<JsonChanges> json_changes(std::string_view earlier, std::string_view later, std::size_t most_bytes);

}  // namespace headroom::context
