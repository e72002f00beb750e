#include "compress/json/derived.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compress/json/cell.h"
#include "compress/json/expand.h"
#include "compress/json/layout.h"

namespace headroom::compress::json {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The text as it is laid out, after a check that it can be turned back.
std::string laid_out(const std::string& text) {
  const base::Result<Layout> layout = Layout::parse(text, false);
  EXPECT_TRUE(layout.has_value()) << text;
  if (!layout) return {};
  std::string out = layout->write({});
  std::string minified;
  append_minified(minified, text);
  const base::Result<std::string> back = expand(out);
  EXPECT_TRUE(back.has_value()) << out;
  EXPECT_EQ(back.value_or(""), minified) << out;
  return out;
}

template <typename Row>
std::string rows(int count, Row row) {
  std::string out = "[";
  for (int i = 0; i < count; ++i) out += (i > 0 ? "," : "") + row(i);
  return out + "]";
}

TEST(Derived, EqualColumnsAreSaidOnce) {
  const std::string out = laid_out(rows(12, [](int i) {
    return fmt::format(R"({{"text":"message {} of all","n":{},"blocks":[{{"plain":"message {} of all"}}]}})", i, i, i);
  }));
  EXPECT_THAT(out, HasSubstr("blocks[0].plain:={text}"));
  EXPECT_THAT(out, HasSubstr("x:=a{y}b"));
}

TEST(Derived, ExceptionsAreSaidInTheirRows) {
  const auto one = [](int i) {
    const std::string text = fmt::format("\"created-{}\"", i);
    const std::string again = i == 4 ? "null" : i == 9 ? "\"other\"" : text;
    return i == 7 ? fmt::format(R"({{"a":{},"b":{}}})", text, i)
                  : fmt::format(R"({{"a":{},"b":{},"c":{}}})", text, i, again);
  };
  const std::string out = laid_out(rows(40, one));
  EXPECT_THAT(out, HasSubstr("c:={a}"));
  EXPECT_THAT(out, HasSubstr("c=other"));
  EXPECT_THAT(out, HasSubstr("c=null"));
}

TEST(Derived, AddressesOfAnApiAreMadeOfWhatTheyHold) {
  const auto one = [](int i) {
    return fmt::format(
        R"({{"login":"user{0}","id":77{0},"url":"https://api.test/users/user{0}","gists":"https://api.test/users/user{0}/gists{{/gist_id}}","repos":"https://api.test/users/user{0}/repos","html_url":"https://test/user{0}"}})",
        i);
  };
  const std::string out = laid_out(rows(9, one));
  EXPECT_THAT(out, HasSubstr("gists:=https://api.test/users/{login}/gists{/gist_id}"));
  EXPECT_THAT(out, HasSubstr("https://test/user3")) << "people open it, and ask for it";
}

TEST(Derived, OneAddressStays) {
  const std::string out = laid_out(rows(9, [](int i) {
    return fmt::format(R"({{"name":"build-{0}","where":"https://ci.test/jobs/build-{0}","n":{0}}})", i);
  }));
  EXPECT_THAT(out, Not(HasSubstr(":=")));
}

TEST(Derived, OddTextsAndNames) {
  laid_out(rows(9, [](int i) {
    return fmt::format(
        R"({{"a\"b":"x\\y {0}","c{{d}}":"x\\y {0}","e":7{0}000,"f":"7{0}000","g":["7{0}000"],"h":null}})", i);
  }));
  laid_out(rows(9, [](int i) {
    return fmt::format(R"({{"id":1{0}12,"u":{1},"v":{{"n":"name {0}"}}}})", i,
                       i % 3 == 0 ? "null" : fmt::format(R"({{"n":"name {0}","id":"1{0}12"}})", i));
  }));
  laid_out(rows(30, [](int i) {
    return i == 3 ? std::string(R"({"y":5})") : fmt::format(R"({{"x":"text {0}","y":"text {0}"}})", i);
  }));
}

TEST(Derived, TakesApartWhatTheHeaderSays) {
  DerivationText out;
  ASSERT_TRUE(split_derivation("http://a/{x}/{id}{/more}", {"name", "id"}, out));
  EXPECT_EQ(out.prefix, "http://a/{x}/");
  EXPECT_EQ(out.source, "id");
  EXPECT_EQ(out.suffix, "{/more}");
  EXPECT_FALSE(split_derivation("http://a/{x", {"x"}, out));
}

}  // namespace
}  // namespace headroom::compress::json
