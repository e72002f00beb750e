#include "detect/classifier.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::detect {
namespace {

class Fixed final : public Classifier {
 public:
  Fixed(std::optional<Detection> opinion, std::string why) : opinion_(std::move(opinion)), why_(std::move(why)) {}
  std::optional<Detection> classify(std::string_view) const override { return opinion_; }
  std::string unavailable() const override { return why_; }

 private:
  std::optional<Detection> opinion_;
  std::string why_;
};

const Detection kNothing{ContentType::kOther, 0.3, "no known shape"};
const std::string kText(1000, 'x');

TEST(Classifier, IsAskedForWhatStructureDoesNotSettle) {
  const Fixed code({{ContentType::kCode, 0.9, "Magika says tcl (0.90)"}}, "");
  EXPECT_EQ(with_second_opinion(kNothing, kText, &code).type, ContentType::kCode);
  EXPECT_EQ(with_second_opinion(kNothing, kText, &code).reason, "Magika says tcl (0.90); by structure: no known shape");
  EXPECT_EQ(with_second_opinion({ContentType::kLog, 0.5, "lines"}, kText, &code).type, ContentType::kLog);
  EXPECT_EQ(with_second_opinion(kNothing, "short", &code).type, ContentType::kOther);
  EXPECT_EQ(with_second_opinion(kNothing, kText, nullptr).reason, "no known shape");
}

TEST(Classifier, SaysWhyThereIsNoSecondOpinion) {
  const Fixed none(std::nullopt, "Magika is not installed");
  EXPECT_EQ(with_second_opinion(kNothing, kText, &none).reason,
            "no known shape; no second opinion: Magika is not installed");
}

}  // namespace
}  // namespace headroom::detect
