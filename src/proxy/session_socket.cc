#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <functional>
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
using base::JsonNode;

// Of the provider's messages; a larger one is not looked at.
constexpr std::size_t kMostEvent = std::size_t{16} << 20;
// Requests of one WebSocket that have no answer yet; of more, the oldest are taken for answered unseen.
constexpr std::size_t kMostTurns = 256;
// Of what the client was not told yet that it may not ask now; who goes on asking meanwhile is not told again.
constexpr std::size_t kMostUntold = std::size_t{16} << 10;
constexpr std::uint16_t kGoingAway = 1001;
constexpr std::uint16_t kTooBig = 1009;

/// What a message says of itself.
struct Message {
  bool creates = false;  // it asks for a response
  std::string stream;    // of several at once in one WebSocket
  std::optional<SocketHistory::Asked> asked;
};

Message read_message(std::string_view text) {
  Message out;
  if (!text.contains("response.create")) return out;
  const auto document = JsonDocument::parse(text);
  if (!document || document->root().kind != JsonKind::kObject) return out;
  const JsonNode& root = document->root();
  out.creates = document->string_member(root, "type") == "response.create";
  if (!out.creates) return out;
  out.stream = document->string_member(root, "stream_id");
  out.asked = SocketHistory::asked(*document);
  return out;
}

/// What an event of the provider's says of the response that it belongs to.
struct Event {
  std::string_view stream;
  std::string_view response;  // its id; only the first and the last ones have it
  bool ends = false;
  bool failed = false;  // that is how it ends
  bool fails = false;   // something does: of which response is not said
};

Event read_event(const JsonDocument& document) {
  static constexpr std::array<std::string_view, 4> kLast{"response.completed", "response.incomplete", "response.failed",
                                                         "response.cancelled"};
  const JsonNode& root = document.root();
  const std::string_view type = document.string_member(root, "type");
  Event out;
  out.stream = document.string_member(root, "stream_id");
  out.fails = type == "error";
  const JsonNode* response = object_member(document, root, "response");
  if (response == nullptr) return out;
  out.response = document.string_member(*response, "id");
  out.failed = type == "response.failed";
  const std::string_view status = document.string_member(*response, "status");
  out.ends = std::ranges::find(kLast, type) != kLast.end() ||
             (!status.empty() && status != "in_progress" && status != "queued");
  return out;
}

/// As the provider says it.
std::string refusal(const OverLimit& over, std::string_view stream) {
  base::JsonWriter json;
  json.begin_object().member("type", "error").member("status", 429);
  if (!stream.empty()) json.member("stream_id", stream);
  json.key("error").begin_object().member("type", "rate_limit_error").member("code", "rate_limit_exceeded");
  json.member("message", over.why).end_object().end_object();
  return web_socket_text(json.text());
}

}  // namespace

/// A message that asked for a response which is not complete.
struct Session::Turn {
  std::string stream;
  std::optional<SocketHistory::Asked> asked;
  std::unique_ptr<Exchange> exchange;
  std::string response = {};  // once the provider has named it
  bool failed = false;        // an error came meanwhile, which can be of something else
};

/// A WebSocket that is open.
struct Session::Talk {
  Talk(Exchange& opened_in, std::size_t most_message, SocketHistory::Total& histories, const Executor& executor)
      : opened(opened_in),
        client(WebSocketReader::Sender::kClient, most_message),
        provider(WebSocketReader::Sender::kServer, kMostEvent),
        history(histories),
        written(executor) {}

  Exchange& opened;  // ends before what pumps does, where there is an exception
  WebSocketReader client, provider;
  SocketHistory history;
  std::deque<Turn> turns;  // in the order in which they were asked for
  std::string own;         // frames of ours, for the client, between two of the provider's messages
  SteadyTimer written;     // cancelled when `writing` ends
  bool writing = false;    // to the client
  bool taking = false;     // a message of the client's is being read
  bool leaving = false;    // the proxy ends, and this before it
  bool too_large = false;  // the client's message is, which ends this
  int writes = 0;          // under way, in both directions
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
  error_code ignored;
  client_.set_option(asio::socket_base::keep_alive(true), ignored);  // it may say nothing for an hour
  const bool started = co_await write_client(head);
  if (!started) co_return;
  const auto talk = std::make_shared<Talk>(exchange, body_limit(), shared_.socket_histories, client_.get_executor());
  struct Open {
    Session& session;
    ~Open() {
      session.talk_ = nullptr;
      session.sender_.abort = true;
    }
  };
  std::optional<Open> open(std::in_place, *this);
  talk_ = talk.get();
  sender_.running = true;
  const auto self = shared_from_this();
  asio::co_spawn(
      client_.get_executor(), [self, talk]() { return self->pump_socket(*talk); },
      [self, talk](const std::exception_ptr& failure) {
        // An exception can only be a lack of memory; it ends this WebSocket. An upstream that takes no more may have
        // said why, so that is still read.
        if (failure || self->client_gone_) self->upstream_->close();
        talk->writing = false;
        talk->written.cancel();
        self->sender_.running = false;
        self->sender_done_.cancel();
      });
  for (;;) {
    if (!up_in_.empty()) {
      const bool taken = co_await pass_on(*talk);
      if (!taken) break;
    }
    auto [error, size] = co_await upstream_->read_some(up_in_.prepare(kReadSize));
    if (error) break;
    up_in_.commit(size);
  }
  if (talk->leaving) co_await write_client(web_socket_close(kGoingAway, "the proxy ends"));
  const bool left = client_gone_;
  if (talk->too_large && !left && talk->provider.between_messages()) {
    co_await write_client(web_socket_close(kTooBig, "a message is larger than the proxy reads (--max-body-mb)"));
  }
  open.reset();
  upstream_->close();
  left ? close_client() : static_cast<void>(client_.cancel(ignored));
  co_await join_sender();
  const char* const cut_by =
      talk->too_large ? "cut off: the client's next message was too large" : "the upstream cut its answer";
  for (Turn& turn : talk->turns) {
    if (!turn.failed) turn.exchange->status = left ? 499 : 502;
    if (!turn.failed) turn.exchange->note = left ? "the client left" : cut_by;
    turn.exchange->cut_short = true;
    conclude(*turn.exchange);
  }
  if (!left && client_.is_open()) co_await lingering_close();  // what it says now must not take away what it was sent
}

/// What has come from the provider goes to the client. False when nothing more does.
Task<bool> Session::pass_on(Talk& talk) {
  while (talk.writing) {
    talk.written.expires_after(std::chrono::hours(24));
    co_await talk.written.async_wait(kToken);
  }
  talk.writing = true;
  // First, as the client's next message may go on from it.
  talk.provider.feed(up_in_.view());
  while (const auto part = talk.provider.next()) {
    if (part->text) note_event(talk, part->message);
  }
  error_code error = co_await send_in_socket(talk, true, up_in_.view());
  up_in_.consume(up_in_.size());
  if (!error) error = co_await send_own(talk);
  talk.writing = false;
  client_gone_ = client_gone_ || error;
  talk.leaving = !error && may_leave(talk);
  co_return !error && !talk.leaving;
}

/// Where talk.writing is the caller's.
Task<error_code> Session::send_own(Talk& talk) {
  error_code error;
  while (!error && !talk.own.empty() && talk.provider.between_messages()) {
    const std::string own = std::exchange(talk.own, {});
    error = co_await send_in_socket(talk, true, own);
  }
  co_return error;
}

/// What goes out must get on, in one direction or the other; nothing else in a WebSocket has a time.
Task<error_code> Session::send_in_socket(Talk& talk, bool to_client, std::string_view bytes) {
  constexpr std::size_t kAtOnce = 4 * kSingleWrite;
  error_code error;
  ++talk.writes;
  for (std::size_t at = 0; at < bytes.size() && !error; at += kAtOnce) {
    arm(Phase::kClientWrite, response_timeout());
    const std::string_view part = bytes.substr(at, kAtOnce);
    if (to_client) {
      error = co_await write_all(client_, part);
    } else {
      error = co_await upstream_->write(part);
    }
  }
  if (--talk.writes == 0) watchdog_.disarm();
  co_return error;
}

bool Session::may_leave(const Talk& talk) const {
  return shared_.draining.load(std::memory_order_relaxed) && talk.turns.empty() && !talk.taking && !talk.writing &&
         in_.empty() && talk.client.between_messages() && talk.provider.between_messages();
}

void Session::drain_socket(Talk& talk) {
  talk.leaving = may_leave(talk);
  if (talk.leaving) upstream_->close();
}

Task<void> Session::pump_socket(Talk& talk) {
  BodyRoom::Place place;
  while (!sender_.abort) {
    while (auto part = talk.client.next()) {
      if (talk.client.passed_text()) {
        refuse_large(talk);
        co_return;
      }
      bool goes_on = true;
      talk.taking = true;
      if (part->text) goes_on = co_await take_message(talk, *part);
      error_code error;
      if (goes_on) error = co_await send_in_socket(talk, false, part->bytes);
      talk.taking = false;
      if (error || sender_.abort) co_return;
    }
    const std::uint64_t wanted = talk.client.wanted();
    if (wanted == 0) place.give_back();
    if (wanted >= shared_.limits.large_body_bytes && !place) {
      place = co_await shared_.body_room.take(wanted, shared_.limits.body_room_patience);
      if (sender_.abort) co_return;
    }
    if (in_.empty()) {
      const error_code error = co_await read_client(kReadSize);
      if (error) {
        client_gone_ = client_gone_ || !sender_.abort;
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

/// It would be neither counted nor limited, so it does not go on, as with a body over HTTP.
void Session::refuse_large(Talk& talk) {
  auto turn = begin_turn(talk.opened);
  turn->status = 413;
  turn->note = "larger than --max-body-mb";
  turn->sending = false;
  conclude(*turn);
  talk.too_large = true;
  upstream_->close();
}

/// Does it on a worker where it is about many bytes.
Task<void> Session::work_on(std::size_t bytes, std::function<void()> work) {
  if (is_quick(bytes)) {
    work();
  } else {
    co_await on_worker(std::move(work));
  }
}

/// False when the provider does not get it.
Task<bool> Session::take_message(Talk& talk, WebSocketReader::Part& part) {
  Message message;
  const auto read = [&] { message = read_message(part.message); };
  co_await work_on(part.message.size(), read);
  if (sender_.abort) co_return false;
  if (!message.creates) co_return true;
  auto turn = begin_turn(talk.opened);
  if (const auto over = over_limit(*turn)) {
    turn->status = 429;
    turn->note = "over a limit";
    turn->sending = false;
    conclude(*turn);
    if (talk.own.size() < kMostUntold) talk.own += refusal(*over, message.stream);
    if (talk.writing) co_return false;  // who writes sends that, too
    talk.writing = true;
    const error_code error = co_await send_own(talk);
    talk.writing = false;
    talk.written.cancel();
    if (error) client_gone_ = true;
    if (error) upstream_->close();
    co_return false;
  }
  audit_received(*turn, part.message);
  Outgoing outgoing;
  outgoing.body = std::move(part.message);
  const bool changed = turn->settings->options.optimize && co_await compress_message(talk, *turn, outgoing.body);
  if (changed) part.bytes = web_socket_text(outgoing.body, part.mask);
  audit_sent(*turn, outgoing);
  turn->request_bytes = outgoing.body.size();
  emit(context::Stage::kPreSend, *turn);
  note_sent(*turn);
  add_turn(talk, {message.stream, std::move(message.asked), std::move(turn)});
  co_return true;
}

/// Within bounds.
void Session::add_turn(Talk& talk, Turn turn) {
  std::size_t held = turn.asked ? turn.asked->items.size() : 0;
  for (const Turn& other : talk.turns) held += other.asked ? other.asked->items.size() : 0;
  if (held > SocketHistory::kMostBytes) turn.asked.reset();
  if (talk.turns.size() >= kMostTurns) {
    Exchange& oldest = *talk.turns.front().exchange;
    oldest.status = 200;
    oldest.note = "the end of its answer was not seen";
    conclude(oldest);
    talk.turns.pop_front();
  }
  talk.turns.push_back(std::move(turn));
}

/// True when the message was changed.
Task<bool> Session::compress_message(const Talk& talk, Exchange& turn, std::string& message) {
  const SocketHistory said = talk.history;  // it may grow meanwhile
  std::optional<SocketHistory::Whole> whole;
  const std::size_t bytes = message.size() + said.bytes();
  const auto read = [&] { whole = said.whole(message); };
  co_await work_on(bytes, read);
  if (!whole || (whole->continues && whole->own == 0)) {
    // Its conversation is only the provider's to know, so nobody here can say what of a result is asked for.
    turn.lossless = true;
    const bool changed = co_await compress_text(turn, message);
    co_return changed;
  }
  turn.only_new_goes = whole->continues;
  const bool changed = co_await compress_text(turn, whole->body);
  if (!changed) co_return false;
  std::optional<std::string> smaller;
  const auto cut = [&] { smaller = SocketHistory::message_of(whole->body, *whole, message); };
  co_await work_on(bytes, cut);
  if (!smaller) {
    turn.note = "sent as it came: what was said before has changed";
    if (turn.row) turn.row->tokens_after = turn.row->tokens_before;
    co_return false;
  }
  if (*smaller == message) co_return false;
  message = *std::move(smaller);
  co_return true;
}

/// The one that an event belongs to: those of a stream are answered one after the other.
Session::Turn* Session::turn_of(Talk& talk, std::string_view stream, std::string_view response, bool fails) {
  const bool streams = std::ranges::find(talk.turns, stream, &Turn::stream) != talk.turns.end();
  const auto first = [&](const auto& fits) -> Turn* {
    const auto found = std::ranges::find_if(
        talk.turns, [&](const Turn& turn) { return (!streams || turn.stream == stream) && fits(turn); });
    return found == talk.turns.end() ? nullptr : &*found;
  };
  const auto begun = [](const Turn& turn) { return !turn.response.empty(); };
  if (response.empty()) {
    Turn* const likely = first([&](const Turn& turn) { return begun(turn) != fails; });
    return likely != nullptr ? likely : first([](const Turn&) { return true; });
  }
  if (Turn* const known = first([&](const Turn& turn) { return turn.response == response; })) return known;
  // Of those before it an error was the end.
  std::erase_if(talk.turns, [&](Turn& turn) {
    const bool over = turn.failed && (!streams || turn.stream == stream);
    if (over) conclude(*turn.exchange);
    return over;
  });
  Turn* const next = first(std::not_fn(begun));
  if (next != nullptr) next->response = response;
  return next;
}

void Session::note_event(Talk& talk, const std::string& message) {
  if (talk.turns.empty()) return;
  // Only the first and the last events of a response are of interest here, and of several at once whose each is.
  const bool streams = std::ranges::any_of(talk.turns, [](const Turn& turn) { return !turn.stream.empty(); });
  const auto document = streams || message.contains("\"response\"") || message.contains("\"error\"")
                            ? JsonDocument::parse(message)
                            : base::Result<JsonDocument>(std::unexpected(base::Error{}));
  const bool readable = document && document->root().kind == JsonKind::kObject;
  const Event event = readable ? read_event(*document) : Event();
  Turn* const turn = turn_of(talk, event.stream, event.response, event.fails);
  if (turn == nullptr) return;
  Exchange& exchange = *turn->exchange;
  if (exchange.ttfb_us < 0) exchange.ttfb_us = since_start(exchange) / 1000;
  exchange.response_bytes += message.size();
  if (exchange.audited != nullptr) exchange.audited->answer.add(message);
  if (event.fails) {
    const std::int64_t status = integer_of(document->find_last(document->root(), "status"));
    exchange.status = status >= 400 && status < 600 ? static_cast<int>(status) : 400;
    exchange.note = "the provider answered with an error";
    turn->failed = true;
  } else if (event.ends && !(turn->failed && event.failed)) {
    exchange.status = 200;
    exchange.note.clear();
  }
  // An error while an answer is under way need not be its end.
  if (!event.ends && (!event.fails || !turn->response.empty())) return;
  if (exchange.row) {
    UsageReader reader(exchange.api);
    reader.take(*document);
    exchange.row->stream = true;
    note_billed(exchange, reader.usage());
  }
  conclude(exchange);
  if (turn->asked) talk.history.note(*std::move(turn->asked), *document);
  std::erase_if(talk.turns, [&](const Turn& other) { return other.exchange.get() == &exchange; });
}

}  // namespace headroom::proxy
