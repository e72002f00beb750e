#include <string>

#include "audit/log.h"
#include "proxy/audit_sink.h"
#include "proxy/owner.h"
#include "proxy/session_impl.h"
#include "proxy/shown_path.h"

// What the audit trail hears of a request (docs/AUDIT.md).

namespace headroom::proxy {
namespace {

// Of one body in the trail; what is longer is cut, and its digest is of all.
constexpr std::size_t kMostContent = std::size_t{8} << 20;

std::string_view peer_name(Peer peer) {
  if (peer == Peer::kUnixSocket) return "unix socket";
  return peer == Peer::kLoopback ? "loopback" : "elsewhere";
}

// Whether it still serves is asked every few seconds, and says nothing of anybody.
bool is_probe(Action action) {
  return action == Action::kLive || action == Action::kReady || action == Action::kHealth || action == Action::kMetrics;
}

}  // namespace

void Session::begin_audit(Exchange& exchange) const {
  if (shared_.services.audit == nullptr) return;
  exchange.audited = std::make_unique<Audited>();
  audit::Entry& entry = exchange.audited->entry;
  entry.time_ms = shared_.services.clock.now_ms();
  entry.peer = peer_name(peer_);
  error_code error;
  if (peer_ != Peer::kUnixSocket) {
    const Tcp::endpoint peer = client_.remote_endpoint(error);
    if (!error) entry.address = peer.address().to_string();
  }
  static constexpr std::size_t kCallerDigits = 16;
  entry.caller = owner_of(exchange.head.fields).substr(0, kCallerDigits);
  entry.session = session_of(exchange.head.fields);
  entry.method = exchange.head.method;
  entry.path = shown_path(exchange.head.path);
}

void Session::audit_received(Exchange& exchange, std::string_view body) const {
  if (exchange.audited == nullptr) return;
  exchange.audited->received.add(body);
  audit_text(exchange, body);
}

// In place of the body, where that turns out to be encoded.
void Session::audit_text(Exchange& exchange, std::string_view text) const {
  if (exchange.audited == nullptr || !shared_.services.audit->wants_content()) return;
  exchange.audited->entry.received_content = text.substr(0, kMostContent);
}

void Session::audit_decisions(Exchange& exchange, const context::Outcome& outcome) const {
  if (exchange.audited == nullptr) return;
  for (const context::BlockReport& block : outcome.blocks) {
    audit::Decision decision;
    decision.tool = block.tool_name;
    decision.type = detect::content_type_name(block.detection.type);
    decision.strategy = block.strategy;
    decision.reason = block.reason;
    decision.tokens_before = block.tokens_before;
    decision.tokens_after = block.tokens_after;
    decision.ids = block.ids;
    exchange.audited->entry.decisions.push_back(std::move(decision));
  }
}

void Session::audit_sent(Exchange& exchange, const Outgoing& outgoing) const {
  if (exchange.audited == nullptr) return;
  audit::Entry& entry = exchange.audited->entry;
  base::Sha256 digest;
  digest.add(outgoing.body);
  entry.sent.bytes = outgoing.body.size();
  // The same digest twice would say nothing more.
  std::string hex = digest.hex();
  if (hex == exchange.audited->received.hex()) return;
  entry.sent.sha256 = std::move(hex);
  if (shared_.services.audit->wants_content()) entry.sent_content = outgoing.said().substr(0, kMostContent);
}

void Session::end_audit(Exchange& exchange, std::int64_t total_us) const {
  if (exchange.audited == nullptr || (exchange.route != nullptr && is_probe(exchange.route->action))) return;
  audit::Entry& entry = exchange.audited->entry;
  entry.project = exchange.project;
  entry.status = exchange.status;
  entry.note = exchange.note;
  entry.total_us = total_us;
  if (exchange.sending) entry.upstream = exchange.pool->url().authority;
  if (exchange.row) {
    entry.api = exchange.row->api;
    entry.model = exchange.row->model;
    entry.tokens_before = exchange.row->tokens_before;
    entry.tokens_after = exchange.row->tokens_after;
    entry.billed_input = exchange.row->billed_input;
    entry.billed_cached = exchange.row->billed_cached;
    entry.billed_output = exchange.row->billed_output;
  }
  const auto passed = [](const base::Sha256& digest) {
    return digest.bytes() == 0 ? audit::Passed{} : audit::Passed{digest.bytes(), digest.hex()};
  };
  entry.received = passed(exchange.audited->received);
  entry.answer = passed(exchange.audited->answer);
  shared_.services.audit->append(entry);
}

}  // namespace headroom::proxy
