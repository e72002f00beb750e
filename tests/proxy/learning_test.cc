#include "retrieval_fixture.h"
#include "store/decision_store.h"
#include "store/offer_record.h"

// A compressor whose output models often ask for leaves less out for that tool, in conversations that begin later.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::Not;

class LearningTest : public RetrievalFixture {
 protected:
  ~LearningTest() override {
    server.reset();
    upstream.reset();
  }

  context::PipelineOptions learning() {
    context::PipelineOptions settings;
    settings.decisions = decisions.get();
    settings.offers = offers.get();
    return settings;
  }
  /// A conversation of its own by its question.
  static std::string talk(std::string_view question, int rows = 400) {
    std::string body = anthropic_body(rows);
    constexpr std::string_view kAsked = "Which rows are slow?";
    body.replace(body.find(kAsked), kAsked.size(), question);
    return body.insert(1, R"("tools":[{"name":"run_query","input_schema":{"type":"object"}}],)");
  }
  static std::string id_of(const std::string& body) { return body.substr(body.rfind("<<ccr:") + 6, 24); }
  std::string last() { return sent(upstream->requests().size() - 1); }
  void say(const std::string& body) { ask(post("/v1/messages", body)); }

  /// The model asks for what was left out in so many conversations; by the provider's answers, or over the API.
  void asked_for(int conversations) {
    for (int i = 0; i < conversations; ++i) {
      say(talk(fmt::format("question {}", i), 400 + i));
      const std::string reply = ask(post("/v1/retrieve", fmt::format(R"({{"hash":"{}"}})", id_of(last()))));
      ASSERT_THAT(reply, HasSubstr("200 OK"));
    }
  }
  void start_learning() {
    upstream = std::make_unique<FakeUpstream>([this](TestSocket& socket) {
      for (;;) {
        std::string request = socket.read_message();
        if (request.empty()) return;
        const bool calls = call_next.exchange(false);
        const std::string body = body_of(request);
        upstream->record(std::move(request));
        socket.send(answer(
            calls ? fmt::format(R"({{"id":"m1","type":"message","content":[{{"type":"tool_use","id":"toolu_own",)"
                                R"("name":"headroom_retrieve","input":{{"hash":"{}"}}}}],"stop_reason":"tool_use"}})",
                                id_of(body))
                  : std::string(R"({"id":"m2","type":"message","content":[],"stop_reason":"end_turn"})"),
            kJson));
      }
    });
    pipeline_in_use = &learner;
    offers_in_use = offers.get();
    start(upstream->url());
  }

  std::atomic<bool> call_next = false;
  std::unique_ptr<store::DecisionStore> decisions = store::make_memory_decisions({}, clock);
  std::unique_ptr<store::OfferRecord> offers = store::make_memory_offers({}, clock);
  context::Pipeline learner{registry, store.get(), clock, learning()};
};

TEST_F(LearningTest, AToolWhoseResultsAreAskedForBecomesGentlerInANewConversation) {
  start_learning();
  say(talk("the running one"));
  const std::string running = last();
  asked_for(12);
  say(talk("the running one"));
  EXPECT_EQ(last(), running);
  say(talk("a new one"));
  const std::string gentler = last();
  EXPECT_GT(gentler.size(), running.size());
  EXPECT_LT(gentler.size(), talk("a new one").size());

  const std::string stats = ask(get("/stats"));
  EXPECT_THAT(stats, HasSubstr(R"("tool":"run_query","compressor":"json","step":"gentler","why":"10 of 10 originals)"));
  EXPECT_THAT(ask(get("/metrics")), HasSubstr("headroom_learned_compressors{step=\"gentler\"} 1\n"));
  const std::string patterns = body_of(ask(get("/v1/toin/patterns?limit=5")));
  EXPECT_THAT(patterns, HasSubstr(R"("step":"gentler")"));
  const std::string id = patterns.substr(patterns.find(R"("id":")") + 6, 12);
  EXPECT_THAT(body_of(ask(get("/v1/toin/pattern/" + id.substr(0, 6)))), HasSubstr(R"("tool":"run_query")"));
  EXPECT_THAT(ask(get("/v1/toin/pattern/zz")), HasSubstr("404 Not Found"));
  EXPECT_THAT(ask(get("/v1/toin/patterns?limit=x")), HasSubstr("400 Bad Request"));
  EXPECT_THAT(body_of(ask(get("/v1/toin/stats"))), HasSubstr(R"("total_patterns":1,"gentler":1,"lossless":0)"));

  ASSERT_TRUE(offers->forget("run_query", store::kEveryProject));
  say(talk("after the reset"));
  EXPECT_EQ(last().size() + std::string_view("the running one").size(),
            running.size() + std::string_view("after the reset").size());
  say(talk("a new one"));
  EXPECT_EQ(last(), gentler) << "what has begun stays as it is";
}

TEST_F(LearningTest, LookingAtWhatIsStoredSaysNothingOfModels) {
  start_learning();
  for (int i = 0; i < 12; ++i) {
    say(talk(fmt::format("question {}", i), 400 + i));
    ASSERT_THAT(ask(get("/v1/retrieve/" + id_of(last()))), HasSubstr("200 OK"));
  }
  EXPECT_EQ(offers->counts(store::kEveryProject)->at(0).retrieved, 0);
  EXPECT_EQ(offers->counts(store::kEveryProject)->at(0).offered, 12);
}

TEST_F(LearningTest, CallsInTheMiddleOfATurnCount) {
  start_learning();
  for (int i = 0; i < 12; ++i) {
    call_next = true;
    say(talk(fmt::format("question {}", i), 400 + i));
  }
  EXPECT_EQ(offers->counts(store::kEveryProject)->at(0).retrieved, 10);
  EXPECT_EQ(offers->counts(store::kEveryProject)->at(1).retrieved, 2) << "after the step";
  say(talk("a new one"));
  EXPECT_THAT(ask_until("/v1/toin/patterns", R"("retrieved":12)"), HasSubstr(R"("step":"gentler")"));
}

TEST_F(LearningTest, SeveralPatternsOfOnePrefixAreAConflict) {
  start_learning();
  std::vector<store::Offer> some;
  for (int i = 0; i < 20; ++i) some.push_back({fmt::format("{:024x}", i), fmt::format("tool{}", i), "json", 0});
  ASSERT_TRUE(offers->offer("", some));
  std::string both;
  for (const char digit : std::string_view("0123456789abcdef")) {
    both += ask(get(std::string("/v1/toin/pattern/") + digit));
  }
  EXPECT_THAT(both, HasSubstr("409 Conflict"));  // 20 patterns have 16 first digits
}

}  // namespace
}  // namespace headroom::proxy_test
