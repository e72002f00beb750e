#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.h"

namespace headroom::mcp {

/// Another program whose standard input and output are ours to write and read; its standard error is our own. It leads
/// a process group, so that what it starts can be ended with it. Its input is closed and its end waited for when this
/// goes.
class Child {
 public:
  /// `words`: the program, sought on the PATH, and its arguments. kNotFound or kIo when it cannot be started.
  static base::Result<Child> start(const std::vector<std::string>& words);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  int input() const { return input_; }    ///< to write to
  int output() const { return output_; }  ///< to read from
  void close_input();
  /// To it and all that it has started.
  void signal(int number) const;
  /// Its exit code, or 128 and the signal's number.
  int wait();

 private:
  Child(pid_t pid, int input, int output) : pid_(pid), input_(input), output_(output) {}

  pid_t pid_;
  int input_;
  int output_;
};

}  // namespace headroom::mcp
