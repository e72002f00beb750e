#include "compress/code/language.h"

#include <gtest/gtest.h>

namespace headroom::compress::code {
namespace {

std::string_view name(const Language* language) {
  return language == nullptr ? "none" : language->name;
}

TEST(Language, ByPath) {
  EXPECT_EQ(name(find_language("src/pump.rs", "")), "rust");
  EXPECT_EQ(name(find_language("C:\\src\\App.TSX", "")), "tsx");
  EXPECT_EQ(name(find_language("Rakefile", "")), "ruby");
  EXPECT_EQ(name(find_language("notes.txt", "")), "none");
  EXPECT_EQ(name(find_language("a.h", "#include <a.h>\nstruct s { int x; };\n#define A 1\n")), "c");
  EXPECT_EQ(name(find_language("a.h", "#pragma once\nnamespace a {\nclass B {\n public:\n  std::string c;\n};\n}\n")),
            "c++");
}

TEST(Language, ByText) {
  EXPECT_EQ(name(find_language("", "#!/usr/bin/env python3\nprint(1)\n")), "python");
  EXPECT_EQ(name(find_language("bin/run", "#!/bin/sh\nexec true\n")), "bash");
  EXPECT_EQ(name(find_language("", "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tx := 1\n}\n")), "go");
  EXPECT_EQ(name(find_language("", "use strict;\nmy $x = shift;\nsub run { 1 }\n")), "perl");
  EXPECT_EQ(name(find_language("", "from os import path\n\ndef run(x):\n    self.x = x\n    elif x:\n")), "python");
  EXPECT_EQ(name(find_language("", "The quick brown fox\njumps over\nthe lazy dog.\n")), "none");
}

TEST(Language, DataUnderTheNameOfCodeIsNotWritten) {
  const Language* cs = language_by_name("c#");
  ASSERT_NE(cs, nullptr);
  EXPECT_FALSE(looks_written(*cs, ".a2b\n.a4z1n\n.bez1\n.do3v4y\n"));
  EXPECT_TRUE(looks_written(*cs, "using System;\nnamespace A {\n  public class B { public int C { get; set; } }\n}\n"));
}

TEST(Language, EveryGrammarIsReadByTheRuntime) {
  for (std::string_view language : {"bash", "c", "c++", "c#", "go", "java", "javascript", "perl", "php", "python",
                                    "ruby", "rust", "tsx", "typescript"}) {
    const Language* found = language_by_name(language);
    ASSERT_NE(found, nullptr) << language;
    const std::uint32_t version = ts_language_abi_version(found->grammar());
    EXPECT_GE(version, static_cast<std::uint32_t>(TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION)) << language;
    EXPECT_LE(version, static_cast<std::uint32_t>(TREE_SITTER_LANGUAGE_VERSION)) << language;
  }
}

}  // namespace
}  // namespace headroom::compress::code
