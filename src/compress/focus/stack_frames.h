#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace headroom::compress::focus {

/// What a line is in a stack trace.
enum class FrameOf : std::uint8_t { kNone, kProgram, kLibrary };

/// For each line, whether it belongs to a frame of a stack trace, and whether this lies in a library, in a run that is
/// worth a marker: beside frames of the program itself these tell little. Where an exception was raised is never
/// counted as such, in a library or not, and nothing is in a text without a frame of the program. Reads the traces of
/// Python, Java, JavaScript, .NET, Ruby, Rust, Go, and those with numbers ("#0 ...").
std::vector<FrameOf> stack_frames(std::span<const std::string_view> lines);

}  // namespace headroom::compress::focus
