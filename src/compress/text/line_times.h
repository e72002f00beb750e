#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::compress::text {

/// A text without what the machine that ran a job wrote before each line. Line N of it is line N of the original.
struct Untimed {
  std::string text;
  std::string what;  ///< "times of 35 lines (2026-11-02T10:08:51Z to 2026-11-02T10:08:54Z) taken out"
};

/// Of the log of a job, as services that build and test give it out: each line begins with a time in steps of 100 ns
/// ("2026-11-02T10:08:51.1180423Z "), which may stand behind the names of the job and the step. nullopt: the text is no
/// such log. Not invertible, so whoever uses the result keeps the original.
std::optional<Untimed> without_times(std::string_view text);

/// The user's words may be about when things happened, or how long they took.
bool asks_about_time(std::string_view user);

/// The same of what the assistant says before a call. It often says "let me take a look", so fewer words tell.
bool looks_for_time(std::string_view intent);

}  // namespace headroom::compress::text
