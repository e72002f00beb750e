#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::mcp {

/// The lines that have come over a descriptor and are not dealt with yet. A last line may lack its end.
class LineQueue {
 public:
  struct Line {
    std::string text;       ///< without its end
    bool too_long = false;  ///< had over `max_bytes`; `text` is empty
  };

  LineQueue(int in, std::size_t max_bytes) : in_(in), max_bytes_(max_bytes) {}

  /// Takes what has come, waiting up to `wait_ms` (negative: for ever) for something. False: nothing came in time.
  /// kIo when reading fails.
  base::Result<bool> fill(int wait_ms);
  /// Nothing more will come.
  bool ended() const { return ended_; }
  const std::deque<Line>& lines() const { return lines_; }
  /// So much waits that who may, should leave the rest where it is.
  bool full() const { return bytes_ > max_bytes_; }
  Line pop();
  /// Empties a line out of turn.
  std::string take(std::size_t index);

 private:
  void add(std::string_view part);
  void end_line();

  const int in_;
  const std::size_t max_bytes_;
  std::deque<Line> lines_;
  std::size_t bytes_ = 0;  // in lines_
  Line open_;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace headroom::mcp
