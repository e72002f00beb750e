#include "cli/workspace.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/hash.h"

namespace headroom::cli {
namespace {

TEST(Workspace, CcrMaxMbBoundsTheRoomForOriginals) {
  config::Options options;
  options.stateless = true;
  options.ccr_max_mb = 1;
  base::FakeClock clock;
  const auto store = open_originals(options, clock);
  ASSERT_TRUE(store);
  for (int i = 0; i < 3; ++i) {
    store::Original original;
    original.content = std::to_string(i) + std::string(600 * 1024, 'x');
    original.id = base::content_id(original.content);
    ASSERT_TRUE((*store)->put(std::vector{original}));
    clock.advance_ms(2 * 3600 * 1000);
  }
  ASSERT_TRUE((*store)->sweep());
  EXPECT_EQ((*store)->stats()->entries, 1);
}

TEST(Workspace, CcrTtlSecondsIsTheIdleTimeAndNeverOutlivedByTheUsualLastDay) {
  config::Options options;
  options.ccr_ttl_seconds = 60;
  EXPECT_EQ(retention(options).idle_ttl_ms, 60'000);
  options.ccr_ttl_seconds = 400LL * 24 * 3600;
  EXPECT_EQ(retention(options).absolute_ttl_ms, retention(options).idle_ttl_ms);
  options.ccr_ttl_seconds = 0;
  EXPECT_EQ(retention(options).idle_ttl_ms, 0);
  EXPECT_EQ(retention(options).absolute_ttl_ms, 0);
}

TEST(Workspace, WithoutCcrThereIsNoStoreAndNothingIsDropped) {
  config::Options options;
  options.no_ccr = true;
  const base::SystemClock clock;
  EXPECT_EQ(*open_originals(options, clock), nullptr);
  EXPECT_TRUE(pipeline_options(options).lossless);
}

TEST(Workspace, ThePipelineGetsWhatTheOptionsSay) {
  config::Options options;
  options.min_tokens = 7;
  options.target_tokens = 8;
  options.time_budget_ms = 9;
  options.protect_tool_results = {"Read"};
  const context::PipelineOptions pipeline = pipeline_options(options);
  EXPECT_EQ(pipeline.min_tokens, 7U);
  EXPECT_EQ(pipeline.target_tokens, 8U);
  EXPECT_EQ(pipeline.time_budget_ms, 9);
  EXPECT_EQ(pipeline.protected_tools, options.protect_tool_results);
  EXPECT_FALSE(pipeline.lossless);
}

}  // namespace
}  // namespace headroom::cli
