#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/json_document.h"
#include "context/retrieval_offer.h"
#include "context/thinking_binding.h"
#include "proxy/answer_json.h"
#include "proxy/answer_merger.h"
#include "proxy/answered_before.h"
#include "proxy/audit_sink.h"
#include "proxy/retrieval_answer.h"
#include "proxy/session_impl.h"
#include "tokens/tokenizer.h"

// The provider's answer where the model may call the retrieve tool: such calls are answered here, the turn goes on with
// a further request, and the client sees one answer (docs/RETRIEVAL.md).

namespace headroom::proxy {
namespace {

constexpr std::size_t kMaxErrorBody = 64 * 1024;

// Gives an answer's payload to the merger.
class Payload final : public PayloadSink {
 public:
  explicit Payload(AnswerMerger& merger) : merger_(merger) {}
  void on_payload(std::string_view bytes) override { merger_.feed(bytes, out); }
  std::string out;

 private:
  AnswerMerger& merger_;
};

// In the chunked coding.
void append_chunk(std::string& out, std::string_view bytes) {
  std::array<char, 2 * sizeof(std::size_t)> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  out.reserve(out.size() + bytes.size() + size.size());
  out.append(size.data(), end).append("\r\n").append(bytes).append("\r\n");
}

// Keeps the beginning of a payload.
class Beginning final : public PayloadSink {
 public:
  void on_payload(std::string_view bytes) override { text += bytes.substr(0, kMaxErrorBody - text.size()); }
  std::string text;
};

bool is_event_stream(const ResponseHead& head) {
  const std::string_view type = head.fields.get("content-type");
  return equals_ci(type.substr(0, type.find(';')), "text/event-stream");
}

void add(std::int64_t& sum, std::int64_t value) {
  if (value >= 0) sum = std::max<std::int64_t>(sum, 0) + value;
}

// The text of an answer, when it is the provider's own error.
std::string error_in(std::string_view body) {
  const auto document = base::JsonDocument::parse(body);
  const bool is_error = document && document->root().kind == base::JsonKind::kObject &&
                        document->find(document->root(), "error") != nullptr;
  return is_error ? std::string(document->root().raw) : std::string();
}

}  // namespace

/// One answer for the client, while it is made.
struct Session::Merging {
  Exchange& exchange;
  UsageReader usage;  // of the round
  Usage billed;       // over all rounds
  bool events = false;
  std::unique_ptr<AnswerMerger> merger;
  bool started = false;  // the head has gone to the client, or goes with `unsent`
  std::string unsent;    // of a stream, as it goes to the client
  bool chunked = true;
  std::string whole;  // an answer that is no stream
  std::size_t tokens_left = 0;
  // Calls of the rounds so far that no thinking has followed yet.
  struct Hidden {
    AnsweredBeside answered;
    std::size_t back = 0;  // blocks that the client has got since
  };
  std::vector<Hidden> hidden;
};

context::ToolOffer Session::retrieval_offer(const Exchange& exchange) const {
  const std::string_view path = exchange.head.path;
  // Bedrock streams its answers in frames of its own, and Gemini as one array where it is not told otherwise; what
  // comes of a compaction is no turn. These are relayed only, and so is what comes in a WebSocket.
  const bool frames = exchange.provider == Provider::kBedrock;
  const bool array = path.ends_with(":streamGenerateContent") && !exchange.head.query.contains("alt=sse");
  if (shared_.services.store == nullptr || frames || array || exchange.in_socket || path.ends_with("/compact")) {
    return context::ToolOffer::kNever;
  }
  return context::tool_offer_from_name(exchange.settings->options.ccr_tool_injection);
}

// What is compressed cannot be read here.
void Session::ask_for_plain_answer(Exchange& exchange) {
  exchange.head.fields.erase_if([](const Field& field) { return equals_ci(field.name, "accept-encoding"); });
  exchange.head.fields.add({"accept-encoding", "identity"});
}

bool Session::can_merge(const Exchange& exchange, const ResponseHead& head) {
  const std::string_view coding = head.fields.get("content-encoding");
  if (head.status != 200 || (!coding.empty() && !equals_ci(coding, "identity"))) return false;
  const std::string_view type = head.fields.get("content-type");
  if (!is_event_stream(head) && !equals_ci(type.substr(0, type.find(';')), "application/json")) return false;
  return response_framing(head, exchange.head.method).has_value();
}

Task<void> Session::relay_merged(Exchange& exchange, ResponseHead head, Outgoing& outgoing, UpstreamPool& pool) {
  const bool events = is_event_stream(head);
  Merging merging{exchange, UsageReader(exchange.api)};
  merging.events = events;
  merging.merger = make_answer_merger(exchange.api, events);
  merging.merger->report_usage_to(&merging.usage);
  merging.chunked = exchange.head.minor >= 1;
  merging.tokens_left = shared_.limits.retrieval_tokens;
  exchange.status = head.status;
  exchange.keep = exchange.keep && exchange.body_read && !shared_.draining.load(std::memory_order_relaxed) &&
                  (merging.chunked || !events);
  // One round more than get an answer: in it the model hears that there are no more.
  const int rounds = shared_.limits.retrieval_rounds + 1;
  for (int round = 0;; ++round) {
    const auto framing = response_framing(head, exchange.head.method);
    merging.usage.forget();
    merging.merger->begin_round(round < rounds && framing.has_value());
    const bool complete = framing && co_await read_round(merging, head, *framing, pool);
    if (!complete) co_return co_await fail_merged(merging, outgoing, pool, nullptr);
    std::string out;
    const std::vector<RetrievalCall> calls = merging.merger->finish_round(out);
    note_billed(merging);
    if (!merging.hidden.empty()) co_await keep_hidden(merging);
    if (calls.empty() && merging.merger->beside()) co_await answer_beside(merging, outgoing.said());
    put_merged(merging, out);
    if (calls.empty()) break;
    const bool sent = co_await send_merged(merging);
    if (!sent) co_return;
    if (round == rounds - 1) merging.tokens_left = 0;
    begin_retrieval(exchange, true);
    const bool answered = co_await answer_calls(merging, calls, outgoing, pool, head);
    end_retrieval(exchange, !answered);
    if (client_gone_) {
      exchange.note = "the client left";
      exchange.cut_short = true;
      exchange.keep = false;
      co_return;
    }
    shared_.retrievals.note_round(round == 0, !answered);
    if (!answered) co_return co_await fail_merged(merging, outgoing, pool, head.bytes.empty() ? nullptr : &head);
  }
  co_await end_merged(merging, head);
}

// Reads one answer of the provider to its end. False when it did not come whole, or the client is gone.
Task<bool> Session::read_round(Merging& merging, ResponseHead& head, BodyFraming framing, UpstreamPool& pool) {
  Exchange& exchange = merging.exchange;
  if (merging.events && !merging.started) {
    // The head goes out at once, as that of any answer, with what has come behind it.
    head.fields.erase_if([](const Field& field) {
      return equals_ci(field.name, "content-length") || equals_ci(field.name, "transfer-encoding");
    });
    if (merging.chunked) exchange.extra.push_back({"Transfer-Encoding", "chunked"});
    merging.unsent = client_response_head(head, exchange.extra, !exchange.keep);
    merging.started = response_started_ = true;
  }
  Payload payload(*merging.merger);
  BodyFramer framer(framing);
  for (;;) {
    AuditSink audited(exchange.audited != nullptr ? &exchange.audited->answer : nullptr, &payload);
    PayloadSink* const reader = exchange.audited != nullptr ? static_cast<PayloadSink*>(&audited) : &payload;
    payload.out.reserve(up_in_.size());
    const auto step = framer.feed(up_in_.view(), reader);
    up_in_.consume(step.consumed);
    exchange.response_bytes += step.consumed;
    put_merged(merging, payload.out);
    payload.out.clear();
    if (step.malformed) {
      exchange.note = "the upstream broke its chunked framing";
      co_return false;
    }
    if (framer.done()) break;  // what is left goes with the end
    const bool sent = send_merged_at_once(merging) || co_await send_merged(merging);
    if (!sent) co_return false;
    arm(Phase::kUpstream, response_timeout());
    auto [error, size] = co_await upstream_->read_some(up_in_.prepare(kReadSize));
    if (error) {
      if (error == asio::error::eof && framer.may_end_at_close() && !client_gone_) break;
      exchange.note = client_gone_ ? "the client left"
                      : timed_out_ ? "the upstream fell silent"
                                   : "the upstream cut its answer";
      co_return false;
    }
    up_in_.commit(size);
  }
  const bool sent_all = !sender_.running && !sender_.failed;
  if (sender_.running) co_await stop_sender(false);
  const bool keeps = head.keep_alive() && framing.kind != BodyFraming::Kind::kUntilClose;
  if (keeps && sent_all && up_in_.empty() && !client_gone_) {
    pool.give_back(std::move(upstream_));
  } else {
    upstream_->close();
  }
  co_return true;
}

// What the round cost, now that all of it has been read.
void Session::note_billed(Merging& merging) const {
  Exchange& exchange = merging.exchange;
  const bool first = merging.billed.input < 0;
  const Usage& billed = merging.usage.usage();
  if (!first) shared_.retrievals.note_billed(billed.input, billed.cached, billed.output);
  if (first) {
    exchange.settings->pipeline->note_answer(exchange.cacheable, {billed.input, billed.cached, billed.written});
  }
  add(merging.billed.input, billed.input);
  add(merging.billed.cached, billed.cached);
  add(merging.billed.written, billed.written);
  add(merging.billed.output, billed.output);
  exchange.row->billed_input = merging.billed.input;
  exchange.row->billed_cached = merging.billed.cached;
  exchange.row->billed_output = merging.billed.output;
  exchange.billed_written = merging.billed.written;
}

// What the calls give, in their order; `ids`: of the originals. Runs on a worker.
void Session::look_up(Merging& merging, const std::vector<RetrievalCall>& calls, std::vector<std::string>& results,
                      std::vector<std::string>* ids) {
  static constexpr std::string_view kEnough =
      "Nothing more is given back in this turn. Answer with what you have, or run the tool again.";
  constexpr std::size_t kLeast = 200;
  Exchange& exchange = merging.exchange;
  telemetry::ModelCall::Retrieval* const told =
      exchange.told != nullptr && !exchange.told->retrievals.empty() ? &exchange.told->retrievals.back() : nullptr;
  const tokens::Tokenizer& tokenizer = tokens::tokenizer_for_model(exchange.row ? exchange.row->model : "");
  for (const RetrievalCall& call : calls) {
    const std::int64_t start = shared_.services.clock.monotonic_ns();
    const Retrieved retrieved = merging.tokens_left < kLeast
                                    ? refuse_retrieval(kEnough, tokenizer)
                                    : answer_retrieval(*shared_.services.store, exchange.originals, call.arguments,
                                                       exchange.project, tokenizer, merging.tokens_left);
    merging.tokens_left -= std::min(merging.tokens_left, retrieved.tokens);
    if (retrieved.hit && shared_.services.offers != nullptr) {
      static_cast<void>(shared_.services.offers->retrieve(retrieved.id, store::Scope(exchange.project)));
    }
    const auto made = exchange.compressors.find(retrieved.id);
    shared_.retrievals.note(retrieved, made == exchange.compressors.end() ? std::string_view() : made->second,
                            (shared_.services.clock.monotonic_ns() - start) / 1000);
    if (told != nullptr) {
      ++told->calls;
      told->hits += retrieved.hit ? 1 : 0;
      told->tokens += static_cast<std::int64_t>(retrieved.tokens);
    }
    results.push_back(retrieved.text);
    if (ids != nullptr && retrieved.hit) ids->push_back(retrieved.id);
  }
}

// Calls beside the client's own get their results with the client's next request: they are there before the client has
// the end of this answer.
Task<void> Session::answer_beside(Merging& merging, std::string_view body) {
  std::optional<CallsBeside> beside = merging.merger->beside();
  if (!beside || beside->anchor.empty() || beside->calls.size() != beside->retrievals.size()) co_return;
  const std::string conversation = merging.exchange.conversation;
  phase_ = Phase::kWorking;
  begin_retrieval(merging.exchange, false);
  co_await on_worker([&] {
    beside->anchor = beside->nameless ? placed_anchor(body, beside->anchor)
                                      : repeated_anchor(merging.exchange.api, body, beside->anchor);
    std::vector<std::string> results, ids;
    look_up(merging, beside->retrievals, results, &ids);
    for (std::size_t i = 0; i < results.size(); ++i) {
      results[i] = merging.merger->result_json(beside->retrievals[i], results[i]);
    }
    shared_.answered_beside.keep(
        conversation, {beside->anchor, join_elements(beside->calls), join_elements(results), std::move(ids)});
  });
  end_retrieval(merging.exchange, false);
}

// Calls that were answered before thinking that is bound to them go into the client's later requests, too.
Task<void> Session::keep_hidden(Merging& merging) {
  const std::vector<std::string> shown = merging.merger->shown_thinking();
  const auto thinking = std::ranges::find_if(shown, [](const std::string& name) { return !name.empty(); });
  const auto before = static_cast<std::size_t>(thinking - shown.begin());
  for (Merging::Hidden& hidden : merging.hidden) hidden.back += before;
  if (thinking == shown.end()) co_return;
  phase_ = Phase::kWorking;
  const std::string conversation = merging.exchange.conversation;
  co_await on_worker([&] {
    for (Merging::Hidden& hidden : merging.hidden) {
      hidden.answered.anchor = anchor_before(*thinking, hidden.back);
      shared_.answered_beside.keep(conversation, std::move(hidden.answered));
    }
  });
  merging.hidden.clear();
}

// What the client does not hear of, as it was sent.
void Session::hide(Merging& merging, const std::vector<RetrievalCall>& calls, const std::vector<std::string>& results,
                   std::vector<std::string> ids) {
  if (!merging.exchange.row || !context::binds_thinking(merging.exchange.row->model)) return;
  const std::vector<std::string> elements = merging.merger->call_elements();
  if (elements.empty() || calls.size() != results.size()) return;
  std::vector<std::string> answers;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    answers.push_back(merging.merger->result_json(calls[i], results[i]));
  }
  merging.hidden.push_back({{{}, join_elements(elements), join_elements(answers), std::move(ids)}});
}

// Answers the calls and sends the request on; `head` is then that of the next answer, or of the refusal (without bytes
// when there is none). A request that has become too large is sent once more without what was retrieved.
Task<bool> Session::answer_calls(Merging& merging, const std::vector<RetrievalCall>& calls, Outgoing& outgoing,
                                 UpstreamPool& pool, ResponseHead& head) {
  Exchange& exchange = merging.exchange;
  std::vector<std::string> results, ids;
  phase_ = Phase::kWorking;
  co_await on_worker([&] { look_up(merging, calls, results, &ids); });
  for (int attempt = 0;; ++attempt) {
    std::string body = merging.merger->continue_request(outgoing.said(), results);
    head = {};
    if (client_gone_ || body.empty()) co_return false;
    Outgoing next;
    next.body = std::move(body);
    if (!exchange.codings.empty()) {
      co_await encode(exchange, next);
      if (client_gone_) co_return false;
    }
    next.head = upstream_request_head(exchange.head, pool.url(), next.body.size());
    sender_ = {};
    timed_out_ = false;
    auto answer = co_await exchange_heads(exchange, next, pool);
    if (!answer) {
      if (upstream_ != nullptr) upstream_->close();
      co_await join_sender();
      exchange.note = answer.error().message;
      co_return false;
    }
    head = std::move(*answer);
    const bool same_kind = can_merge(exchange, head) && is_event_stream(head) == merging.events;
    if (same_kind) {
      outgoing.head = std::move(next.head);
      // The body may still be on its way.
      co_await join_sender();
      outgoing.body = std::move(next.body);
      outgoing.text = std::move(next.text);
      hide(merging, calls, results, std::move(ids));
      co_return true;
    }
    if ((head.status != 400 && head.status != 413) || attempt > 0) {
      co_await join_sender();
      co_return false;
    }
    upstream_->close();
    co_await join_sender();
    for (std::string& result : results) {
      result = "It has no room in this conversation. Run the tool again, for a smaller part.";
    }
  }
}

void Session::put_merged(Merging& merging, std::string_view bytes) {
  if (!merging.events) {
    merging.whole += bytes;
  } else if (!merging.chunked) {
    merging.unsent += bytes;
  } else if (!bytes.empty()) {
    append_chunk(merging.unsent, bytes);
  }
}

bool Session::send_merged_at_once(Merging& merging) {
  if (merging.unsent.empty()) return true;
  arm(Phase::kClientWrite, response_timeout());
  std::string_view rest = merging.unsent, nothing;
  error_code error;  // is seen again by who writes the rest
  write_at_once(client_, rest, nothing, error);
  merging.unsent.erase(0, merging.unsent.size() - rest.size());
  return merging.unsent.empty();
}

Task<bool> Session::send_merged(Merging& merging) {
  if (merging.unsent.empty()) co_return true;
  arm(Phase::kClientWrite, response_timeout());
  const error_code error = co_await write_all(client_, merging.unsent);
  merging.unsent.clear();
  if (error) {
    client_gone_ = true;
    merging.exchange.cut_short = true;
    merging.exchange.keep = false;
    merging.exchange.note = "the client left";
  }
  co_return !error;
}

Task<void> Session::end_merged(Merging& merging, ResponseHead& head) {
  Exchange& exchange = merging.exchange;
  bool written = true;
  if (merging.events) {
    if (merging.chunked) merging.unsent += "0\r\n\r\n";
    written = send_merged_at_once(merging) || co_await send_merged(merging);
  } else {
    head.fields.erase_if([](const Field& field) {
      return equals_ci(field.name, "content-length") || equals_ci(field.name, "transfer-encoding");
    });
    exchange.extra.push_back({"Content-Length", std::to_string(merging.whole.size())});
    std::string bytes = client_response_head(head, exchange.extra, !exchange.keep);
    bytes += merging.whole;
    response_started_ = true;
    keep_answer(exchange, head, std::move(merging.whole));  // who has it may ask for it again at once
    arm(Phase::kClientWrite, response_timeout());
    written = co_await write_client(bytes);
  }
  if (!written) exchange.keep = false;
}

// What was begun is ended so that the client sees that it is not whole. `head`: of an answer that is no success.
Task<void> Session::fail_merged(Merging& merging, Outgoing& outgoing, UpstreamPool& pool, ResponseHead* head) {
  Exchange& exchange = merging.exchange;
  co_await stop_sender(outgoing.streamed);
  exchange.cut_short = merging.started;
  if (client_gone_) {
    exchange.keep = false;
    if (upstream_ != nullptr) upstream_->close();
    close_client();
    co_return;
  }
  if (!merging.started && head != nullptr) {  // the provider's own words, as nothing has been said yet
    co_return co_await relay_response(exchange, std::move(*head), outgoing, pool);
  }
  std::string why = exchange.note.empty() ? "the provider did not go on with the answer" : exchange.note;
  if (!merging.started) {
    if (upstream_ != nullptr) upstream_->close();
    if (!why.contains("sent again")) why += "; the request may be sent again";
    co_return co_await reply(exchange, provider_error(exchange.provider, 502, why));
  }
  std::string error;
  if (head != nullptr && upstream_ != nullptr) {
    Beginning beginning;
    if (const auto framing = response_framing(*head, exchange.head.method)) {
      BodyFramer framer(*framing);
      for (;;) {
        const auto step = framer.feed(up_in_.view(), &beginning);
        up_in_.consume(step.consumed);
        if (framer.done() || step.malformed || beginning.text.size() >= kMaxErrorBody) break;
        arm(Phase::kUpstream, response_timeout());
        auto [failure, size] = co_await upstream_->read_some(up_in_.prepare(kReadSize));
        if (failure) break;
        up_in_.commit(size);
      }
    }
    error = error_in(beginning.text);
    why = fmt::format("the provider answered {} when the turn went on", head->status);
    exchange.note = why;
  }
  if (upstream_ != nullptr) upstream_->close();
  put_merged(merging, merging.merger->failure_event(error, why));
  if (merging.chunked) merging.unsent += "0\r\n\r\n";
  const bool sent = co_await send_merged(merging);
  if (!sent || !merging.chunked) exchange.keep = false;
}

}  // namespace headroom::proxy
