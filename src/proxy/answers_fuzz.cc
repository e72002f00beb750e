#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_document.h"
#include "proxy/answer_merger.h"
#include "proxy/coded_body.h"
#include "proxy/sse_events.h"
#include "proxy/usage.h"

using namespace headroom;
using namespace headroom::proxy;

namespace {

constexpr char kNextRound = '\x1e';
// In the shape of each format at once.
constexpr std::string_view kRequest =
    R"({"model":"m","messages":[{"role":"user","content":"q"}],"input":"q","contents":[{"parts":[{"text":"q"}]}]})";

void require(bool holds) {
  if (!holds) std::abort();
}

// However the bytes are cut, the same events come out, and together they are what went in.
void check_splitter(std::string_view bytes) {
  SseSplitter whole, bytewise;
  std::string raw, single, data, single_data;
  whole.feed(bytes, [&](std::string_view event, std::string_view said) { raw += event, data.append(said) += '\0'; });
  for (const char& c : bytes) {
    bytewise.feed({&c, 1}, [&](std::string_view event, std::string_view said) {
      single += event, single_data.append(said) += '\0';
    });
  }
  raw += whole.take_rest();
  single += bytewise.take_rest();
  require(raw == bytes && single == bytes && data == single_data);
}

struct Made {
  std::string out;
  std::vector<std::string> requests;
};

// Runs the rounds that the input holds, as the proxy does.
Made merge(wire::Api api, bool events, std::string_view rounds, std::size_t piece) {
  Made made;
  const auto merger = make_answer_merger(api, events);
  std::string body(kRequest);
  for (int round = 0;; ++round) {
    const std::size_t end = rounds.find(kNextRound);
    std::string_view bytes = rounds.substr(0, end);
    merger->begin_round(round < 3 && end != std::string_view::npos);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
      merger->feed(bytes.substr(0, piece), made.out);
    }
    const auto calls = merger->finish_round(made.out);
    if (calls.empty()) return made;
    require(end != std::string_view::npos);
    rounds.remove_prefix(end + 1);
    body = merger->continue_request(body, std::vector<std::string>(calls.size(), "what was \"left out\"\n"));
    if (body.empty()) return made;
    require(base::JsonDocument::parse(body).has_value());
    made.requests.push_back(body);
  }
}

Usage usage_of(wire::Api api, const char* type, std::string_view bytes, std::size_t piece,
               const char* coding = nullptr) {
  ResponseHead head;
  head.status = 200;
  head.fields.add({"content-type", type});
  if (coding != nullptr) head.fields.add({"content-encoding", coding});
  UsageObserver observer(api, head);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
    observer.on_payload(bytes.substr(0, piece));
  return observer.finish();
}

}  // namespace

/// Any bytes as the provider's answers to a request and its continuations, for each format that is merged: the pieces
/// in which they come change nothing, an answer that does not name the tool passes as it is, and what is sent on is
/// JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view first = bytes.substr(0, bytes.find(kNextRound));
  check_splitter(bytes);
  for (const wire::Api api : {wire::Api::kAnthropicMessages, wire::Api::kOpenAiChat, wire::Api::kOpenAiResponses,
                              wire::Api::kGeminiGenerate}) {
    for (const bool events : {true, false}) {
      const Made whole = merge(api, events, bytes, size + 1);
      const Made pieces = merge(api, events, bytes, 3);
      require(whole.out == pieces.out && whole.requests == pieces.requests);
      const bool names_the_tool = first.contains("retrieve") || first.contains('\\') || first.contains("index");
      if (!names_the_tool) require(whole.out == first);
    }
  }
  for (const wire::Api api : {wire::Api::kAnthropicMessages, wire::Api::kOpenAiChat, wire::Api::kOpenAiResponses,
                              wire::Api::kGeminiGenerate}) {
    for (const char* type : {"text/event-stream", "application/json"}) {
      const Usage whole = usage_of(api, type, bytes, size + 1), pieces = usage_of(api, type, bytes, 3);
      require(whole.input == pieces.input && whole.cached == pieces.cached && whole.output == pieces.output);
      const Usage packed = usage_of(api, type, encode_body(bytes, ContentCoding::kGzip), 3, "gzip");
      require(whole.input == packed.input && whole.cached == packed.cached && whole.output == packed.output);
    }
  }
  return 0;
}
