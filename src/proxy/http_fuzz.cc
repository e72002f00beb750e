#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "proxy/body_framer.h"
#include "proxy/header_rules.h"
#include "proxy/http_head.h"
#include "proxy/kept_payload.h"

using namespace headroom::proxy;

namespace {

// The body in one piece and byte by byte must come to the same end and the same payload.
void check_body(BodyFraming framing, std::string_view bytes) {
  BodyFramer whole(framing), bytewise(framing);
  KeptPayload all, single;
  const auto step = whole.feed(bytes, &all);
  std::size_t consumed = 0;
  bool malformed = false;
  while (consumed < bytes.size() && !malformed && !bytewise.done()) {
    const auto one = bytewise.feed(bytes.substr(consumed, 1), &single);
    consumed += one.consumed;
    malformed = one.malformed;
  }
  if (consumed != step.consumed || malformed != step.malformed || all.text != single.text) std::abort();
}

}  // namespace

/// Any bytes as a request: no crash; what is accepted is accepted again, with the same framing, after the relay has
/// written it anew.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  HeadScan scan;
  scan_head(bytes, scan);
  if (scan.state != HeadScan::State::kComplete) return 0;
  (void)parse_response_head(bytes.substr(0, scan.size));
  const auto head = parse_request_head(bytes.substr(0, scan.size));
  if (!head) return 0;
  const auto framing = request_framing(*head);
  if (!framing) return 0;
  check_body(*framing, bytes.substr(scan.size));
  const std::string relayed = upstream_request_head(*head, {true, "up", "443", "", "up"}, std::nullopt);
  HeadScan again;
  scan_head(relayed, again);
  if (again.state != HeadScan::State::kComplete || again.size != relayed.size()) std::abort();
  const auto second = parse_request_head(relayed);
  if (!second) std::abort();
  const auto second_framing = request_framing(*second);
  if (!second_framing || second_framing->kind != framing->kind || second_framing->length != framing->length)
    std::abort();
  return 0;
}
