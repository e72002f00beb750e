#include "compress/json/idle_members.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::compress::json {
namespace {

using ::testing::HasSubstr;

struct Shown {
  std::string text, what;
};

Shown shown(const std::string& text, const std::string& user = "What is the state?") {
  const base::Result<base::JsonDocument> doc = base::JsonDocument::parse(text);
  EXPECT_TRUE(doc.has_value()) << text;
  const Question question(Query{.user = user, .intent = {}, .tool_name = {}, .tool_arguments = {}});
  IdleMembers idle(question, user);
  Shown out;
  idle.append(out.text, *doc, doc->root());
  out.what = idle.what();
  return out;
}

TEST(IdleMembers, NullAndEmptyMembersLeaveAndFalseAndZeroStay) {
  const Shown out = shown(R"({"id": 7, "field_1": null, "field_22": null, "tags": [], "more": {"note": ""},
                              "locked": false, "votes": 0, "list": [null, ""]})");
  EXPECT_EQ(out.text, R"({"id":7,"more":{},"locked":false,"votes":0,"list":[null,""]})");
  EXPECT_EQ(out.what, "4 members that are null or empty not shown (field_#, tags, note)");
}

TEST(IdleMembers, WhatAllObjectsSayAlikeIsSaidOnce) {
  const std::string text =
      R"({"node":"a","hot":0,"kind":"scan","next":{"node":"b","hot":0,"kind":"scan","next":{"node":"c","hot":0,"kind":"scan",)"
      R"("next":{"node":"d","hot":0,"kind":"join"}}}})";
  const Shown out = shown(text);
  EXPECT_EQ(out.text, R"({"node":"a","kind":"scan","next":{"node":"b","kind":"scan","next":{"node":"c","kind":"scan",)"
                      R"("next":{"node":"d","kind":"join"}}}})");
  EXPECT_EQ(out.what, "4 members that are the same in all objects that have them not shown (hot=0)");
  EXPECT_EQ(shown(text, "Which node is hot?").text, text);
}

TEST(IdleMembers, WhatTheQuestionSpeaksOfStays) {
  const std::string text = R"({"assignee":null,"milestone":null})";
  EXPECT_EQ(shown(text, "Who is the assignee?").text, R"({"assignee":null})");
  EXPECT_EQ(shown(text, "Which fields are empty?").text, text);
}

TEST(IdleMembers, AnAddressThatGoesOnFromAnotherLeaves) {
  const std::string text =
      R"({"url":"https://x.test/i/7","events":"https://x.test/i/7/events","labels":"https://x.test/i/7/l{/name}",)"
      R"("page":"https://x.test/i/78"})";
  EXPECT_EQ(shown(text).text, R"({"url":"https://x.test/i/7","page":"https://x.test/i/78"})");
  EXPECT_EQ(shown(text).what, "2 addresses that follow from others not shown (events, labels)");
  EXPECT_EQ(shown(text, "Where do I find its labels?").text,
            R"({"url":"https://x.test/i/7","labels":"https://x.test/i/7/l{/name}","page":"https://x.test/i/78"})");
  EXPECT_EQ(shown(text, "Give me the link").text, text);
}

TEST(IdleMembers, AvatarsAndIconsLeave) {
  const std::string text =
      R"({"name":"Mia","avatarUrls":{"48x48":"https://x.test/avatar/7"},"iconUrl":"https://x.test/i/9.svg","image":"https://x.test/9.jpg"})";
  EXPECT_EQ(shown(text).text, R"({"name":"Mia","avatarUrls":{},"image":"https://x.test/9.jpg"})");
  EXPECT_EQ(shown(text).what, "2 addresses of avatars or icons not shown");
  EXPECT_EQ(shown(text, "Show me her picture").text, text);
}

TEST(IdleMembers, WhatOnlySoundsLikeAnIconStays) {
  const std::string text =
      R"({"page":"https://x.test/title/avatar-2009","silicon":"https://x.test/7.pdf","lexicon_url":"https://x.test/a"})";
  EXPECT_EQ(shown(text).text, text);
}

TEST(IdleMembers, PagesAndCursorsStay) {
  const std::string text =
      R"({"self":"https://x.test/i","next":"https://x.test/i?cursor=fa31","page":"https://x.test/i/2","last":"https://x.test/i/9"})";
  EXPECT_EQ(shown(text).text, text);
}

TEST(IdleMembers, OfSizesOfOnePictureTheFirstStays) {
  EXPECT_EQ(shown(R"({"48x48":"https://x.test/a?s=48","16x16":"https://x.test/a?s=16"})").text,
            R"({"48x48":"https://x.test/a?s=48"})");
  EXPECT_EQ(shown(R"({"a":"https://x.test/a","b":"https://x.test/b"})").text,
            R"({"a":"https://x.test/a","b":"https://x.test/b"})");
}

TEST(IdleMembers, AnAddressForProgramsThatEndsWithTheIdBesideItLeavesWhereItsHostIsKnown) {
  const std::string own = R"("self":"https://x.test/rest/state/3","id":"3","page":"https://x.test/state/3")";
  EXPECT_EQ(shown(R"({"self":"https://x.test/rest/9","id":9,"state":{)" + own + "}}").text,
            R"({"self":"https://x.test/rest/9","id":9,"state":{"id":"3","page":"https://x.test/state/3"}})");
  EXPECT_EQ(shown(R"({"state":{)" + own + "}}").text, R"({"state":{)" + own + "}}")
      << "nothing else says where it would be";
}

TEST(IdleMembers, AMapOfAddressesStaysWhole) {
  std::string text = R"({"all":"https://x.test/i")";
  for (int i = 0; i < 5000; ++i) text += ",\"k" + std::to_string(i) + R"(":"https://x.test/i/k")";
  text += "}";
  EXPECT_EQ(shown(text).text, text);
}

TEST(IdleMembers, NumberedAddressesThatAreNoSizesStay) {
  const std::string text = R"({"run_1":"https://x.test/run/8001","run_2":"https://x.test/run/9113"})";
  EXPECT_EQ(shown(text).text, text);
}

TEST(IdleMembers, WhatOnlySomeOfManyObjectsHaveStays) {
  std::string chain = R"({"node":"z"})", map = "{";
  for (int i = 0; i < 12; ++i) {
    const std::string flag = i % 3 == 0 ? R"(,"spilled":true})" : "}";
    chain = R"({"node":"n)" + std::to_string(i) + R"(","next":)" + chain + flag;
    map += (i > 0 ? "," : "") + std::string("\"k") + std::to_string(i) + R"(":{"n":)" + std::to_string(i) + flag;
  }
  map += "}";
  EXPECT_EQ(shown(chain, "Where did memory run out?").text, chain);
  EXPECT_EQ(shown(map, "Where did memory run out?").text, map);
}

TEST(IdleMembers, ADocumentThatSaysOtherwiseSaysSoItself) {
  const auto chain = [](const std::string& state) {
    std::string out = R"({"n":0,"state":")" + state + R"("})";
    for (int i = 1; i < 5; ++i)
      out = R"({"n":)" + std::to_string(i) + R"(,"state":")" + state + R"(","next":)" + out + "}";
    return out;
  };
  const std::string done = chain("done"), half = chain("half");
  const auto first = base::JsonDocument::parse(done), second = base::JsonDocument::parse(half);
  const Question question(Query{.user = "?", .intent = {}, .tool_name = {}, .tool_arguments = {}});
  IdleMembers idle(question, "?");
  std::string out;
  idle.append(out, *first, first->root());
  idle.append(out, *second, second->root());
  EXPECT_EQ(out, R"({"n":4,"next":{"n":3,"next":{"n":2,"next":{"n":1,"next":{"n":0}}}}})" + half);
  EXPECT_THAT(idle.what(), HasSubstr(R"((state="done"))"));
}

TEST(IdleMembers, NamesOnlyTheFirst) {
  std::string text = "{";
  for (char c = 'a'; c <= 'z'; ++c) text += std::string(c > 'a' ? "," : "") + '"' + c + c + "\":null";
  const Shown out = shown(text + "}");
  EXPECT_EQ(out.text, "{}");
  EXPECT_THAT(out.what, HasSubstr("26 members"));
  EXPECT_THAT(out.what, HasSubstr("kk, ll, ...)"));
}

}  // namespace
}  // namespace headroom::compress::json
