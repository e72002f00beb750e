#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "aws/event_stream.h"

using headroom::aws::StreamMessage;
using headroom::aws::StreamSplitter;

namespace {

struct Read {
  std::vector<std::string> payloads;
  bool whole = true;
  bool operator==(const Read&) const = default;
};

Read read(std::string_view bytes, std::size_t step) {
  Read out;
  StreamSplitter splitter;
  while (!bytes.empty() && out.whole) {
    const std::string_view part = bytes.substr(0, step);
    bytes.remove_prefix(part.size());
    out.whole = splitter.feed(part, [&](const StreamMessage& message) {
      out.payloads.emplace_back(message.payload);
      static_cast<void>(headroom::aws::stream_header(message, ":event-type"));
    });
  }
  return out;
}

}  // namespace

/// Any bytes: what comes out does not depend on how they are cut. The same bytes as payload and as headers of a message
/// come out as they went in.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (read(bytes, bytes.size() + 1) != read(bytes, 7)) std::abort();
  static_cast<void>(headroom::aws::stream_header({bytes, {}}, "name"));
  const std::string message = headroom::aws::stream_message({":event-type", "chunk"}, bytes);
  if (message.size() <= StreamSplitter::kLargest &&
      read(message, message.size()).payloads != std::vector{std::string(bytes)}) {
    std::abort();
  }
  return 0;
}
