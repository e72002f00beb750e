#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/web_socket.h"

using headroom::proxy::WebSocketReader;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

struct Read {
  std::string bytes;
  std::vector<WebSocketReader::Part> messages;
};

Read read(std::string_view bytes, WebSocketReader::Sender sender, std::size_t most, std::size_t piece) {
  WebSocketReader reader(sender, most);
  Read out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    while (auto part = reader.next()) {
      require(!part->bytes.empty() && (part->text || part->message.empty()) && part->message.size() <= most);
      out.bytes += part->bytes;
      if (part->text) out.messages.push_back(*std::move(part));
    }
  }
  return out;
}

}  // namespace

/// The first two bytes say who sends, in which pieces, and how much a message may have. The messages do not depend on
/// the pieces, no byte is added or lost but what may still become a message, and each message is read again when it is
/// written anew.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const bool client = (data[0] & 1U) != 0;
  const auto sender = client ? WebSocketReader::Sender::kClient : WebSocketReader::Sender::kServer;
  const std::size_t piece = 1 + data[0] / 2, most = std::size_t{data[1]} * 4;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  const Read whole = read(bytes, sender, most, bytes.size() + 1), parts = read(bytes, sender, most, piece);
  require(whole.bytes == parts.bytes && whole.messages.size() == parts.messages.size());
  require(whole.bytes.size() <= bytes.size());
  for (std::size_t i = 0; i < whole.messages.size(); ++i) {
    const WebSocketReader::Part& one = whole.messages[i];
    require(one.message == parts.messages[i].message);
    const auto mask = client ? std::optional(one.mask) : std::nullopt;
    const std::string written = headroom::proxy::web_socket_text(one.message, mask);
    const Read again = read(written, sender, most, piece);
    require(again.bytes == written && again.messages.size() == 1 && again.messages[0].message == one.message);
  }
  return 0;
}
