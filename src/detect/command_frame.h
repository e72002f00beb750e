#pragma once

#include <cstddef>
#include <string_view>

namespace headroom::detect {

/// What a command printed, within what a tool says of the run around it.
struct CommandFrame {
  std::size_t begin = 0, end = 0;  ///< bytes of what was printed
};

/// Lines such as "Process exited with code 0" before a line "Output:", and lines such as "[The command completed with
/// exit code 1.]" or "Exit Code: 0" at the end. The whole text where there are none. Looks at a few lines.
CommandFrame command_frame(std::string_view text);

}  // namespace headroom::detect
