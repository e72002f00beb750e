#include "agents/child.h"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headroom::agents {
namespace {

/// A process that runs `script` as wrap runs an agent, and ends as that does.
pid_t process_that_runs(const char* script, bool ignore_hangup) {
  const pid_t process = fork();
  if (process == 0) {
    if (ignore_hangup) std::signal(SIGHUP, SIG_IGN);
    const auto end = run_child({"/bin/sh", "-c", script}, {});
    _exit(end ? end->code : 99);
  }
  return process;
}

int status_of(pid_t process) {
  int status = 0;
  waitpid(process, &status, WUNTRACED);
  return status;
}

TEST(Child, WhatNohupHasIgnoredStaysIgnored) {
  const int ignored = status_of(process_that_runs("kill -HUP $$; exit 7", true));
  ASSERT_TRUE(WIFEXITED(ignored));
  EXPECT_EQ(WEXITSTATUS(ignored), 7);
  const int not_ignored = status_of(process_that_runs("kill -HUP $$; exit 7", false));
  ASSERT_TRUE(WIFEXITED(not_ignored));
  EXPECT_EQ(WEXITSTATUS(not_ignored), 128 + SIGHUP);
}

TEST(Child, WhenItStopsItselfSoDoWe) {
  const pid_t process = process_that_runs("kill -STOP $$; exit 5", false);
  ASSERT_TRUE(WIFSTOPPED(status_of(process)));
  kill(process, SIGCONT);
  const int status = status_of(process);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 5);
}

}  // namespace
}  // namespace headroom::agents
