#include "proxy/retrieve_api.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace headroom::proxy {
namespace {

class RetrieveApi : public ::testing::Test {
 protected:
  RetrieveApi() {
    const std::string content = "first\nsecond\nthird\n";
    id_ = base::content_id(content);
    const store::Original original{.id = id_, .content = content, .content_type = "log", .tool_name = "Bash"};
    EXPECT_TRUE(store_->put(std::span(&original, 1)));
  }
  Reply call(std::string_view body) {
    return retrieve_tool_call_api({store_.get(), nullptr, store::kEveryProject}, body);
  }

  base::SystemClock clock_;
  std::unique_ptr<store::OriginalStore> store_ = store::make_memory_store({}, clock_);
  std::string id_;
};

TEST_F(RetrieveApi, AnswersACallInTheFormatOfItsProvider) {
  const Reply anthropic = call(R"({"tool_call":{"type":"tool_use","id":"a","input":{"hash":")" + id_ + R"("}}})");
  EXPECT_EQ(anthropic.status, 200);
  EXPECT_TRUE(anthropic.body.starts_with(
      R"({"tool_result":{"type":"tool_result","tool_use_id":"a","content":"first\nsecond\nthird\n"},"success":true,)"))
      << anthropic.body;
  const Reply openai = call(R"({"provider":"openai","tool_call":{"id":"o","function":{"arguments":"{\"hash\":\")" +
                            id_ + R"(\",\"lines\":\"2:2\"}"}}})");
  EXPECT_TRUE(openai.body.starts_with(R"({"tool_result":{"role":"tool","tool_call_id":"o","content":"second\n"})"))
      << openai.body;
}

TEST_F(RetrieveApi, SaysInTheResultWhatIsNotThere) {
  const Reply missing = call(R"({"tool_call":{"id":"a","input":{"hash":"0123456789ab"}}})");
  EXPECT_EQ(missing.status, 200);
  EXPECT_NE(missing.body.find(R"("is_error":true},"success":false,"data":{"error":")"), std::string::npos)
      << missing.body;
  EXPECT_NE(call(R"({"tool_call":{"id":"a","input":[]}})").body.find(R"("success":false)"), std::string::npos);
}

TEST_F(RetrieveApi, RefusesWhatIsNoCall) {
  for (const char* body :
       {"", "[]", "{}", R"({"tool_call":5})", R"({"tool_call":{}})", R"({"tool_call":{"function":{}}})"}) {
    EXPECT_EQ(call(body).status, 400) << body;
  }
}

}  // namespace
}  // namespace headroom::proxy
