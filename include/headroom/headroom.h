#pragma once

// Headroom as a C++ library: what an agent reads goes in, a shorter text that answers the same comes out, and every
// original can be had back. No network, no other process.
//
//   auto engine = headroom::Engine::open({});                     // originals in ~/.headroom/ccr.db
//   auto out = engine->compress_text(log, {.question = "why did the build fail?"});
//   send(out.text);                                               // 90 % of the tokens gone, errors in full
//   auto original = engine->retrieve(out.ids.at(0));              // the exact bytes of `log`

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headroom {

/// What went wrong, for people; `code` is one of "invalid_argument", "parse", "not_found", "ambiguous", "too_large",
/// "io", "timeout", "unavailable", "internal".
struct Error {
  std::string code;
  std::string message;
};

/// One step of what the engine does. The stages are "setup", once, and for each text or request "input_received",
/// "input_cached", "input_routed" (each result that is decided anew), "input_compressed" and "input_remembered". What a
/// stage says nothing about is left as it is here. Views hold during the call.
struct Event {
  std::string_view stage;
  std::int64_t time_ms = 0;   ///< since the Unix epoch
  std::uint64_t request = 0;  ///< the same for all steps of one text or request, from 1
  std::string_view api;       ///< "anthropic_messages", "openai_chat", "openai_responses", "gemini"; empty: a text
  std::string_view model;
  std::size_t tokens_before = 0;            ///< of all that the model reads; input_routed: of this result
  std::size_t tokens_after = 0;             ///< as far as it is decided by then
  std::size_t bytes = 0;                    ///< input_received
  std::size_t blocks = 0;                   ///< input_received: pieces of text that the model reads
  std::size_t results = 0;                  ///< input_cached: tool results that may be made shorter
  std::size_t replayed = 0;                 ///< input_cached: of these, decided by an earlier request
  std::size_t block = 0;                    ///< input_routed: which of the blocks, counted from 0
  std::string_view tool;                    ///< input_routed
  std::string_view type;                    ///< input_routed: "json", "log", ...
  std::string_view transform;               ///< input_routed, as in Compressed::transforms; empty: left as it was
  std::string_view reason;                  ///< why nothing was saved, or why it failed
  bool changed = false;                     ///< input_routed, input_compressed: it is not as it was
  bool failed = false;                      ///< input_compressed: it broke, and the input comes back as it was
  std::span<const std::string> transforms;  ///< input_compressed
  std::span<const std::string>
      ids;  ///< input_routed, _compressed, _remembered: originals that markers name; durable in the latter
  bool revision = false;  ///< input_remembered: something decided before was decided anew
};

struct EngineOptions {
  /// Folder of the store; empty: $HEADROOM_WORKSPACE_DIR, else ~/.headroom.
  std::string workspace_dir;
  /// Keep originals in memory only, for the life of the engine.
  bool in_memory = false;
  /// File with the key of an encrypted store (64 hex digits); empty: $HEADROOM_STORE_KEY_FILE, else it is not
  /// encrypted.
  std::string store_key_file = {};
  /// "lossless": drop nothing and write no markers, only exactly invertible rewriting. "balanced": keep what an answer
  /// may need. "aggressive": keep errors and what is asked for.
  std::string profile = "balanced";
  /// Profiles for the results of some tools, "GLOB=PROFILE"; the first that fits counts.
  std::vector<std::string> tool_profiles;
  /// Same as profile "lossless".
  bool lossless = false;
  /// In requests: tool results of fewer tokens are left as they are.
  std::size_t min_tokens = 200;
  /// Aim per text, in tokens; 0: as the content allows.
  std::size_t target_tokens = 0;
  /// Ask the learned models that are installed (`headroom models`) about texts whose structure says nothing.
  bool learned = true;
  /// Is told each step, on the thread that does the work, which waits for it; several threads may call it at once. What
  /// it throws is caught and counted. Empty: nobody is told, at no cost.
  std::function<void(const Event&)> on_event = {};
};

/// What the reader of a text wants to know; steers what is kept.
struct Purpose {
  std::string question;          ///< the user's request
  std::string tool;              ///< name of the tool that printed the text
  std::string arguments;         ///< the tool's input: JSON or a command line
  std::string model = "gpt-4o";  ///< whose tokens are counted
  std::string type;              ///< "json", "log", ...; empty: found out from the text
  std::string profile;           ///< instead of the engine's; empty: the engine's
};

/// What one request may say for itself.
struct RequestOptions {
  std::size_t token_budget = 0;  ///< for all that the model reads; results are cut further until it is met. 0: none
  std::string profile;           ///< instead of the engine's (tool_profiles still hold); empty: the engine's
  bool report = false;           ///< fill Compressed::blocks
};

/// What happened to one tool result of a request.
struct BlockReport {
  std::size_t message = 0;  ///< index in the request's messages
  std::string tool;
  std::string type;       ///< "json", "log", ...
  std::string transform;  ///< as in Compressed::transforms; empty: left as it was
  std::string reason;     ///< why it was left, when it was
  std::size_t tokens_before = 0;
  std::size_t tokens_after = 0;
  std::vector<std::string> ids;      ///< originals that markers in it name
  std::vector<std::string> removed;  ///< "120-480: what stood there", for each gap
};

/// Something that the requests of a conversation begin with, system prompt or tools, that was not as it was before
/// (docs/CACHE.md).
struct Drift {
  std::string where;        ///< "system", "tools", "tool Read"
  std::string what;         ///< "date or time", "order", "instructions", ...
  std::string before;       ///< shortened, without what looks like a key; empty where it is not known
  std::string now;          ///< likewise
  std::size_t offset = 0;   ///< in the body that was given
  std::size_t size = 0;     ///< bytes there
  std::size_t request = 0;  ///< of the conversation, from 1
  /// What was done: "pinned" (it is sent as it was first), "told" (the same, with the new value in a note at the end),
  /// "reordered", "accepted" (it is sent as it came, so a provider's cached prefix ends there).
  std::string action;
};

/// Old results that later ones of the same call have overtaken: what it costs and saves to put markers in their place.
/// A change of what was sent breaks the provider's cached prefix, so what follows has to be paid for anew: "now" is
/// this request, "later" the expected ones. In USD, by the model's prices and the rules of its cache.
struct Rewrite {
  bool done = false;
  std::string why_not;              ///< why they were left, when they were
  std::size_t results = 0;          ///< that were overtaken, or, when it is done, rewritten
  std::size_t first_message = 0;    ///< index of the first that is other when it is done
  std::uint64_t broken_tokens = 0;  ///< old ones that have to be paid for anew, as they are
  std::uint64_t saved_tokens = 0;   ///< how many fewer they are afterwards
  std::int64_t idle_s = 0;          ///< since the conversation's last request
  bool cold = false;                ///< the provider's cache has nothing of it any more
  bool unused = false;              ///< the answers show that nothing of the conversation is ever cached
  bool pays = false;
  double keep_now = 0, keep_later = 0;
  double rewrite_now = 0, rewrite_later = 0;
  std::uint64_t expected_requests = 0;  ///< that still come
  double break_even_requests = 0;       ///< it pays when more than these still come
};

/// Which part of an original; with nothing set, all of it. `lines`, `items` and `query` exclude each other.
struct Part {
  std::string lines;  ///< "120:180", counted from 1, both included
  std::string items;  ///< "0:9" of a JSON array, counted from 0, both included; one a line
  std::string path;   ///< which array `items` counts in ("data.rows"); empty: the largest
  std::string query;  ///< the lines or items that fit these words best, each with its number
};

struct Compressed {
  std::string text;  ///< always usable: the input itself when nothing was gained
  bool changed = false;
  std::size_t tokens_before = 0;
  std::size_t tokens_after = 0;
  bool estimate = false;                ///< the model's tokenizer is not public, counts are estimates
  std::vector<std::string> transforms;  ///< what was done: "json:rows", "log:fold"
  std::vector<std::string> ids;         ///< originals that markers in `text` name
  std::string reason;                   ///< why nothing was saved, when nothing was
  std::string budget_note;              ///< why the token budget is not met, when it is not
  std::vector<BlockReport> blocks;      ///< of a request, when its options ask for it
  std::vector<Drift> drifts;            ///< of a request: what it begins with that was not as before
  std::optional<Rewrite> rewrite;       ///< of a request: asked when there is something old to rewrite
  std::string revision_note;  ///< why what earlier requests had was changed, when it was; it holds from then on
};

/// Thread-safe. Results are pure functions of their input: the same text gives the same bytes in every process.
class Engine {
 public:
  static std::expected<Engine, Error> open(EngineOptions options);
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  /// One text, such as a tool's output. Never fails: at worst the text comes back as it was. Of the bytes of a workbook
  /// (.xlsx, .ods, .xls) the sheets are read as comma separated values, and this text is the original from then on.
  Compressed compress_text(std::string_view text, const Purpose& purpose) const;

  /// A whole request body (JSON) for Anthropic Messages, OpenAI Chat Completions or Responses, Gemini's
  /// generateContent, or with messages of the Vercel AI SDK, told apart by its content. Only tool results change; every
  /// other byte stays.
  Compressed compress_request(std::string_view body, const RequestOptions& options = {}) const;

  /// The exact bytes of an original or of a part of it, by its id or a prefix of at least 12 characters.
  std::expected<std::string, Error> retrieve(std::string_view id, const Part& part = {}) const;

  /// Calls of EngineOptions::on_event that ended by an exception.
  std::uint64_t failed_events() const;

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Tokens of `text` for a model; exact for OpenAI's, an estimate for others.
std::size_t count_tokens(std::string_view text, std::string_view model = "gpt-4o");

/// What is known of a model, by the name that clients write. Prices are USD per million tokens.
struct ModelFacts {
  std::size_t window = 0;  ///< tokens of input that it holds; 0: not known
  double input = 0, output = 0;
  double cached = 0;     ///< input that its provider's cache has
  bool assumed = false;  ///< the prices are not known and say only how things compare
};
ModelFacts model_facts(std::string_view model);

}  // namespace headroom
