#include "telemetry/trace_context.h"

#include <gtest/gtest.h>

namespace headroom::telemetry {
namespace {

constexpr std::string_view kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceContextTest, ReadsTheHeaders) {
  const auto context = read_trace_context(kParent, "rojo=00f067aa0ba902b7");
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace.front(), 0x0a);
  EXPECT_EQ(context->trace.back(), 0x9c);
  EXPECT_EQ(context->parent.front(), 0xb7);
  EXPECT_EQ(context->parent.back(), 0x31);
  EXPECT_TRUE(context->sampled());
  EXPECT_TRUE(context->has_parent());
  EXPECT_EQ(context->trace_state, "rojo=00f067aa0ba902b7");
}

TEST(TraceContextTest, WhatIsNoneIsNone) {
  for (const std::string_view bad : {
           "",
           "00",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
           "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "00-00000000000000000000000000000000-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
           "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
       }) {
    EXPECT_FALSE(read_trace_context(bad, "")) << bad;
  }
}

TEST(TraceContextTest, AVersionToComeIsReadAsFarAsItIsKnown) {
  EXPECT_TRUE(read_trace_context("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-more", ""));
}

TEST(TraceContextTest, AStateThatIsTooLongOrNoTextIsLeftOut) {
  EXPECT_EQ(read_trace_context(kParent, std::string(513, 'a'))->trace_state, "");
  EXPECT_EQ(read_trace_context(kParent, "a=\xff")->trace_state, "");
}

TEST(SamplerTest, TheParentDecidesWhereThereIsOne) {
  const auto on = make_sampler("parentbased_always_on", ""), off = make_sampler("parentbased_always_off", "");
  ASSERT_TRUE(on && off);
  TraceContext alone;
  alone.trace.back() = 1;
  EXPECT_TRUE(on->takes(alone));
  EXPECT_FALSE(off->takes(alone));
  TraceContext child = *read_trace_context(kParent, "");
  EXPECT_TRUE(off->takes(child));
  child.flags = 0;
  EXPECT_FALSE(on->takes(child));
  EXPECT_TRUE(make_sampler("always_on", "")->takes(child)) << "nobody is asked";
}

TEST(SamplerTest, ARatioTakesTheLowIds) {
  const auto half = make_sampler("traceidratio", "0.5");
  ASSERT_TRUE(half);
  TraceContext context;
  context.trace[8] = 0x7f;
  EXPECT_TRUE(half->takes(context));
  context.trace[8] = 0x80;
  EXPECT_FALSE(half->takes(context));
  EXPECT_FALSE(make_sampler("traceidratio", "0")->takes(TraceContext{}));
  EXPECT_TRUE(make_sampler("traceidratio", "1")->takes(context));
}

TEST(SamplerTest, OtherNamesAreNone) {
  EXPECT_FALSE(make_sampler("jaeger_remote", ""));
  EXPECT_FALSE(make_sampler("traceidratio", "2"));
  EXPECT_FALSE(make_sampler("traceidratio", "half"));
}

}  // namespace
}  // namespace headroom::telemetry
