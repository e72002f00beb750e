#include <deque>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include "base/json_document.h"
#include "base/json_writer.h"
#include "proxy/answer_json.h"
#include "proxy/audit_sink.h"
#include "proxy/owner.h"
#include "proxy/project.h"
#include "proxy/session_impl.h"
#include "proxy/socket_history.h"
#include "proxy/usage_reader.h"

// A WebSocket of OpenAI's Responses: each message of the client that asks for a response is a request like any other.
// What the provider sends goes to the client byte for byte and is only looked at.
// https://platform.openai.com/docs/guides/websocket-mode

namespace headroom::proxy {
namespace {

using base::JsonDocument;
using base::JsonKind;

// Of the provider's messages; a larger one is not looked at.
constexpr std::size_t kMostEvent = std::size_t{16} << 20;
constexpr std::uint16_t kPolicyViolation = 1008;

/// What a message says of itself; empty where it is no JSON object.
struct Message {
  bool creates = false;    // it asks for a response
  bool continues = false;  // behind one that the provider keeps
  std::string stream;      // of several at once in one WebSocket
};

Message read_message(std::string_view text) {
  Message out;
  if (!text.contains("response.create")) return out;
  const auto document = JsonDocument::parse(text);
  if (!document || document->root().kind != JsonKind::kObject) return out;
  const base::JsonNode& root = document->root();
  out.creates = document->string_member(root, "type") == "response.create" && document->find(root, "input") != nullptr;
  out.stream = document->string_member(root, "stream_id");
  return out;
}

/// The last event of a response.
bool ends_response(const JsonDocument& document) {
  if (document.string_member(document.root(), "type") == "error") return true;
  const base::JsonNode* response = object_member(document, document.root(), "response");
  const std::string_view status =
      response == nullptr ? std::string_view() : document.string_member(*response, "status");
  return !status.empty() && status != "in_progress" && status != "queued";
}

/// As the provider says it.
std::string refusal(const OverLimit& over) {
  base::JsonWriter json;
  json.begin_object().member("type", "error").member("status", 429).key("error").begin_object();
  json.member("type", "rate_limit_error").member("code", "rate_limit_exceeded").member("message", over.why);
  json.end_object().end_object();
  return web_socket_text(json.text()) + web_socket_close(kPolicyViolation, over.why);
}

}  // namespace

/// A message that asked for a response which is not complete.
struct Session::Turn {
  std::string stream;
  std::string message;  // as it came
  std::unique_ptr<Exchange> exchange;
};

/// A WebSocket that is open.
struct Session::Talk {
  Talk(Exchange& opened_in, std::size_t most_message)
      : opened(opened_in),
        client(WebSocketReader::Sender::kClient, most_message),
        provider(WebSocketReader::Sender::kServer, kMostEvent) {}

  Exchange& opened;
  WebSocketReader client, provider;
  SocketHistory history;
  std::deque<Turn> turns;  // in the order in which they were asked for
  std::string last;        // what the client gets before the end
};

// Codex asks over HTTP when it is told at once that there is no WebSocket, and there all of its conversation is in each
// request, so more of it can be left out, and what was left out given back.
bool Session::goes_on_over_http(const RequestHead& head) {
  static constexpr std::string_view kCodex = "codex";
  return equals_ci(head.fields.get("originator").substr(0, kCodex.size()), kCodex);
}

void Session::read_socket(Exchange& exchange) {
  exchange.reads_socket = true;
  // What is compressed could not be read.
  exchange.head.fields.erase_if([](const Field& field) { return equals_ci(field.name, "sec-websocket-extensions"); });
}

Task<void> Session::relay_socket(Exchange& exchange, std::string head) {
  unwatch_client();
  exchange.status = 101;
  exchange.keep = false;
  const bool started = co_await write_client(head);
  if (!started) co_return;
  Talk talk(exchange, body_limit());
  sender_.running = true;
  const auto self = shared_from_this();
  asio::co_spawn(
      client_.get_executor(), [self, &talk]() { return self->pump_socket(talk); },
      // An exception can only be a lack of memory; it ends this WebSocket.
      [self](const std::exception_ptr&) {
        self->upstream_->close();
        self->sender_.running = false;
        self->sender_done_.cancel();
      });
  for (;;) {
    if (!up_in_.empty()) {
      // First, as the client's next message may go on from it.
      talk.provider.feed(up_in_.view());
      while (const auto part = talk.provider.next()) {
        if (part->text) note_event(talk, part->message);
      }
      const error_code error = co_await write_all(client_, up_in_.view());
      if (error) {
        client_gone_ = true;
        break;
      }
      up_in_.consume(up_in_.size());
    }
    watchdog_.disarm();
    auto [error, size] = co_await upstream_->read_some(up_in_.prepare(kReadSize));
    if (error) break;
    up_in_.commit(size);
  }
  if (!talk.last.empty()) co_await write_client(talk.last);
  const bool left = client_gone_;
  upstream_->close();
  close_client();
  co_await join_sender();
  while (!talk.turns.empty()) {
    Turn turn = std::move(talk.turns.front());
    talk.turns.pop_front();
    turn.exchange->status = left ? 499 : 502;
    turn.exchange->note = left ? "the client left" : "the upstream cut its answer";
    turn.exchange->cut_short = true;
    conclude(*turn.exchange);
  }
}

Task<void> Session::pump_socket(Talk& talk) {
  for (;;) {
    while (auto part = talk.client.next()) {
      if (part->text) {
        const bool goes_on = co_await take_message(talk, *part);
        if (!goes_on) co_return;
      }
      const error_code error = co_await upstream_->write(part->bytes);
      if (error) co_return;
    }
    if (in_.empty()) {
      const error_code error = co_await read_client(kReadSize);
      if (error) {
        client_gone_ = true;
        co_return;
      }
    }
    talk.client.feed(in_.view());
    in_.consume(in_.size());
  }
}

// A request of its own, with what the WebSocket was opened with.
std::unique_ptr<Session::Exchange> Session::begin_turn(const Exchange& opened) const {
  auto turn = std::make_unique<Exchange>();
  const std::vector<char>& bytes = opened.head.bytes;
  turn->head = *parse_request_head({bytes.data(), bytes.size()});  // as it was before
  static_cast<void>(take_project(turn->head));
  turn->head.fields.erase_if([this](const Field& field) { return is_own_authorization(field, shared_.access.token); });
  turn->route = opened.route;
  turn->start_ns = turn->arrived_ns = shared_.services.clock.monotonic_ns();
  turn->caller = opened.caller;
  turn->settings = shared_.settings.get();
  turn->project = opened.project;
  turn->provider = opened.provider;
  turn->pool = opened.pool;
  turn->api = opened.api;
  turn->region = opened.region;
  turn->is_owner = opened.is_owner;
  turn->sending = turn->in_socket = true;
  begin_audit(*turn);
  if (turn->audited != nullptr) turn->audited->entry.method = kInSocket;
  begin_telemetry(*turn);
  number(*turn);
  return turn;
}

/// False when it is the last one.
Task<bool> Session::take_message(Talk& talk, WebSocketReader::Part& part) {
  const Message message = read_message(part.message);
  if (!message.creates) co_return true;
  auto turn = begin_turn(talk.opened);
  if (const auto over = over_limit(*turn)) {
    turn->status = 429;
    turn->note = "over a limit";
    turn->sending = false;
    talk.last = refusal(*over);
    conclude(*turn);
    co_return false;
  }
  audit_received(*turn, part.message);
  Outgoing outgoing;
  outgoing.body = part.message;
  const bool changed = turn->settings->options.optimize && co_await compress_message(talk, *turn, outgoing.body);
  if (changed) part.bytes = web_socket_text(outgoing.body, part.mask);
  audit_sent(*turn, outgoing);
  turn->request_bytes = outgoing.body.size();
  emit(context::Stage::kPreSend, *turn);
  note_sent(*turn);
  talk.turns.push_back({message.stream, std::move(part.message), std::move(turn)});
  co_return true;
}

/// True when the message was changed.
Task<bool> Session::compress_message(const Talk& talk, Exchange& turn, std::string& message) {
  auto whole = talk.history.whole(message);
  if (!whole) {
    // Its conversation is only the provider's to know, so nobody here can say what of a result is asked for.
    turn.lossless = true;
    co_return co_await compress_text(turn, message);
  }
  const bool changed = co_await compress_text(turn, whole->body);
  if (!changed) co_return false;
  const SocketHistory::Whole came{{}, whole->before};
  auto smaller = SocketHistory::message_of(whole->body, came, message);
  if (!smaller || *smaller == message) co_return false;
  message = *std::move(smaller);
  co_return true;
}

void Session::note_event(Talk& talk, const std::string& message) {
  if (talk.turns.empty()) return;
  Exchange& first = *talk.turns.front().exchange;
  if (first.ttfb_us < 0) first.ttfb_us = since_start(first) / 1000;
  // Only the last event of a response is of interest here.
  const auto document = message.contains("\"usage\"") || message.contains("\"error\"")
                            ? JsonDocument::parse(message)
                            : base::Result<JsonDocument>(std::unexpected(base::Error{}));
  std::string stream;
  bool ends = false;
  if (document && document->root().kind == JsonKind::kObject) {
    stream = document->string_member(document->root(), "stream_id");
    ends = ends_response(*document);
  }
  auto turn = std::ranges::find(talk.turns, stream, &Turn::stream);
  if (turn == talk.turns.end()) turn = talk.turns.begin();
  Exchange& exchange = *turn->exchange;
  exchange.response_bytes += message.size();
  if (exchange.audited != nullptr) exchange.audited->answer.add(message);
  if (!ends) return;
  UsageReader usage(exchange.api);
  usage.take(*document);
  const bool failed = document->string_member(document->root(), "type") == "error";
  const std::int64_t status = integer_of(document->find_last(document->root(), "status"));
  exchange.status = !failed ? 200 : status >= 400 && status < 600 ? static_cast<int>(status) : 400;
  if (failed) exchange.note = "the provider answered with an error";
  const Usage& billed = usage.usage();
  if (exchange.row) {
    exchange.row->stream = true;
    exchange.row->billed_input = billed.input;
    exchange.row->billed_cached = billed.cached;
    exchange.row->billed_output = billed.output;
    exchange.billed_written = billed.written;
    exchange.settings->pipeline->note_answer(exchange.cacheable, {billed.input, billed.cached, billed.written});
  }
  conclude(exchange);
  talk.history.note(turn->message, message);
  talk.turns.erase(turn);
}

}  // namespace headroom::proxy
