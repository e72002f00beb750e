#include "compress/code/code_compressor.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "compress/code/language.h"
#include "compress/code/layout_outline.h"
#include "compress/code/listing.h"
#include "compress/code/syntax.h"
#include "compress/testing/case.h"

namespace headroom::compress {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kId = "0123456789abcdef01234567";

std::optional<Output> compressed(std::string_view text, std::string user, std::string path, std::string_view id = kId,
                                 base::Deadline deadline = base::Deadline::never()) {
  Query query;
  query.user = std::move(user);
  query.call.path = std::move(path);
  const CodeCompressor compressor;
  return compressor.compress({.text = text,
                              .type = detect::ContentType::kCode,
                              .query = query,
                              .tokenizer = tokens::o200k_base(),
                              .id = id,
                              .deadline = deadline});
}

/// Thirty functions that differ in their numbers; the seventh logs something.
std::string thirty_functions() {
  std::string text = "import logging\n\n\n";
  for (int i = 0; i < 30; ++i) {
    text += fmt::format("def step_{}(state, width):\n    \"\"\"Does step {}.\"\"\"\n    total = 0\n", i, i);
    text += fmt::format("    for at in range(width):\n        total += state[at] * {}\n", i + 100);
    if (i == 7) text += "    logging.info('the belt is empty')\n";
    text += "    return total\n\n\n";
  }
  return text;
}

TEST(CodeCompressor, SaysWhyEachBodyStaysOrGoes) {
  const auto out =
      compressed(thirty_functions(), "Who logs that the belt is empty, and what does step_9 do?", "steps.py");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("the belt is empty"));
  EXPECT_THAT(out->text, HasSubstr("state[at] * 109"));
  EXPECT_THAT(out->text, Not(HasSubstr("state[at] * 111")));
  EXPECT_THAT(out->notes, Contains(HasSubstr("body of step_9 (lines 78-82) kept: question names step_9")));
  EXPECT_THAT(out->notes, Contains(::testing::StartsWith("elided: lines")));
  EXPECT_TRUE(out->lossy);
  EXPECT_LT(out->records_kept, out->records_before);
}

TEST(CodeCompressor, SignaturesGoOnlyBesideTheNameOfAllThatIsAskedAbout) {
  const std::string signature = "def step_11(state, width):\n    \"\"\"Does step 11.\"\"\"\n    # <<";
  for (const std::string query :
       {"Who logs that the belt is empty?", "Who logs that the belt is empty, and what does step_9 do?",
        "Which step is like step_9?"}) {
    const auto out = compressed(thirty_functions(), query, "steps.py");
    ASSERT_TRUE(out);
    EXPECT_THAT(out->text, HasSubstr(signature)) << query;
  }
  for (const std::string query :
       {"What does step_9 do, and when is it over?", "My belt is slow. How does step_9 use the width?"}) {
    const auto out = compressed(thirty_functions(), query, "steps.py");
    ASSERT_TRUE(out);
    EXPECT_THAT(out->text, HasSubstr("state[at] * 109")) << query;
    EXPECT_THAT(out->text, HasSubstr(": def step_10, def step_11, def step_12")) << query;
  }
}

TEST(CodeCompressor, WhatACommentSaysIsSaidOfTheFunctionBelowIt) {
  std::string text = "package belt\n\n";
  for (int i = 0; i < 30; ++i) {
    text += i == 11 ? "// f11 waters the orchids.\n" : fmt::format("// f{} is another step.\n", i);
    text += fmt::format(
        "func f{0}(a int) int {{\n\ttotal := a * 7{0}\n\tfor a > 0 {{\n\t\ttotal += a * height(a) + width(a)\n\t\ta -= "
        "len(names) + 1\n\t}}\n",
        i);
    text += "\treturn total\n}\n\n";
  }
  const auto out = compressed(text, "Who waters the orchids?", "belt.go");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("total := a * 711\n"));
  EXPECT_THAT(out->text, Not(HasSubstr("total := a * 712\n")));
}

TEST(CodeCompressor, LongRunsOfConstantsKeepWhatIsAskedFor) {
  std::string text = "#include <stdint.h>\n\n";
  for (int i = 0; i < 120; ++i) {
    if (i == 70) text += "/* Opens the sluice. */\n";
    text += fmt::format("#define VALVE_{0} {1} /* of pipe {0} */\n", i, i * 3 + 1000);
  }
  text += "static int used(void);\nstruct pipe { int a; };\n";
  const auto named = compressed(text, "What is VALVE_44?", "valves.h");
  ASSERT_TRUE(named);
  EXPECT_THAT(named->text, HasSubstr("#define VALVE_44 1132"));
  EXPECT_THAT(named->text, Not(HasSubstr("#define VALVE_45 ")));
  const auto described = compressed(text, "Which constant is for the sluice?", "valves.h");
  ASSERT_TRUE(described);
  EXPECT_THAT(described->text, HasSubstr("/* Opens the sluice. */\n#define VALVE_70 1210"));
  EXPECT_FALSE(compressed(text, "How many valves are there?", "valves.h"));
  EXPECT_FALSE(compressed(text, "Which valve has the highest number?", "valves.h"));
}

TEST(CodeCompressor, AValueLeadsToWhatItsConstantIsUsedFor) {
  std::string text = "package tide\n\nconst (\n", body;
  for (int i = 0; i < 60; ++i) {
    text += fmt::format("\tTideOfHarbour{} = {}\n", i, 400 + i);
    body += fmt::format("\tcase TideOfHarbour{0}:\n\t\treturn \"the water of harbour {0} is {1} feet\"\n", i, i % 7);
  }
  text += ")\n\nfunc Text(code int) string {\n\tswitch code {\n" + body + "\t}\n\treturn \"\"\n}\n";
  text += "\nfunc Known(code int) bool {\n\treturn code >= 400 && code < 460\n}\n";
  const auto out = compressed(text, "What is said of 433?", "tide.go");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("TideOfHarbour33 = 433"));
  EXPECT_THAT(out->text, HasSubstr("the water of harbour 33 is 5 feet"));
  EXPECT_THAT(out->text, Not(HasSubstr("TideOfHarbour21 = ")));
}

TEST(CodeCompressor, AHeaderFullOfMacrosLosesWhatIsNotAsked) {
  std::string text = "#ifndef TIDE_H\n#define TIDE_H\n\n__BEGIN_DECLS\n\n";
  for (int i = 0; i < 40; ++i) {
    text += fmt::format("/* Gauge {0} of the quay.  */\nextern int gauge{0} (const char *__name) __THROW;\n", i);
    if (i % 10 == 4) {
      text += fmt::format(
          "#ifdef __USE_MISC\nextern int level{0} (int __a) __THROW;\n# define level level{0}\n#endif\n", i);
    }
    if (i == 17) text += "extern FILE *rereadlog (FILE *__log) __THROW;\n";
  }
  text += "\n__END_DECLS\n\n#endif\n";
  const auto out = compressed(text, "Which function does reread the log?", "tide.h");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("extern FILE *rereadlog (FILE *__log) __THROW;"));
  EXPECT_THAT(out->text, HasSubstr("gauge30, gauge31, gauge32"));
  EXPECT_THAT(out->text, Not(HasSubstr("int gauge30")));
  EXPECT_THAT(out->text, HasSubstr("#endif"));
}

TEST(CodeCompressor, APartOfAFileThatBeginsWithinAList) {
  std::string text;
  for (int i = 0; i < 120; ++i) text += fmt::format("\tSO_HARBOUR{} = 0x{:x}\n", i, i + 90);
  text += ")\n";
  const auto out = compressed(text, "What is the value of SO_HARBOUR77?", "sockets.go");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("SO_HARBOUR77 = 0xa7"));
  EXPECT_LT(out->text.size(), text.size() / 2);
}

TEST(CodeCompressor, OfCommentsThatAllHaveTheWordsTheBestStay) {
  std::string text = "package lease\n\n";
  for (int i = 0; i < 40; ++i) {
    text += fmt::format(
        "// Lease{0} renews a lease of the harbour for as long as the berth is paid, and says when the lease\n"
        "// of the harbour ends. A lease that nobody renews ends by itself when its time is over, as does\n"
        "// one whose berth is gone.\n",
        i);
    text += fmt::format("func Lease{0}(a int) int {{\n\tb := a * {0}\n\tfor b > 9 {{\n\t\tb -= a\n\t}}\n", i);
    text += "\treturn height(b) + width(b) + depth(b) + len(names)\n}\n\n";
  }
  const auto out = compressed(text, "Who renews the lease of a harbour in Lease7?", "lease.go");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("b := a * 7\n"));
  EXPECT_LT(out->text.size(), text.size() / 2);
}

TEST(CodeCompressor, ASmallClassThatIsNamedStaysWhole) {
  std::string text = thirty_functions();
  text += "class QueueListener:\n    def watch(self):\n        while True:\n            record = self.take_one()\n";
  text += "            if record is self.last:\n                break\n            self.pass_on(record)\n";
  for (const char* user : {"What does QueueListener do?", "How does the queue listener know that it is over?"}) {
    const auto out = compressed(text, user, "steps.py");
    ASSERT_TRUE(out);
    EXPECT_THAT(out->text, HasSubstr("if record is self.last:")) << user;
  }
}

TEST(CodeCompressor, WhatIsSaidAboveAConstantThatTheQuestionNamesStays) {
  std::string text = "package p;\n\npublic enum Policy {\n";
  int form = 0;
  for (const char* name : {"IDENTITY", "UPPER_WITH_SPACES", "LOWER_WITH_LINES", "LOWER_WITH_DOTS", "LOWER_WITH_DASHES",
                           "UPPER", "LOWER", "UPPER_WITH_LINES", "CAMEL", "CAMEL_WITH_SPACES"}) {
    text += fmt::format(
        "  /**\n   * This policy makes of a field's name a form that other programs like better than Java's own,\n"
        "   * and nobody has to write it by hand. Two examples:\n   *\n   * <ul>\n   *   <li>aName gives a.{1}.name\n"
        "   *   <li>_aName gives _a.{1}.name\n   * </ul>\n   */\n  {0}() {{\n    @Override\n    public String of(Field "
        "f) {{\n"
        "      return split(f, '.');\n    }}\n  }},\n",
        name, ++form);
  }
  text += "}\n";
  const auto out = compressed(text, "What does LOWER_WITH_DOTS make of the name of a field?", "Policy.java");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("aName gives a.4.name"));
  EXPECT_THAT(out->text, Not(HasSubstr("aName gives a.9.name")));
}

TEST(CodeCompressor, AShortBodyOfWhichMostStaysLosesNothing) {
  std::string text = thirty_functions();
  text +=
      "def pause_before(attempt, headers):\n    # The server's wish counts between two retries.\n"
      "    wish = read_wish(headers)\n    if wish is not None and wish > 0:\n        return wish\n"
      "    tries = min(attempt, 1000)\n    seconds = min(FIRST * 2.0 ** tries, LONGEST)\n    jitter = 1 - 0.25 * "
      "draw()\n"
      "    return seconds * jitter\n\n\n"
      "def may_retry(answer):\n    # How long the client waits between two retries is said elsewhere.\n"
      "    if answer.status == 408:\n        return True\n    return answer.status >= 500\n";
  const auto out =
      compressed(text, "How long does the client wait between retries when the server has no wish?", "x.py");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("seconds = min(FIRST * 2.0 ** tries, LONGEST)"));
  EXPECT_THAT(out->text, HasSubstr("return seconds * jitter"));
}

TEST(CodeCompressor, LeavesAloneWhatItMust) {
  const std::string text = thirty_functions();
  EXPECT_FALSE(compressed(text, "Review this file", "steps.py"));
  EXPECT_FALSE(compressed(text, "How?", "steps.txt.unknown", ""));
  EXPECT_FALSE(compressed(text.substr(0, 600), "How?", "steps.py"));
  EXPECT_FALSE(compressed(std::string(5000, 'x'), "How?", ""));
  base::FakeClock clock;
  const base::Deadline spent = base::Deadline::after_ms(clock, 5);
  clock.advance_ms(6);
  EXPECT_FALSE(compressed(text, "How?", "steps.py", kId, spent));
}

TEST(CodeCompressor, GuttersOfAPartOfAFile) {
  std::string numbered;
  std::size_t number = 501;
  const std::string text = thirty_functions();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    numbered += fmt::format("{:>6}\t{}", number++, text.substr(at, end - at));
    at = end;
  }
  const auto out = compressed(numbered, "What does step_9 return?", "steps.py");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("   577\tdef step_9(state, width):\n   578\t"));
  EXPECT_THAT(out->text, HasSubstr("gutter numbers are 500 more"));
}

TEST(CodeCompressor, DepthAndGarbageEndSoon) {
  const std::string deep = "function f() {\n" + std::string(20'000, '(') + std::string(20'000, '[') +
                           "\n}\nconst a = 1;\nlet b = 2;\nvar c;\n";
  compressed(deep, "How?", "deep.js");
  std::string nested;
  for (int i = 0; i < 3000; ++i)
    nested += std::string(static_cast<std::size_t>(i % 40), ' ') + "function f" + std::to_string(i) + "() {\n";
  compressed(nested, "How?", "nested.js");
  std::string blocks = "void f() {\n";
  for (int i = 0; i < 4'000; ++i) blocks += "if (a) {\n";
  for (int i = 0; i < 4'000; ++i) blocks += "}\n";
  compressed("#include <a>\nstatic int x;\n" + blocks + "}\n", "How?", "blocks.c");
}

/// For every case, whatever is asked: the lines tile, and the output parses as well as the input.
TEST(CodeCompressor, OutputsParse) {
  const CodeCompressor compressor;
  std::size_t outputs = 0;
  for (const testing::Case& c : testing::read_cases("compress/code")) {
    for (const std::string& user : {c.query.user, std::string("How is an error reported?"), std::string(),
                                    std::string("What does it return when the value is empty or the time is over?")}) {
      testing::Case asked = c;
      asked.query.user = user;
      const auto out = compressor.compress(testing::input_of(asked, detect::ContentType::kCode, kId));
      if (!out) continue;
      ++outputs;
      const std::string kept = out->text.substr(0, out->text.rfind('\n', out->text.rfind("<<ccr:")) + 1);
      testing::expect_tiles(c.text, kept, c.name);
      const code::Listing before = code::read_listing(c.text);
      if (code::has_layout_only(c.query.call.path)) continue;
      const code::Language* language = code::find_language(c.query.call.path, before.code);
      ASSERT_NE(language, nullptr) << c.name;
      std::string code;
      for (std::string_view line : base::split_lines(kept)) {
        std::uint64_t number = 0;
        const std::size_t gutter = before.gutter.empty() ? 0 : code::gutter_of(line, number);
        code.append(line.substr(gutter)).push_back('\n');
      }
      const auto old_tree = code::parse(*language, before.code, base::Deadline::never());
      const auto new_tree = code::parse(*language, code, base::Deadline::never());
      ASSERT_TRUE(old_tree && new_tree) << c.name;
      EXPECT_LE(code::count_errors(*new_tree), code::count_errors(*old_tree)) << c.name << ": " << user << "\n" << code;
    }
  }
  EXPECT_GT(outputs, 40u);
}

}  // namespace
}  // namespace headroom::compress
