#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "proxy/body_framer.h"
#include "proxy/kept_payload.h"

using namespace headroom::proxy;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

/// The first byte says in which pieces the rest comes, as a chunked body: where it ends, whether it is broken and what
/// it holds do not depend on them. What is accepted is accepted again when its payload is framed anew, and what follows
/// the end is never taken.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0] % 16;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const BodyFraming chunked{BodyFraming::Kind::kChunked, 0};
  BodyFramer whole(chunked), pieces(chunked);
  KeptPayload all, parts;
  const auto step = whole.feed(bytes, &all);
  std::size_t at = 0;
  bool malformed = false;
  while (at < bytes.size() && !malformed && !pieces.done()) {
    const auto next = pieces.feed(bytes.substr(at, piece), &parts);
    at += next.consumed;
    malformed = next.malformed;
  }
  require(step.consumed <= bytes.size() && at == step.consumed && malformed == step.malformed);
  require(all.text == parts.text && whole.payload_bytes() == all.text.size() && whole.done() == pieces.done());
  require(!(whole.done() && step.malformed) && (whole.done() || step.malformed || step.consumed == bytes.size()));
  if (!whole.done()) return 0;
  std::string again;
  if (!all.text.empty()) again = fmt::format("{:x}\r\n{}\r\n", all.text.size(), all.text);
  again += "0\r\n\r\n";
  BodyFramer second(chunked);
  KeptPayload same;
  const auto end = second.feed(again + "POST / HTTP/1.1\r\n", &same);
  require(second.done() && end.consumed == again.size() && same.text == all.text);
  return 0;
}
