#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace headroom::context {

/// The steps in the life of a request, in the order in which they come. The first three are the proxy's (kSetup also a
/// library's engine's) own and come once.
enum class Stage : std::uint8_t {
  kSetup,
  kPreStart,
  kPostStart,
  kInputReceived,
  kInputCached,
  kInputRouted,
  kInputCompressed,
  kInputRemembered,
  kPreSend,
  kPostSend,
  kResponseReceived,
};

/// "input_received".
std::string_view stage_name(Stage stage);

/// One step. What a stage says nothing about is left as it is here. Whose request it is, is never told. Views hold
/// during the call.
struct Event {
  Stage stage = Stage::kSetup;
  std::int64_t time_ms = 0;   ///< since the Unix epoch
  std::uint64_t request = 0;  ///< the same for all steps of a request, another for each request to one sink; from 1
  std::string_view api;       ///< "anthropic_messages", "openai_chat"; empty: a text by itself, or only relayed
  std::string_view model;
  std::string_view session;  ///< what the client calls the conversation
  /// input_*: of all that the model reads; input_routed: of this result; response_received: as in input_compressed.
  std::size_t tokens_before = 0, tokens_after = 0;
  std::size_t blocks = 0;                   ///< input_received: pieces of text that the model reads
  std::size_t results = 0;                  ///< input_cached: tool results that may be made shorter
  std::size_t replayed = 0;                 ///< input_cached: of these, decided by an earlier request
  std::size_t block = 0;                    ///< input_routed: which one, counted from 0
  std::string_view tool, type, strategy;    ///< input_routed; strategy empty: left as it is
  std::string_view reason;                  ///< why nothing was saved, or why it failed; empty otherwise
  bool changed = false;                     ///< input_routed, input_compressed: something else is sent
  bool failed = false;                      ///< input_compressed: something of ours broke, the input goes on as it is
  std::span<const std::string> strategies;  ///< input_compressed: each once
  std::span<const std::string>
      ids;  ///< input_routed, _compressed, _remembered: originals that markers name; durable in the latter
  bool revision = false;     ///< input_remembered: something decided before was decided anew
  std::string_view address;  ///< post_start: where it listens; from pre_send on: the upstream
  std::uint64_t bytes =
      0;           ///< of the body: received, to send (0: not known yet), sent; response_received: the answer's
  int status = 0;  ///< response_received: what the client was given
  std::int64_t ttfb_us = -1, total_us = -1;  ///< response_received: since the request's first byte; -1: not known
  std::int64_t billed_input = -1, billed_cached = -1, billed_output = -1;  ///< response_received; -1: not said
};

/// Who listens. Called on the thread that does the work, which waits for it, from any thread and from several at once.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void on_event(const Event& event) noexcept = 0;
  /// A number that no other request to this sink has.
  std::uint64_t next_request() noexcept { return requests_.fetch_add(1, std::memory_order_relaxed) + 1; }

 private:
  std::atomic<std::uint64_t> requests_ = 0;
};

/// Calls a function, which may throw: that is caught and counted, and nobody's request notices.
class CallbackSink final : public EventSink {
 public:
  explicit CallbackSink(std::function<void(const Event&)> callback) : callback_(std::move(callback)) {}
  void on_event(const Event& event) noexcept override;
  std::uint64_t failures() const noexcept { return failures_.load(std::memory_order_relaxed); }

 private:
  const std::function<void(const Event&)> callback_;
  std::atomic<std::uint64_t> failures_ = 0;
};

}  // namespace headroom::context
