#include "compress/code/item_name.h"

#include <string>

#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::compress::code {
namespace {

std::string name_of(std::string_view text) {
  const std::vector<std::string_view> rows = base::split_lines(text);
  const ItemName name = name_item({0, static_cast<std::uint32_t>(rows.size()) - 1}, rows);
  return (name.named ? "" : "? ") + name.text;
}

TEST(NameItem, FindsWhatADeclarationIsCalled) {
  EXPECT_EQ(name_of("extern int fclose (FILE *__stream) __nonnull ((1));"), "fclose");
  EXPECT_EQ(name_of("LUA_API const char *(lua_pushfstring) (lua_State *L, const char *fmt, ...);"), "lua_pushfstring");
  EXPECT_EQ(name_of("LUA_API void  (lua_close) (lua_State *L);"), "lua_close");
  EXPECT_EQ(name_of("typedef int (*lua_CFunction) (lua_State *L);"), "lua_CFunction");
  EXPECT_EQ(name_of("# define KEY_A 30 /* of the keyboard */"), "KEY_A");
  EXPECT_EQ(name_of("typedef struct __dirstream DIR;"), "DIR");
  EXPECT_EQ(name_of("\tAF_ALG   = 0x26"), "AF_ALG");
  EXPECT_EQ(name_of("class Shelf(Base):"), "Shelf");
  EXPECT_EQ(name_of("@property\ndef area(self):\n    return 1"), "area");
  EXPECT_EQ(name_of("template<typename T>\n  inline bool\n  operator_of(const T& a)\n  { return a; }"), "operator_of");
  EXPECT_EQ(name_of("func (w *Writer) Flush() error {"), "Flush");
  EXPECT_EQ(name_of("impl fmt::Debug for Entry {"), "fmt");
  EXPECT_EQ(name_of("const limit: number = 4;"), "limit");
  EXPECT_EQ(name_of("typedef struct {\n  int a;\n} Pair;"), "Pair");
  EXPECT_EQ(name_of("all: build test"), "all");
  EXPECT_EQ(name_of("$(OUT)/%.o: src/%.c | $(OUT)\n\t$(CC) -c -o $@ $<"), "$(OUT)/%.o");
}

TEST(NameItem, ADefinitionIsShownUpToItsName) {
  const std::vector<std::string_view> rows = {"  @Override", "  public final int read(byte[] into, int length)", "  {"};
  EXPECT_EQ(name_item({0, 2}, rows).head, "public final int read");
}

TEST(NameItem, AStatementGoesByItsFirstWords) {
  EXPECT_EQ(name_of("while read -r line; do\n  echo \"$line\"\ndone"), "? while read -r line; do");
  EXPECT_EQ(name_of("#ifdef __USE_MISC\nint a;\n#endif"), "? #ifdef __USE_MISC int a;");
  EXPECT_EQ(name_of(".footnote > .label {\n  margin: 0;\n}"), "? .footnote > .label {");
}

}  // namespace
}  // namespace headroom::compress::code
