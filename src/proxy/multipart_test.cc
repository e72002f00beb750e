#include "proxy/multipart.h"

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=xYz";

std::string part(std::string_view head, std::string_view content) {
  return "--xYz\r\n" + std::string(head) + "\r\n\r\n" + std::string(content) + "\r\n";
}

const std::string kPurpose = part("Content-Disposition: form-data; name=\"purpose\"", "batch");
const std::string kFile = part(
    "content-disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\"; c.jsonl\"\r\nContent-Type: "
    "application/jsonl",
    "{\"a\":1}\r\n{\"b\":2}\n--xYz is no line\n");

std::string text(std::string_view body, const FormPart& part) {
  return std::string(body.substr(part.content.begin, part.content.size()));
}

TEST(MultipartTest, ReadsFieldsAndFiles) {
  const std::string body = kPurpose + kFile + "--xYz--\r\n";
  const auto form = read_form(kType, body);
  ASSERT_TRUE(form);
  ASSERT_EQ(form->size(), 2U);
  EXPECT_EQ((*form)[0].name, "purpose");
  EXPECT_FALSE((*form)[0].is_file);
  EXPECT_EQ(text(body, (*form)[0]), "batch");
  EXPECT_EQ((*form)[1].name, "file");
  EXPECT_TRUE((*form)[1].is_file);
  EXPECT_EQ(text(body, (*form)[1]), "{\"a\":1}\r\n{\"b\":2}\n--xYz is no line\n");
}

TEST(MultipartTest, TheBoundaryMayBeQuotedAndBesideOthers) {
  const std::string body = kPurpose + "--xYz--";
  EXPECT_TRUE(read_form("Multipart/Form-Data;charset=utf-8; Boundary=\"xYz\"", body));
}

TEST(MultipartTest, EmptyContents) {
  const std::string body = part("Content-Disposition: form-data; name=a", "") + "--xYz--\r\n";
  const auto form = read_form(kType, body);
  ASSERT_TRUE(form);
  EXPECT_EQ(text(body, form->at(0)), "");
}

TEST(MultipartTest, AnEncodedPartSaysSo) {
  const std::string head = "Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: ";
  EXPECT_TRUE(read_form(kType, part(head + "base64", "eA==") + "--xYz--")->at(0).encoded);
  EXPECT_FALSE(read_form(kType, part(head + "binary", "x") + "--xYz--")->at(0).encoded);
}

TEST(MultipartTest, WhatCouldBeReadInTwoWaysIsNotRead) {
  const std::string good = kPurpose + "--xYz--\r\n";
  ASSERT_TRUE(read_form(kType, good));
  EXPECT_FALSE(read_form("multipart/mixed; boundary=xYz", good));
  EXPECT_FALSE(read_form("multipart/form-data", good));
  EXPECT_FALSE(read_form("multipart/form-data; boundary=xYz; boundary=abc", good));
  EXPECT_FALSE(read_form("multipart/form-data; boundary=\"xYz", good));
  EXPECT_FALSE(read_form("multipart/form-data; boundary=" + std::string(71, 'a'), good));
  EXPECT_FALSE(read_form(kType, ""));
  EXPECT_FALSE(read_form(kType, kPurpose)) << "no end";
  EXPECT_FALSE(read_form(kType, "preamble\r\n" + good));
  EXPECT_FALSE(read_form(kType, good + "epilogue"));
  EXPECT_FALSE(read_form(kType, part("Content-Disposition: form-data", "x") + "--xYz--")) << "no name";
  EXPECT_FALSE(read_form(kType, part("Content-Type: text/plain", "x") + "--xYz--"));
  EXPECT_FALSE(read_form(kType, part("Content-Disposition: form-data; name=a; name=b", "x") + "--xYz--"));
  EXPECT_FALSE(read_form(
      kType,
      part("Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b", "x") + "--xYz--"));
  EXPECT_FALSE(read_form(kType, part("Content-Disposition : form-data; name=a", "x") + "--xYz--"));
  EXPECT_FALSE(read_form(kType, "--xYzz\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--xYz--"));
}

}  // namespace
}  // namespace headroom::proxy
