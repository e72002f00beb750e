#include "proxy/whole_answer.h"

#include <utility>

#include "proxy/body_framer.h"
#include "proxy/byte_buffer.h"
#include "proxy/kept_payload.h"

namespace headroom::proxy {
namespace {

constexpr std::size_t kReadSize = 16 * 1024;
constexpr std::size_t kMostHead = 64 * 1024;

Task<bool> read_more(UpstreamConnection& connection, ByteBuffer& in) {
  auto [error, size] = co_await connection.read_some(in.prepare(kReadSize));
  in.commit(error ? 0 : size);
  co_return !error;
}

}  // namespace

Task<std::optional<WholeAnswer>> read_whole_answer(UpstreamConnection& connection, std::string_view method,
                                                   std::size_t most) {
  ByteBuffer in;
  HeadScan scan;
  for (scan_head(in.view(), scan); scan.state == HeadScan::State::kNeedMore; scan_head(in.view(), scan)) {
    const bool more = co_await read_more(connection, in);
    if (!more || in.size() > kMostHead) co_return std::nullopt;
  }
  if (scan.state == HeadScan::State::kMalformed) co_return std::nullopt;
  auto head = parse_response_head(in.view().substr(0, scan.size));
  in.consume(scan.size);
  const auto framing = head ? response_framing(*head, method) : std::unexpected(head.error());
  if (!framing) co_return std::nullopt;
  BodyFramer framer(*framing);
  KeptPayload body;
  bool ended = false;
  for (;;) {
    const auto step = framer.feed(in.view(), &body);
    in.consume(step.consumed);
    ended = framer.done();
    if (ended || step.malformed || body.text.size() > most) break;
    const bool more = co_await read_more(connection, in);
    if (more) continue;
    ended = framer.may_end_at_close();
    break;
  }
  const bool can_go_on = framer.done() && head->keep_alive() && in.empty();
  co_return WholeAnswer{*std::move(head), std::move(body.text), ended, can_go_on};
}

}  // namespace headroom::proxy
