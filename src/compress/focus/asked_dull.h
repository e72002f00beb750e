#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "compress/compressor.h"
#include "compress/focus/stack_frames.h"

namespace headroom::compress::focus {

/// Clears `why` for dull lines that the question is about after all: frames with a word of it that no frame of the
/// program has ("flask", "handle_user_exception"), a dump under a heading that it names ("Modulus:"), and all dumps
/// where it asks for digits as they are ("in PEM"). `frames`: what each line is in a stack trace.
void clear_asked(std::span<const std::string_view> lines, const Query& query, std::span<const FrameOf> frames,
                 std::vector<std::string_view>& why);

}  // namespace headroom::compress::focus
