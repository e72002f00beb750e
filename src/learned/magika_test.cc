#include "learned/magika.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::learned {
namespace {

/// What `./dev setup learned` installs. Without it there is nothing to ask, and the tests that ask are skipped.
Places installed() {
  const std::string folder = std::string(HEADROOM_SOURCE_DIR) + "/.deps/learned";
  return {.models_dir = folder, .packages = {folder}, .hubs = {}};
}

const MagikaClassifier& classifier() {
  static const MagikaClassifier the(installed());
  return the;
}

TEST(Magika, SaysWhyItHasNoOpinion) {
  const MagikaClassifier none(Places{});
  EXPECT_FALSE(none.classify("some text"));
  EXPECT_EQ(none.unavailable(), "Magika is not installed");
}

TEST(Magika, ABrokenModelIsAReason) {
  EXPECT_FALSE(Magika::load(nullptr, "/nowhere"));
}

TEST(Magika, LabelsThatAreNotOursToUseAreNoType) {
  EXPECT_EQ(type_of_label("python"), detect::ContentType::kCode);
  EXPECT_EQ(type_of_label("markdown"), detect::ContentType::kProse);
  EXPECT_EQ(type_of_label("toml"), detect::ContentType::kConfig);
  // It takes logs for tables and for text.
  EXPECT_EQ(type_of_label("csv"), detect::ContentType::kOther);
  EXPECT_EQ(type_of_label("txt"), detect::ContentType::kOther);
}

TEST(Magika, KnowsSourceCode) {
  if (const std::string why = classifier().unavailable(); !why.empty()) GTEST_SKIP() << why;
  std::string text =
      "(defun area (radius)\n  \"The area of a circle.\"\n  (* pi (expt radius 2)))\n\n"
      "(defun largest (list)\n  (reduce #'max list :initial-value 0))\n\n"
      "(let ((radii '(1 2 3)))\n  (mapcar #'area radii))\n";
  text += text;
  const auto answer = classifier().classify(text);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->type, detect::ContentType::kCode);
  EXPECT_NE(answer->reason.find("lisp"), std::string::npos) << answer->reason;
  const auto again = classifier().classify(text);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->confidence, answer->confidence);
}

TEST(Magika, TakesAnyBytes) {
  if (const std::string why = classifier().unavailable(); !why.empty()) GTEST_SKIP() << why;
  for (const std::string& text :
       {std::string(), std::string(" \n"), std::string(5000, '\0'), std::string("\xFF\xFE x")})
    static_cast<void>(classifier().classify(text));
}

}  // namespace
}  // namespace headroom::learned
