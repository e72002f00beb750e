#include "compress/config/problems.h"

#include <gtest/gtest.h>

namespace headroom::compress::config {
namespace {

TEST(Problems, AreToldByWordsAndByTheEndsOfNames) {
  for (const char* value : {"failed", "Result=oom-kill", "ProgressDeadlineExceeded", "CrashLoopBackOff", "\"FATAL\""})
    EXPECT_TRUE(is_problem(value)) << value;
  for (const char* value :
       {"on", "NewReplicaSetAvailable", "errorless", "/var/log/errors.log.1/that/is/long/enough/to/be/a/path", ""})
    EXPECT_FALSE(is_problem(value)) << value;
}

TEST(Problems, CausesAreToldByTheirKeys) {
  for (const char* key : {"reason", "message", "lastError", "Warning", "last_error"})
    EXPECT_TRUE(tells_cause(key)) << key;
  for (const char* key : {"reasons_allowed", "messages", "errors", "port", ""}) EXPECT_FALSE(tells_cause(key)) << key;
}

}  // namespace
}  // namespace headroom::compress::config
