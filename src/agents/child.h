#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace headroom::agents {

using EnvChanges = std::vector<std::pair<std::string, std::string>>;

/// How a process ended; `signal` is 0 unless one ended it.
struct ChildEnd {
  int code = 0;
  int signal = 0;
};

/// Runs a program (looked for on PATH) with this process's standard streams and terminal, and waits for it. What the
/// terminal sends goes to both, and this process leaves it to the program; signals that others send to this process are
/// passed on. kNotFound when there is no such program. Blocks signals in the calling thread while it runs; one at a
/// time.
base::Result<ChildEnd> run_child(const std::vector<std::string>& words, const EnvChanges& changes);

/// The same, with what the program writes to standard output and error taken in, in the order it comes.
struct ChildOutput {
  ChildEnd end;
  std::string text;
};
base::Result<ChildOutput> run_child_for_output(const std::vector<std::string>& words);

/// Starts a program that outlives this process: a session of its own, nothing on standard input, output and error
/// appended to `log`. Gives its process id.
base::Result<int> start_detached(const std::vector<std::string>& words, const std::string& log);

/// This program's file.
std::string program_path();

/// Where a program is that a shell would find; "" when it would not.
std::string find_program(std::string_view name, std::string_view path_variable);

/// Ends this process as the child ended: by the same signal, or gives its code.
int end_like(const ChildEnd& end);

/// Blocks until somebody ends this process: Ctrl-C, SIGTERM or SIGHUP.
void wait_for_end();

}  // namespace headroom::agents
