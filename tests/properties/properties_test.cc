#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/text.h"
#include "compress/marker.h"
#include "context/pipeline.h"
#include "context/retrieve.h"
#include "samples.h"
#include "store/original_store.h"
#include "tokens/tokenizer.h"
#include "wire/wrapped_text.h"

namespace headroom::properties {
namespace {

constexpr std::string_view kModel = "gpt-4o";

/// A pipeline with a store of its own, as a new process would have it.
struct Process {
  explicit Process(context::PipelineOptions options = {})
      : pipeline(registry, store.get(), clock, std::move(options)) {}

  context::Outcome compress(const Sample& sample) const {
    const compress::Query query{
        sample.question, {}, sample.tool, sample.arguments, detect::read_tool_call(sample.tool, sample.arguments)};
    return pipeline.compress_text(sample.text, query, kModel);
  }

  base::FakeClock clock;  // stands still, so no time budget is ever spent
  compress::Registry registry = compress::Registry::standard();
  std::unique_ptr<store::OriginalStore> store = store::make_memory_store({}, clock);
  context::Pipeline pipeline;
};

/// Samples of every folder, and what chance makes of them.
const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = [] {
    std::vector<Sample> list = case_samples();
    const std::vector<Sample> more = mutated(list, 20260301, 400);
    list.insert(list.end(), more.begin(), more.end());
    return list;
  }();
  return all;
}

/// The parts of a compressed text that belong to one handle each: what stands before it, back to the one before.
struct Part {
  std::string id;
  std::string_view text;
};

std::vector<Part> parts_of(std::string_view text) {
  std::vector<Part> parts;
  std::size_t from = 0;
  for (std::size_t at = text.find("<<ccr:"); at != std::string_view::npos; at = text.find("<<ccr:", from)) {
    parts.push_back({std::string(text.substr(at + 6, 24)), text.substr(from, at - from)});
    from = at + 6;
  }
  return parts;
}

bool counts_lines(const context::Outcome& out) {
  return std::ranges::none_of(out.transforms,
                              [](const std::string& t) { return t.starts_with("json") || t == "xml:elements"; });
}

/// Never more tokens, and the figure is true; what all samples come to.
std::size_t tokens_after(const Process& process) {
  const tokens::Tokenizer& tokenizer = tokens::tokenizer_for_model(kModel);
  std::size_t sum = 0;
  for (const Sample& sample : samples()) {
    const context::Outcome out = process.compress(sample);
    EXPECT_FALSE(out.failed) << sample.name << ": " << out.skip_reason;
    sum += out.tokens_after;
    if (!out.changed) continue;
    EXPECT_LT(out.tokens_after, out.tokens_before) << sample.name;
    EXPECT_EQ(out.tokens_after, tokenizer.count(out.body)) << sample.name;
  }
  return sum;
}

TEST(Properties, NeverMoreTokensTheFigureIsTrueAndAggressiveIsNoLarger) {
  const std::size_t balanced = tokens_after(Process());
  EXPECT_LT(tokens_after(Process({.profile = compress::Profile::kAggressive})), balanced);
}

TEST(Properties, AnotherProcessDecidesTheSame) {
  const Process one;
  for (const Sample& sample : samples()) {
    const Process other;
    EXPECT_EQ(one.compress(sample).body, other.compress(sample).body) << sample.name;
  }
}

TEST(Properties, CompressedTextIsNotCompressedAgain) {
  const Process process;
  for (const Sample& sample : samples()) {
    Sample again = sample;
    const context::Outcome out = process.compress(sample);
    if (!out.changed || out.ids.empty()) continue;
    again.text = out.body;
    EXPECT_FALSE(process.compress(again).changed) << sample.name;
  }
}

/// The sample's text, or the one long text that its JSON is around.
std::string read_text(const Sample& sample) {
  auto wrapped = wire::unwrap(sample.text);
  return wrapped ? std::move(wrapped->text) : sample.text;
}

TEST(Properties, EveryHandleGivesBackBytesOfTheInput) {
  const Process process;
  for (const Sample& sample : samples()) {
    const context::Outcome out = process.compress(sample);
    const std::vector<std::string> ids = compress::marker_ids(out.body);
    EXPECT_EQ(ids, out.ids) << sample.name;
    for (const std::string& id : ids) {
      const auto original = process.store->get(id);
      ASSERT_TRUE(original.has_value()) << sample.name << ": " << id << " is not stored";
      EXPECT_NE(read_text(sample).find(original->content), std::string::npos) << sample.name;
    }
  }
}

TEST(Properties, GapsRiseAndTheirLinesComeBack) {
  const Process process;
  for (const Sample& sample : samples()) {
    const context::Outcome out = process.compress(sample);
    if (!counts_lines(out)) continue;
    for (const Part& part : parts_of(out.body)) {
      const auto original = process.store->get(part.id);
      ASSERT_TRUE(original.has_value()) << sample.name;
      const std::vector<std::string_view> lines = base::split_lines(original->content);
      std::size_t done = 0;
      for (const compress::Gap& gap : compress::find_gaps(part.text)) {
        EXPECT_GT(gap.first, done) << sample.name;
        EXPECT_GE(gap.last, gap.first) << sample.name;
        EXPECT_LE(gap.last, lines.size()) << sample.name;
        done = gap.last;
        const auto back = context::retrieve_lines(original->content, gap.first, gap.last);
        ASSERT_TRUE(back.has_value()) << sample.name << ": " << back.error().message;
        const char* end =
            gap.last < lines.size() ? lines[gap.last].data() : original->content.data() + original->content.size();
        EXPECT_EQ(*back, std::string(lines[gap.first - 1].data(), end)) << sample.name;
      }
    }
  }
}

TEST(Properties, LosslessWritesNoMarker) {
  const Process process({.lossless = true});
  for (const Sample& sample : samples()) {
    const context::Outcome out = process.compress(sample);
    EXPECT_TRUE(out.ids.empty()) << sample.name;
    if (out.changed && sample.text.find("<<ccr:") == std::string::npos) {
      EXPECT_EQ(out.body.find("<<ccr:"), std::string::npos) << sample.name;
    }
  }
}

}  // namespace
}  // namespace headroom::properties
