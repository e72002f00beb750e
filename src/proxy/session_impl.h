#pragma once

#include <algorithm>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audit/entry.h"
#include "base/json_document.h"
#include "base/result.h"
#include "base/sha256.h"
#include "proxy/answer_merger.h"
#include "proxy/aws_signing.h"
#include "proxy/body_framer.h"
#include "proxy/byte_buffer.h"
#include "proxy/client_input.h"
#include "proxy/compress_api.h"
#include "proxy/content_coding.h"
#include "proxy/header_rules.h"
#include "proxy/http_head.h"
#include "proxy/net.h"
#include "proxy/owner.h"
#include "proxy/routes.h"
#include "proxy/session.h"
#include "proxy/upstream.h"
#include "proxy/usage.h"
#include "proxy/web_socket.h"
#include "telemetry/model_call.h"

// Only the session_*.cc files include this.

namespace headroom::proxy {

constexpr std::size_t kReadSize = 16 * 1024;
/// What stands for the method of a request that came in a WebSocket.
constexpr std::string_view kInSocket = "WS";
/// Bodies up to this go out together with their head; larger ones by a sender of their own, beside the answer.
constexpr std::size_t kSingleWrite = 64 * 1024;

/// One client connection. Reads a request, serves it, reads the next. All members belong to the lane's thread.
///
/// While an answer is under way two things may run beside the main coroutine: the sender of a large or streamed request
/// body, and the watch on the client's socket, which notices that the client is gone. Both end the main coroutine's
/// wait by closing the upstream connection; it then finds the reason in a flag.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Lane& lane, Socket socket, std::function<void()> on_end)
      : lane_(lane),
        shared_(lane.shared),
        client_(std::move(socket)),
        in_(client_),
        watchdog_(client_.get_executor()),
        sender_done_(client_.get_executor()),
        on_end_(std::move(on_end)) {
    lane_.sessions.insert(this);
  }
  ~Session() { lane_.sessions.erase(this); }

  Task<void> run();
  /// After run(). An exception can only be a lack of memory; it costs this connection and no other.
  void ended(const std::exception_ptr& failure) {
    if (failure && shared_.log != nullptr) shared_.log->warn("a connection ended by an exception");
    if (failure) cut();
    on_end_();
  }
  void drain();
  void cut() {
    close_client();
    if (upstream_ != nullptr) upstream_->close();
  }
  void on_deadline();
  /// A read of the client ended that nobody waited for.
  void on_input(error_code error);

 private:
  enum class Phase { kIdle, kClientRead, kWorking, kUpstream, kClientWrite };

  /// What the audit trail will say of a request, and its digests.
  struct Audited {
    audit::Entry entry;
    base::Sha256 received, answer;
  };

  // A request while it is served.
  struct Exchange {
    RequestHead head;
    BodyFraming framing;
    const Route* route = nullptr;
    std::int64_t start_ns = 0;
    std::int64_t arrived_ns = 0;  // when the whole of it could have been here, if its body had not waited for room
    Caller caller;
    std::shared_ptr<const Settings> settings;  // from its first byte to its last
    std::string owner;                         // for the rate limit; empty: there is none
    std::string project;                       // that the request names; empty: none
    bool keep = true;                          // the client connection may serve another request
    bool body_read = true;                     // nothing of the request's body is left on the connection
    int status = 0;
    std::string note;
    bool cut_short = false;  // the client did not get the whole of an answer that was begun
    std::optional<store::LedgerRow> row;
    context::Cacheable cacheable;
    std::vector<ExtraField> extra;
    Provider provider = Provider::kAnthropic;
    std::shared_ptr<UpstreamPool> pool;             // of a relayed one
    wire::Api api = wire::Api::kAnthropicMessages;  // kCompressRelay
    std::uint64_t number = 0;                       // what events call it; 0: nobody listens, or it is answered here
    bool sending = false;                           // it goes to a provider
    bool sent = false;                              // all of it has gone
    std::uint64_t request_bytes = 0, response_bytes = 0;  // of the bodies, as the provider sees them
    std::int64_t ttfb_us = -1;
    std::string region;     // of the provider, where it has several
    bool is_owner = false;  // see is_owner()
    Signing signing = Signing::kNone;
    std::optional<aws::Credentials> credentials;               // kAnew
    std::vector<std::string> originals;                        // that the request's markers name
    std::unordered_map<std::string, std::string> compressors;  // the strategies, by original
    std::string conversation;                                  // its name
    BodyRoom::Place place;                                     // of the body, while it is as large as it came
    std::vector<ContentCoding> codings;                        // that the body was in when it came and was read
    std::string answer_key;                                    // under which the answer may be kept; empty: it is not
    bool reads_socket = false;                                 // the WebSocket that it opens is read
    bool in_socket = false;                                    // this is a message in one
    bool lossless = false;                                     // nothing may be left out
    bool only_new_goes = false;                                // the provider keeps what is before it
    bool offers_retrieval = false;               // the model may call the retrieve tool, which is answered here
    std::unique_ptr<Audited> audited;            // nullptr: nobody wants to know
    std::unique_ptr<telemetry::ModelCall> told;  // over OTLP, at the end; nullptr: not told
    std::int64_t billed_written = -1;            // tokens, to the provider's cache
  };

  // What goes upstream. Either everything is in `bytes`, or the rest of the body comes from the client.
  struct Outgoing {
    std::string head;
    std::string body;
    std::string text;       // what an encoded body says, where that is known and wanted
    bool streamed = false;  // after `body`, more comes from the client
    bool tunnel = false;    // the request asks to change the protocol
    const std::string& said() const { return text.empty() ? body : text; }
  };
  struct SenderState {
    bool running = false;
    bool failed = false;  // the upstream did not take it
    bool abort = false;   // the answer is over, nobody needs the rest
    bool bad_body = false;
    bool reading = false;  // it waits for the client, for so long:
    std::chrono::milliseconds patience{0};
    std::uint64_t streamed = 0;      // bytes of the client's that were passed on as they came
    base::Sha256* digest = nullptr;  // of these, without their framing
  };

  bool has_input();
  void arm(Phase phase, std::chrono::milliseconds delay) {
    phase_ = phase;
    watchdog_.arm(shared_from_this(), delay);
  }
  std::chrono::milliseconds response_timeout() const { return shared_.limits.response_timeout; }
  std::size_t body_limit() const { return static_cast<std::size_t>(std::max(shared_.options.max_body_mb, 1)) << 20; }
  Task<error_code> read_client(std::size_t size) { return in_.more(shared_from_this(), size); }
  void close_client() {
    error_code ignored;
    client_.close(ignored);
  }

  Task<std::optional<RequestHead>> read_head();
  Task<bool> serve(RequestHead head);
  Task<void> dispatch(Exchange& exchange);
  void conclude(Exchange& exchange);
  Task<bool> read_body(Exchange& exchange, std::size_t limit, std::string& body);
  Task<void> serve_local(Exchange& exchange);
  Task<void> serve_probe(Exchange& exchange);
  /// Takes the body in; `compress` or not, it may be signed anew.
  Task<void> serve_whole(Exchange& exchange, bool compress);
  Task<void> compress_whole(Exchange& exchange, Outgoing& outgoing);
  /// True when the text was changed.
  Task<bool> compress_text(Exchange& exchange, std::string& text);
  /// Of a route for batches: whether the body can be one that is taken in. True for others.
  bool may_be_batch(const Exchange& exchange) const;
  Task<void> serve_relayed(Exchange& exchange);
  // session_aws.cc
  /// Whether choose_signing() has anything to choose.
  static bool may_be_signed(const Exchange& exchange);
  Task<void> choose_signing(Exchange& exchange);
  Task<void> credentials_fetched();
  void sign(Exchange& exchange, std::string_view body);
  void keep_signed(Exchange& exchange, std::string_view why);
  void tell_of_signature(std::string_view what, std::string_view why) const;
  void note_offer(Exchange& exchange, context::Outcome& outcome);
  void describe(Exchange& exchange, const Compression& compression);
  void log_sums(const context::Outcome& outcome) const;
  Task<void> on_worker(std::function<void()> work);
  /// Work about so many bytes is done here, not on a worker.
  bool is_quick(std::size_t bytes) const { return bytes <= shared_.limits.inline_body_bytes; }
  Reply local_reply(const Exchange& exchange, const std::string& body, std::optional<store::LedgerRow>& row);

  Task<void> forward(Exchange& exchange, Outgoing outgoing);
  Task<std::expected<ResponseHead, HttpError>> exchange_heads(Exchange& exchange, Outgoing& outgoing,
                                                              UpstreamPool& pool);
  /// An idle connection; false when there is none.
  bool take_upstream(UpstreamPool& pool);
  /// A new one.
  Task<std::expected<void, HttpError>> open_upstream(UpstreamPool& pool);
  Task<std::expected<ResponseHead, HttpError>> read_response_head(Exchange& exchange);
  Task<void> relay_response(Exchange& exchange, ResponseHead head, const Outgoing& outgoing, UpstreamPool& pool);
  /// What the provider says that an answer cost, of a request that has a row.
  static void note_billed(Exchange& exchange, const Usage& usage);
  Task<bool> relay_body(Exchange& exchange, BodyFramer& framer, std::string head, PayloadSink* observer, bool dechunk,
                        const std::function<void()>& on_whole);
  // session_coding.cc
  /// What the body says; the error is for people. Its place in the room is then that of both.
  Task<base::Result<std::string>> decode(Exchange& exchange, std::string_view body,
                                         const std::vector<ContentCoding>& codings);
  /// Of a request that came in codings: its body, which is a text now, in what it goes out in.
  Task<void> encode(Exchange& exchange, Outgoing& outgoing);
  Task<bool> decode_for_api(Exchange& exchange, std::string& body, const std::vector<ContentCoding>& codings);
  // session_cache.cc
  Task<bool> reply_from_cache(Exchange& exchange, std::string_view body);
  void keep_answer(const Exchange& exchange, const ResponseHead& head, std::string body);
  // session_retrieval.cc
  struct Merging;
  context::ToolOffer retrieval_offer(const Exchange& exchange) const;
  static void ask_for_plain_answer(Exchange& exchange);
  static bool can_merge(const Exchange& exchange, const ResponseHead& head);
  Task<void> relay_merged(Exchange& exchange, ResponseHead head, Outgoing& outgoing, UpstreamPool& pool);
  Task<bool> read_round(Merging& merging, ResponseHead& head, BodyFraming framing, UpstreamPool& pool);
  Task<bool> answer_calls(Merging& merging, const std::vector<RetrievalCall>& calls, Outgoing& outgoing,
                          UpstreamPool& pool, ResponseHead& head);
  void note_billed(Merging& merging) const;
  /// `body`: that of the request that was answered.
  Task<void> answer_beside(Merging& merging, std::string_view body);
  Task<void> keep_hidden(Merging& merging);
  static void hide(Merging& merging, const std::vector<RetrievalCall>& calls, const std::vector<std::string>& results,
                   std::vector<std::string> ids);
  void look_up(Merging& merging, const std::vector<RetrievalCall>& calls, std::vector<std::string>& results,
               std::vector<std::string>* ids = nullptr);
  /// What the client is to see next; send_merged() sends it, false when the client is gone.
  static void put_merged(Merging& merging, std::string_view bytes);
  /// Sends what the socket takes without waiting, which nearly always is all: then true.
  bool send_merged_at_once(Merging& merging);
  Task<bool> send_merged(Merging& merging);
  Task<void> end_merged(Merging& merging, ResponseHead& head);
  Task<void> fail_merged(Merging& merging, Outgoing& outgoing, UpstreamPool& pool, ResponseHead* head);
  Task<void> tunnel(Exchange& exchange, std::string head);
  // session_socket.cc
  struct Turn;
  struct Talk;
  static bool goes_on_over_http(const RequestHead& head);
  static void read_socket(Exchange& exchange);
  Task<void> relay_socket(Exchange& exchange, std::string head);
  Task<bool> pass_on(Talk& talk);
  Task<error_code> send_own(Talk& talk);
  Task<error_code> send_in_socket(Talk& talk, bool to_client, std::string_view bytes);
  Task<void> pump_socket(Talk& talk);
  Task<bool> take_message(Talk& talk, WebSocketReader::Part& part);
  Task<bool> compress_message(const Talk& talk, Exchange& turn, std::string& message);
  Task<void> work_on(std::size_t bytes, std::function<void()> work);
  std::unique_ptr<Exchange> begin_turn(const Exchange& opened) const;
  void add_turn(Talk& talk, Turn turn);
  Turn* turn_of(Talk& talk, std::string_view stream, std::string_view response, bool fails);
  void note_event(Talk& talk, const std::string& message);
  /// Nothing is under way in it, and the proxy is about to end: its client opens another, elsewhere.
  bool may_leave(const Talk& talk) const;
  void drain_socket(Talk& talk);
  void refuse_large(Talk& talk);
  Task<void> pump_client_to_upstream();
  void start_sender(Exchange& exchange, const Outgoing& outgoing);
  /// True when everything has gone.
  Task<bool> send_body(BodyFraming framing, std::string_view first, bool streamed, bool expect_continue);
  Task<bool> send_streamed(BodyFraming framing, bool expect_continue);
  Task<void> stop_sender(bool streamed);
  Task<void> join_sender();
  HttpError upstream_failure(const Exchange& exchange, std::string_view what) const;

  void number(Exchange& exchange) const;
  void emit(context::Stage stage, const Exchange& exchange, std::int64_t total_us = -1) const;
  void note_sent(Exchange& exchange) const;
  // session_audit.cc
  void begin_audit(Exchange& exchange) const;
  void audit_received(Exchange& exchange, std::string_view body) const;
  void audit_text(Exchange& exchange, std::string_view text) const;
  void audit_decisions(Exchange& exchange, const context::Outcome& outcome) const;
  void audit_sent(Exchange& exchange, const Outgoing& outgoing) const;
  void end_audit(Exchange& exchange, std::int64_t total_us) const;

  // session_telemetry.cc
  void begin_telemetry(Exchange& exchange) const;
  std::int64_t since_start(const Exchange& exchange) const {
    return shared_.services.clock.monotonic_ns() - exchange.start_ns;
  }
  void begin_retrieval(Exchange& exchange, bool further_request) const;
  void end_retrieval(Exchange& exchange, bool failed) const;
  void end_telemetry(Exchange& exchange, std::int64_t total_us) const;

  Task<bool> write_client(std::string_view bytes);
  Task<void> reply(Exchange& exchange, Reply answer);
  Task<void> lingering_close();

  std::optional<OverLimit> over_limit(Exchange& exchange);
  void count_spending(const Exchange& exchange);

  void watch_client();
  void unwatch_client();
  void client_is_gone();

  Lane& lane_;
  Shared& shared_;
  Socket client_;
  ClientInput in_;
  Watchdog watchdog_;
  ByteBuffer up_in_;
  std::unique_ptr<UpstreamConnection> upstream_;
  SenderState sender_;
  SteadyTimer sender_done_;
  std::function<void()> on_end_;
  Phase phase_ = Phase::kIdle;
  Peer peer_ = Peer::kElsewhere;
  int port_ = 0;  // that the client connected to; 0 for a Unix socket
  bool timed_out_ = false;
  bool stalled_ = false;  // it was the client whose bytes did not come
  bool client_gone_ = false;
  bool response_started_ = false;
  bool upstream_answered_ = false;  // any byte of the current answer has come
  bool upstream_ended_ = false;     // instead of an answer came the end of the connection, no reset
  bool watching_ = false;
  bool asked_ = false;  // a request has come on this connection
  OwnerNames owners_;
  Talk* talk_ = nullptr;  // the WebSocket that is open
};

}  // namespace headroom::proxy
