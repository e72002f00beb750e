#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/json_string.h"
#include "proxy_fixture.h"

namespace headroom::proxy_test {

inline constexpr std::string_view kJson = "Content-Type: application/json\r\n";

inline std::string events_answer(const std::string& body) {
  return answer(body, "Content-Type: text/event-stream\r\n");
}

inline std::string call_args(std::string_view hash) {
  return base::encode_json_string(R"({"hash":")" + std::string(hash) + R"(","items":"3-4"})");
}

/// The payload of a chunked message.
inline std::string unchunked(const std::string& message) {
  std::string rest = body_of(message);
  std::string payload;
  while (!rest.empty()) {
    const std::size_t end = rest.find("\r\n");
    const std::size_t size = std::stoul(rest.substr(0, end), nullptr, 16);
    if (size == 0) break;
    payload += rest.substr(end + 2, size);
    rest.erase(0, end + 2 + size + 2);
  }
  return payload;
}

/// A proxy that offers the retrieve tool, in front of a provider that follows a script.
class RetrievalFixture : public ProxyTest {
 protected:
  RetrievalFixture() { options.ccr_tool_injection = "eager"; }
  // Nothing answers any more when what it counts with goes.
  ~RetrievalFixture() override {
    server.reset();
    if (upstream != nullptr) upstream->stop();
    upstream.reset();
  }

  /// Answers the requests in order; the last answer is repeated. Each is sent in pieces of `piece` bytes.
  void start_script(std::vector<std::string> answers, std::size_t piece = 1 << 20) {
    const auto script = std::make_shared<const std::vector<std::string>>(std::move(answers));
    start([this, piece, script](TestSocket& socket) {
      for (;;) {
        std::string request = socket.read_message();
        if (request.empty()) return;
        upstream->record(std::move(request));
        const std::size_t at = std::min<std::size_t>(served++, script->size() - 1);
        const std::string& whole = (*script)[at];
        if (whole.empty()) return;  // hangs up
        for (std::size_t i = 0; i < whole.size(); i += piece) {
          if (!socket.send(whole.substr(i, piece))) return;
        }
      }
    });
  }
  /// Of the original that anthropic_body() and openai_body() hold.
  static std::string hash() {
    const auto text = base::decode_json_string("\"" + escaped_rows(400) + "\"");
    return base::content_id(*text);
  }
  std::string sent(std::size_t request) { return body_of(upstream->requests().at(request)); }

  std::atomic<std::size_t> served = 0;
};

}  // namespace headroom::proxy_test
