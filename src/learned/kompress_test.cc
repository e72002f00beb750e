#include "learned/kompress.h"

#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "compress/registry/registry.h"
#include "context/pipeline.h"
#include "learned/models.h"
#include "learned/testing/tiny_kompress.h"
#include "store/original_store.h"

namespace headroom::learned {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array<std::string_view, 3> kTelling = {"turbine", "bearing", "vibrates"};

/// A folder with a generated model, and the ONNX Runtime that `./dev setup learned` installs. Without that there is
/// nothing to run, and the tests that run the model are skipped.
class KompressTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = std::filesystem::temp_directory_path() / ("headroom-kompress-" + std::to_string(::getpid()));
    std::filesystem::remove_all(root_);
    ASSERT_TRUE(testing::write_tiny_kompress((root_ / "kompress-v2-base").string(), kTelling));
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  Places places() const {
    return {
        .models_dir = root_.string(), .packages = {std::string(HEADROOM_SOURCE_DIR) + "/.deps/learned"}, .hubs = {}};
  }

  std::filesystem::path root_;
};

/// Runs the judge over sentences, one a line.
compress::SentenceJudge::Opinion judge_lines(const KompressJudge& judge, const std::string& text,
                                             base::Deadline deadline = base::Deadline::never()) {
  std::vector<base::Span> spans;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    spans.push_back({at, end});
    at = end + 1;
  }
  return judge.judge(text, spans, deadline);
}

std::string lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += i % 3 == 1 ? "turbine bearing vibrates loudly\n" : "some people walk along here\n";
  }
  return text;
}

TEST_F(KompressTest, IsFoundByItsFiles) {
  EXPECT_EQ(KompressJudge::find({}), nullptr);
  const auto judge = KompressJudge::find(places());
  ASSERT_NE(judge, nullptr);
  EXPECT_THAT(std::string(judge->identity()), HasSubstr("kompress-int8-wo.onnx:"));
}

TEST_F(KompressTest, WithoutARuntimeItHasNoOpinionAndSaysWhy) {
  Places none = places();
  none.packages = {};
  const auto judge = KompressJudge::find(none);
  ASSERT_NE(judge, nullptr);
  if (judge->prepare().empty()) GTEST_SKIP() << "the system has an ONNX Runtime of its own";
  const auto opinion = judge_lines(*judge, lines(40));
  EXPECT_TRUE(opinion.shares.empty());
  EXPECT_FALSE(opinion.reason.empty());
}

TEST_F(KompressTest, GivesEachSentenceTheShareOfItsTellingWords) {
  const auto judge = KompressJudge::find(places());
  ASSERT_NE(judge, nullptr);
  if (const std::string why = judge->prepare(); !why.empty()) GTEST_SKIP() << why;
  // More than one chunk, with sentences of which none fits the end of a chunk.
  const std::string text = lines(400);
  const auto opinion = judge_lines(*judge, text);
  ASSERT_EQ(opinion.shares.size(), 400u) << opinion.reason;
  for (std::size_t i = 0; i < opinion.shares.size(); ++i) {
    EXPECT_FLOAT_EQ(opinion.shares[i], i % 3 == 1 ? 0.75f : 0.0f) << i;
  }
  EXPECT_EQ(judge_lines(*judge, text).shares, opinion.shares);
}

TEST_F(KompressTest, ASentenceOfManyChunksAndAnEndlessWordAreRead) {
  const auto judge = KompressJudge::find(places());
  ASSERT_NE(judge, nullptr);
  if (const std::string why = judge->prepare(); !why.empty()) GTEST_SKIP() << why;
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "turbine quiet ";
  text += "\n" + std::string(100'000, 'x') + " turbine\n" + std::string(3, '\xFF') + "\n\n";
  const auto opinion = judge_lines(*judge, text);
  ASSERT_EQ(opinion.shares.size(), 4u) << opinion.reason;
  EXPECT_FLOAT_EQ(opinion.shares[0], 0.5f);
  EXPECT_FLOAT_EQ(opinion.shares[1], 0.5f);
  EXPECT_FLOAT_EQ(opinion.shares[2], 0.0f);
  EXPECT_FLOAT_EQ(opinion.shares[3], 0.0f);
}

TEST_F(KompressTest, ShortTextsAndSpentTimeGetNoOpinion) {
  const auto judge = KompressJudge::find(places());
  ASSERT_NE(judge, nullptr);
  if (const std::string why = judge->prepare(); !why.empty()) GTEST_SKIP() << why;
  EXPECT_EQ(judge_lines(*judge, lines(3)).reason, "under 64 words");
  const base::FakeClock clock;
  const auto late = judge_lines(*judge, lines(400), base::Deadline::after_ms(clock, 0));
  EXPECT_TRUE(late.shares.empty());
  EXPECT_THAT(late.reason, HasSubstr("no time for"));
}

TEST_F(KompressTest, AModelOfAnotherSortIsRefused) {
  const auto runtime = OnnxRuntime::open(runtime_candidates(places()));
  if (!runtime) GTEST_SKIP() << runtime.error().message;
  KompressFiles files = find_kompress(places());
  files.model = find_magika(places()) + "/model.onnx";
  EXPECT_FALSE(Kompress::load(*runtime, files));
}

TEST_F(KompressTest, VerifyingRunsIt) {
  const auto states = verify_models(places());
  ASSERT_EQ(states.size(), 3u);
  EXPECT_EQ(states[2].name, "kompress");
  if (!states[0].problem.empty()) GTEST_SKIP() << states[0].problem;
  EXPECT_EQ(states[2].problem, "");
  EXPECT_THAT(states[2].proof, HasSubstr("reads "));
  EXPECT_EQ(states[2].sha256.size(), 64u);
}

/// Sections of three plain sentences that differ in nothing but words; in each the last one is what the model likes.
std::string report() {
  std::string text = "# The plant\n\nThis report describes the plant as the visitors saw it.\n\n";
  static constexpr std::array<std::string_view, 8> kPlaces = {"yard", "hall",  "shed",   "tower",
                                                              "dock", "store", "garden", "office"};
  for (std::size_t i = 0; i < 60; ++i) {
    text += fmt::format("## Part {}\n\nWe went through the {} in the morning and saw people at work.\n",
                        "ABCDEFGH"[i % 8], kPlaces[i % kPlaces.size()]);
    text +=
        "Everybody was friendly and the walls had been painted in pleasant colours lately, such as we had hoped to "
        "see them when we set out, so all were content with what they found.\n";
    text += "Then the guide went on about how the turbine vibrates through its bearing.\n\n";
  }
  return text;
}

TEST_F(KompressTest, ChangesWhatProseKeepsAndIsToldApartByTheCache) {
  const auto judge = KompressJudge::find(places());
  ASSERT_NE(judge, nullptr);
  if (const std::string why = judge->prepare(); !why.empty()) GTEST_SKIP() << why;
  const base::SystemClock clock;
  const compress::Registry registry = compress::Registry::standard();
  const auto outcome = [&](const compress::SentenceJudge* with) {
    const auto store = store::make_memory_store({}, clock);
    context::PipelineOptions options;
    options.judge = with;
    const context::Pipeline pipeline(registry, store.get(), clock, options);
    return pipeline.compress_text(report(), {.user = "Summarise this."}, "gpt-4o", detect::ContentType::kProse);
  };
  const auto count = [](const std::string& text) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find("vibrates", at)) != std::string::npos; ++at) ++found;
    return found;
  };
  const context::Outcome plain = outcome(nullptr);
  const context::Outcome judged = outcome(judge.get());
  ASSERT_TRUE(plain.changed);
  ASSERT_TRUE(judged.changed);
  EXPECT_GT(count(judged.body), count(plain.body)) << judged.body;
  ASSERT_FALSE(judged.blocks.empty());
  EXPECT_THAT(judged.blocks[0].notes, ::testing::Contains(HasSubstr("Kompress judged")));
  EXPECT_THAT(plain.blocks[0].notes, Not(::testing::Contains(HasSubstr("Kompress"))));
  EXPECT_EQ(outcome(judge.get()).body, judged.body);
}

}  // namespace
}  // namespace headroom::learned
