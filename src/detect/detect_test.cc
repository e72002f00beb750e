#include "detect/detect.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "detect/file_type.h"

namespace headroom::detect {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// cases/NAME.TYPE.case holds a text, and its name says what it is.
TEST(Detect, Cases) {
  std::size_t cases = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(HEADROOM_SOURCE_DIR) + "/src/detect/cases")) {
    const std::string expected = entry.path().stem().extension().string().substr(1);
    const Detection found = detect(read_file(entry.path()));
    EXPECT_EQ(content_type_name(found.type), expected) << entry.path().filename() << ": " << found.reason;
    EXPECT_GT(found.confidence, 0) << entry.path().filename();
    EXPECT_FALSE(found.reason.empty()) << entry.path().filename();
    ++cases;
  }
  EXPECT_GE(cases, 15U);
}

TEST(Detect, WhatDeclaresThingsIsConfiguration) {
  EXPECT_EQ(content_type_of_path("network/groups.tf"), ContentType::kConfig);
  EXPECT_EQ(content_type_of_path("prod.tfvars"), ContentType::kConfig);
  EXPECT_EQ(content_type_of_path("src/main.rs"), ContentType::kCode);
}

TEST(Detect, OddBytes) {
  EXPECT_EQ(detect("").type, ContentType::kOther);
  EXPECT_EQ(detect(std::string(5000, '\0')).type, ContentType::kBinary);
  EXPECT_EQ(detect("{").type, ContentType::kOther);
  EXPECT_EQ(detect("{}").type, ContentType::kJson);
  EXPECT_EQ(detect("[]").type, ContentType::kJson);
  EXPECT_EQ(detect("{ not json }").type, ContentType::kOther);
  EXPECT_EQ(detect("\xFF\xFE\xFD").type, ContentType::kOther);
}

TEST(Detect, TheCommandSettlesWhatTheTextDoesNot) {
  const std::string text = "alpha\nbeta\n";
  EXPECT_NE(detect(text).type, ContentType::kLog);
  EXPECT_EQ(detect(text, {"Bash", R"({"command":"cargo test"})"}).type, ContentType::kLog);
}

TEST(ContentTypeNames, GoBothWays) {
  for (int i = 0; i <= static_cast<int>(ContentType::kOther); ++i) {
    bool ok = false;
    const auto type = static_cast<ContentType>(i);
    EXPECT_EQ(content_type_from_name(content_type_name(type), ok), type);
    EXPECT_TRUE(ok);
  }
  bool ok = true;
  content_type_from_name("nonsense", ok);
  EXPECT_FALSE(ok);
}

}  // namespace
}  // namespace headroom::detect
