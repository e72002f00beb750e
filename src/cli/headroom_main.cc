#include <csignal>
#include <string>
#include <vector>

#include "cli/program.h"

int main(int argc, char** argv) {
  // A file that may not grow any more is an error to report, not a reason to end.
  std::signal(SIGXFSZ, SIG_IGN);
  headroom::cli::Console console;
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return headroom::cli::run_program(words, console);
}
