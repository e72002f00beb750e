#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::cli {

/// What the program exits with; documented in --help.
enum class ExitCode : int { kOk = 0, kFailure = 1, kUsage = 2, kNotFound = 3 };

enum class Colour { kNone, kBold, kDim, kGreen, kYellow, kRed };

/// The three standard streams, and whether they want colour: only a terminal does, and not with NO_COLOR or TERM=dumb.
/// One per process, used from the main thread.
class Console {
 public:
  Console();

  /// To standard output. False once the reader is gone or the disk is full.
  bool print(std::string_view text);
  /// To standard error.
  void note(std::string_view text);
  /// "headroom: text" to standard error, in red on a terminal.
  void error(std::string_view text);

  /// `text` in a colour where standard output (or error) shows colours, else as it is.
  std::string paint(Colour colour, std::string_view text) const;
  std::string paint_note(Colour colour, std::string_view text) const;
  bool out_is_terminal() const { return out_terminal_; }

  /// All of the file, or of standard input for "-". kIo says why not.
  static base::Result<std::string> read(const std::string& path);

 private:
  bool out_terminal_ = false;
  bool out_colour_ = false;
  bool note_colour_ = false;
};

}  // namespace headroom::cli
