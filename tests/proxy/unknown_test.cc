#include <random>

#include "proxy/body_framer.h"
#include "proxy_fixture.h"

// What nobody knows yet: block types, item types, events and members that a generator makes up, in every format. They
// reach the provider, and the client, with every byte.

namespace headroom::proxy_test {
namespace {

/// Makes up JSON. The same seed makes the same.
class Inventor {
 public:
  explicit Inventor(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t end) { return random_() % end; }
  std::string value(int depth = 0) {
    switch (below(depth < 3 ? 9 : 6)) {
      case 0:
        return pick({"1.0E+2", "-0", "12345678901234567890123", "0.1000", "7"});
      case 1:
        return pick({"true", "false", "null"});
      case 2:
        return pick(
            {R"("")", R"("\u00e9\ud83d\ude00 é")", R"("a\/b \"c\"")", R"("<<ccr:0123456789abcdef01234567 x>>")"});
      case 3:
        return pick({"[]", "{}", "[ ]", "{ }"});
      case 4:
        return pick({R"("text")", R"("tool_result")", R"("user")", R"("data: [DONE]\n\n")"});
      case 5:
        return fmt::format("\"{}\"", std::string(below(300), 'z'));
      case 6:
        return fmt::format("[{}, {}]", value(depth + 1), value(depth + 1));
      case 7:
        return fmt::format("{{{}}}", members(depth + 1, 2));
      default:
        return object(depth + 1);
    }
  }
  /// Of a type of the future, with members of it; may hold what looks like a known one.
  std::string object(int depth = 1) {
    return fmt::format(R"({{"type":"{}_{}"{}{}}})", pick({"future", "server_x", "beta"}), below(100),
                       pick({",", " , ", ",\n  "}), members(depth, 1 + below(3)));
  }
  std::string members(int depth, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      text += fmt::format("{}\"{}_{}\":{}{}", i > 0 ? "," : "", pick({"x", "new", "\\u0066uture"}), below(1000),
                          pick({"", " ", "\t"}), value(depth));
    }
    return text;
  }
  /// ",NAME:VALUE" or nothing.
  std::string more() { return below(2) == 0 ? "" : "," + members(0, 1 + below(2)); }
  /// Elements of a list, each with a comma behind it.
  std::string elements() {
    std::string text;
    for (std::size_t i = below(3); i > 0; --i) text += object() + (below(2) == 0 ? "," : " ,\n");
    return text;
  }
  std::string pick(std::initializer_list<const char*> of) { return *(of.begin() + below(of.size())); }

 private:
  std::mt19937 random_;
};

/// A request around the text of a tool's result.
struct Shape {
  std::string path, before, after;
};

std::string messages_before(Inventor& is, const char* list) {
  return fmt::format(R"({{"model":"claude-sonnet-4-5"{},"{}":[)", is.more(), list);
}

Shape anthropic(Inventor& is, std::string path) {
  Shape shape{std::move(path), messages_before(is, "messages"), ""};
  shape.before += fmt::format(R"({{"role":"user"{},"content":[{}{{"type":"text","text":"Which are slow?"{}}}]}},)",
                              is.more(), is.elements(), is.more());
  shape.before +=
      fmt::format(R"({{"role":"assistant","content":[{}{{"type":"tool_use","id":"t1","name":"q","input":{{}}{}}}]}},)",
                  is.elements(), is.more());
  shape.before += fmt::format(R"({{"role":"user","content":[{}{{"type":"tool_result"{},"tool_use_id":"t1","content":")",
                              is.elements(), is.more());
  shape.after = fmt::format(R"("{}}}]{}}}]{}}})", is.more(), is.more(), is.more());
  return shape;
}

Shape chat(Inventor& is) {
  Shape shape{"/v1/chat/completions", messages_before(is, "messages"), ""};
  shape.before += fmt::format(R"({{"role":"user","content":[{}{{"type":"text","text":"Which are slow?"}}]{}}},)",
                              is.elements(), is.more());
  shape.before += fmt::format(R"({{"role":"future_role"{},"content":{}}},)", is.more(), is.value());
  shape.before += fmt::format(
      R"({{"role":"assistant","content":null,"tool_calls":[{{"id":"c1","type":"function"{},"function":{{"name":"q","arguments":"{{}}"}}}}]}},)",
      is.more());
  shape.before += fmt::format(R"({{"role":"tool"{},"tool_call_id":"c1","content":")", is.more());
  shape.after = fmt::format(R"("{}}}]{}}})", is.more(), is.more());
  return shape;
}

Shape responses(Inventor& is, std::string path) {
  Shape shape{std::move(path), messages_before(is, "input"), ""};
  shape.before +=
      fmt::format(R"({}{{"type":"message","role":"user","content":[{}{{"type":"input_text","text":"Which?"}}]}},)",
                  is.elements(), is.elements());
  shape.before += fmt::format(R"({{"type":"function_call","call_id":"c1","name":"q","arguments":"{{}}"{}}},{})",
                              is.more(), is.elements());
  shape.before += fmt::format(R"({{"type":"function_call_output"{},"call_id":"c1","output":")", is.more());
  shape.after = fmt::format(R"("{}}}]{}}})", is.more(), is.more());
  return shape;
}

Shape gemini(Inventor& is, std::string path) {
  const bool wrapped = path.starts_with("/v1internal");
  const auto part = [&] { return is.below(2) == 0 ? std::string() : fmt::format("{{{}}},", is.members(0, 1)); };
  Shape shape{std::move(path), wrapped ? R"({"model":"gemini-2.5-pro","request":{)" : "{", ""};
  shape.before +=
      fmt::format(R"("contents":[{{"role":"user","parts":[{}{{"text":"Which are slow?"}}]{}}},)", part(), is.more());
  shape.before += fmt::format(R"({{"role":"model","parts":[{}{{"functionCall":{{"name":"q","args":{{}}{}}}{}}}]}},)",
                              part(), is.more(), is.more());
  shape.before +=
      fmt::format(R"({{"role":"user"{},"parts":[{}{{"functionResponse":{{"name":"q"{},"response":{{"output":")",
                  is.more(), part(), is.more());
  shape.after = fmt::format(R"("}}}}{}}}]}}]{}}}{})", is.more(), is.more(), wrapped ? is.more() + "}" : "");
  return shape;
}

std::vector<Shape> shapes(unsigned seed) {
  Inventor is(seed);
  return {anthropic(is, "/v1/messages"),
          anthropic(is, "/v1/messages/count_tokens"),
          anthropic(is, "/v1/projects/p/locations/eu/publishers/anthropic/models/claude-sonnet-4-5:rawPredict"),
          chat(is),
          responses(is, "/v1/responses"),
          responses(is, "/backend-api/codex/responses"),
          gemini(is, "/v1beta/models/gemini-2.5-pro:generateContent"),
          gemini(is, "/v1internal:generateContent"),
          gemini(is, "/v1/projects/p/locations/eu/publishers/google/models/gemini-2.5-pro:generateContent")};
}

class UnknownTest : public ProxyTest {
 protected:
  void start_for_all(std::string response) {
    start_for_all([response = std::move(response)] { return response; });
  }
  void start_for_all(std::function<std::string()> response) {
    upstream = std::make_unique<FakeUpstream>([this, response = std::move(response)](TestSocket& socket) {
      for (;;) {
        std::string request = socket.read_message();
        if (request.empty()) return;
        upstream->record(std::move(request));
        if (!socket.send(response())) return;
      }
    });
    for (std::string config::Options::* url : {&config::Options::gemini_api_url, &config::Options::cloudcode_api_url,
                                               &config::Options::vertex_api_url, &config::Options::chatgpt_api_url}) {
      options.*url = upstream->url();
    }
    start(upstream->url());
  }
};

TEST_F(UnknownTest, NothingCompressedMeansEveryByte) {
  start_for_all(answer("{}"));
  for (unsigned seed = 0; seed < 25; ++seed) {
    for (const Shape& shape : shapes(seed)) {
      const std::string body = shape.before + "nothing was found" + shape.after;
      ASSERT_EQ(status_of(ask(post(shape.path, body))), 200);
      EXPECT_EQ(body_of(upstream->requests().back()), body) << shape.path << ", seed " << seed;
    }
  }
}

TEST_F(UnknownTest, OnlyTheResultChanges) {
  start_for_all(answer("{}"));
  for (unsigned seed = 100; seed < 108; ++seed) {
    for (const Shape& shape : shapes(seed)) {
      const std::string body = shape.before + escaped_rows(300) + shape.after;
      ASSERT_EQ(status_of(ask(post(shape.path, body))), 200);
      const std::string sent = body_of(upstream->requests().back());
      EXPECT_TRUE(sent.starts_with(shape.before)) << shape.path << ", seed " << seed << "\n" << body << "\n" << sent;
      EXPECT_TRUE(sent.ends_with(shape.after)) << shape.path << ", seed " << seed << "\n" << body << "\n" << sent;
      EXPECT_LT(sent.size(), body.size()) << shape.path << ", seed " << seed << "\n" << body;
    }
  }
}

/// Events of known and unknown kinds, in all the ways in which a stream may be written.
std::string invented_events(unsigned seed) {
  Inventor is(seed);
  std::string text;
  for (std::size_t count = 1 + is.below(8); count > 0; --count) {
    const std::string end = is.pick({"\n", "\r\n"});
    switch (is.below(6)) {
      case 0:
        text += ": a comment" + end + end;
        break;
      case 1:
        text += "event: future" + end + "id: 7" + end + "data: " + is.object(3) + end + end;
        break;
      case 2:
        text += "data:" + is.object(3) + end + "data: no JSON" + end + "retry: 10" + end + end;
        break;
      case 3:
        text += "event: content_block_delta" + end + R"(data: {"type":"content_block_delta","index":)" +
                is.pick({"0", "5", "-1", "1.5"}) + ",\"delta\":" + is.value(2) + "}" + end + end;
        break;
      case 4:
        text += R"(data: {"choices":[{"index":0,"delta":{)" + is.members(2, 1) + R"(,"tool_calls":[]}}]})" + end + end;
        break;
      default:
        text += R"(data: {"choices":[{"index":0,"delta":{"tool_calls":[]},"finish_reason":)" +
                is.pick({"null", "\"stop\"", "\"future\"", "7"}) + "}" + is.more() + "]}" + end + end;
    }
  }
  return text + is.pick({"data: [DONE]\n\n", "", "data: cut in half"});
}

struct Payload final : proxy::PayloadSink {
  void on_payload(std::string_view bytes) override { text += bytes; }
  std::string text;
};

std::string payload_of(const std::string& message) {
  const std::string body = body_of(message);
  if (header(message, "transfer-encoding").empty()) return body;
  Payload payload;
  proxy::BodyFramer({proxy::BodyFraming::Kind::kChunked, 0}).feed(body, &payload);
  return payload.text;
}

TEST_F(UnknownTest, EventsReachTheClientAsTheyAreMergedOrNot) {
  for (const char* injection : {"never", "eager"}) {
    server.reset();
    options.ccr_tool_injection = injection;
    unsigned seed = 200;
    start_for_all([&] { return answer(invented_events(seed), "Content-Type: text/event-stream\r\n"); });
    for (; seed < 300; ++seed) {
      for (const std::string& request :
           {post("/v1/messages", anthropic_body(150)), post("/v1/chat/completions", openai_body(150)),
            post("/v1/responses", R"({"model":"gpt-5","input":"hi"})"),
            post("/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse", R"({"contents":[]})")}) {
        EXPECT_EQ(payload_of(ask(request)), invented_events(seed)) << injection << ", seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace headroom::proxy_test
