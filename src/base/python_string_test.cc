#include "base/python_string.h"

#include <gtest/gtest.h>

namespace headroom::base {
namespace {

TEST(PythonString, IsDecoded) {
  EXPECT_EQ(decode_python_string("''"), "");
  EXPECT_EQ(decode_python_string(R"('a\n\t"b"\'\\')"), "a\n\t\"b\"'\\");
  EXPECT_EQ(decode_python_string("\"it's\""), "it's");
  EXPECT_EQ(decode_python_string(R"('\xe9\u20ac\U0001f600\x00')"), std::string("é€😀\0", 10));
}

TEST(PythonString, WhatReprWouldNotWriteIsNone) {
  for (const char* text :
       {"", "'", "a", "'a\"", "'a'b'", "'\\", "'\\'", "'\\q'", "'\\x4'", "'\\ud800'", "'\\U00110000'", "'a\nb'"}) {
    EXPECT_FALSE(decode_python_string(text)) << text;
  }
}

}  // namespace
}  // namespace headroom::base
