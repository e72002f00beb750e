#include "document/child_process.h"

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

namespace headroom::document {
namespace {

TEST(ChildProcess, GivesWhatTheWorkReturned) {
  const std::string large(3'000'000, 'x');
  const auto out = in_child_process([&] { return large; }, 10);
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(*out, large);
}

TEST(ChildProcess, DeathOfTheChildIsAnError) {
  const auto out = in_child_process([]() -> std::string { std::abort(); }, 10);
  ASSERT_FALSE(out.has_value());
  EXPECT_EQ(out.error().code, base::ErrorCode::kParse);
}

}  // namespace
}  // namespace headroom::document
