#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "agent.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "compress/marker.h"
#include "compress/registry/registry.h"
#include "context/pipeline.h"
#include "context/retrieval_offer.h"

namespace headroom::sessions {
namespace {

using context::Outcome;
using context::Pipeline;
using context::PipelineOptions;

constexpr std::int64_t kWarmMs = 300'000;

/// A request and what became of it.
struct Sent {
  std::shared_ptr<const std::string> asked_body, sent_body;  ///< what the conversations are views into
  wire::Conversation asked, sent;
  bool removed = false;
  bool offered = false;            ///< with the retrieve tool
  std::string system, own_system;  ///< as sent; as the client wrote it
};

bool same_block(const wire::Block& a, const wire::Block& b) {
  return a.kind == b.kind && a.role == b.role && a.text == b.text && a.tool_name == b.tool_name &&
         a.tool_call_id == b.tool_call_id;
}

std::vector<const wire::Block*> said_of(const wire::Conversation& conversation) {
  std::vector<const wire::Block*> said;
  for (const wire::Block& block : conversation.blocks) {
    if (block.role != wire::Role::kSystem) said.push_back(&block);
  }
  return said;
}

std::size_t common(const wire::Conversation& a, const wire::Conversation& b) {
  const auto left = said_of(a), right = said_of(b);
  std::size_t n = 0;
  while (n < left.size() && n < right.size() && same_block(*left[n], *right[n])) ++n;
  return n;
}

/// What was looked at, so that a run says what it has shown.
using Covered = std::map<std::string, std::size_t>;

/// Words and numbers; where a shared beginning is written once they may be cut anywhere.
std::set<std::string_view> words_of(std::string_view text) {
  std::set<std::string_view> words;
  const auto kind = [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0   ? 2
           : std::isalpha(static_cast<unsigned char>(c)) != 0 ? 1
                                                              : 0;
  };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && kind(text[end]) == kind(text[at])) ++end;
    if (kind(text[at]) != 0) words.insert(text.substr(at, end - at));
    at = end;
  }
  return words;
}

/// A word of the text that stands nowhere in what was made of it: a rewriting without loss has all of them.
std::string word_lost(std::string_view text, std::string_view sent) {
  const std::set<std::string_view> there = words_of(sent);
  for (const std::string_view word : words_of(text)) {
    if (!there.contains(word) && sent.find(word) == std::string_view::npos) return std::string(word);
  }
  return {};
}

class Session {
 public:
  Session(std::uint64_t seed, Covered& covered) : seed_(seed), random_(seed), covered_(covered) {
    static constexpr wire::Api kApis[] = {wire::Api::kAnthropicMessages, wire::Api::kOpenAiChat,
                                          wire::Api::kOpenAiResponses, wire::Api::kGeminiGenerate,
                                          wire::Api::kBedrockConverse};
    api_ = kApis[pick(std::size(kApis))];
    small_window_ = api_ == wire::Api::kOpenAiChat && pick(6) == 0;
    agent_.emplace(api_, random_, small_window_);
    processes_ = pick(3) == 0 ? 2 : 1;
    budgets_ = !small_window_ && pick(4) == 0;
    uncached_ = pick(5) == 0;
    on_disk_ = pick(40) == 0;
    offers_tool_ = pick(3) > 0;
    if (pick(3) == 0) learn_something();
    processes_of_.resize(processes_);
    if (on_disk_) {
      std::string pattern = ::testing::TempDir() + "headroom-sessions-XXXXXX";
      if (::mkdtemp(pattern.data()) != nullptr) folder_ = pattern;
    }
    count("sessions");
    count(fmt::format("sessions of {}", wire::api_name(api_)));
    if (small_window_) count("sessions with a small window");
    if (budgets_) count("sessions with budgets");
    if (on_disk_) count("sessions on disk");
    if (processes_ > 1) count("sessions of two processes");
    if (uncached_) count("sessions of which nothing is cached");
    if (offers_tool_) count("sessions with the retrieve tool");
  }
  ~Session() {
    processes_of_.clear();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// The first thing that is wrong; empty when nothing is.
  std::string play() {
    const std::size_t requests = pick(10) == 0 ? 30 : 8;
    for (std::size_t i = 0; i < requests; ++i) {
      if (std::string wrong = request(); !wrong.empty())
        return fmt::format("seed {}, {}, request {}: {}", seed_, wire::api_name(api_), i + 1, wrong);
    }
    return {};
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }

  void count(const std::string& what, std::size_t times = 1) { covered_[what] += times; }

  /// Models have often asked for what was left out of some tools' results; and go on doing so.
  void learn_something() {
    static constexpr std::array kTools = {"Read", "Bash", "Grep", "Edit"};
    static constexpr std::array kCompressors = {"json", "log", "code", "search", "prose", "text", "reread"};
    for (int i = 0; i < 6; ++i) {
      std::vector<store::Offer> offers;
      const char* tool = kTools[pick(kTools.size())];
      const char* compressor = kCompressors[pick(kCompressors.size())];
      for (int step = 0; step < 1 + static_cast<int>(pick(2)); ++step) {
        for (int k = 0; k < 15; ++k) {
          const std::string id = base::content_id(fmt::format("{} {} {} {} {}", seed_, random_(), tool, step, k));
          offers.push_back({id, tool, compressor, step});
        }
      }
      static_cast<void>(offers_->offer("", offers));
      for (const store::Offer& offer : offers) static_cast<void>(offers_->retrieve(offer.id, ""));
    }
  }

  /// One that serves, with handles of its own where the stores are on disk.
  struct Process {
    std::unique_ptr<store::OriginalStore> originals;
    std::unique_ptr<store::DecisionStore> decisions;
    std::unique_ptr<Pipeline> pipeline;
  };

  const Pipeline& pipeline() {
    Process& process = processes_of_[pick(processes_)];
    if (process.pipeline == nullptr || pick(6) == 0) {
      if (process.pipeline != nullptr) count("restarts");
      process = {};
      PipelineOptions options;
      options.min_tokens = 100;
      options.time_budget_ms = 60'000;
      if (on_disk_) {
        process.originals = store::open_sqlite_store(folder_ + "/ccr.db", {}, clock_).value();
        process.decisions = store::open_sqlite_decisions(folder_ + "/ccr.db", {}, clock_).value();
      }
      store_ = on_disk_ ? process.originals.get() : memory_.get();
      options.decisions = on_disk_ ? process.decisions.get() : decisions_.get();
      options.offers = offers_.get();
      process.pipeline = std::make_unique<Pipeline>(registry_, store_, clock_, std::move(options));
    }
    store_ = on_disk_ ? process.originals.get() : memory_.get();
    return *process.pipeline;
  }

  std::string request() {
    static constexpr std::int64_t kPauses[] = {1'000, 20'000, 250'000, 400'000, 4'000'000};
    const bool retry = before_ && pick(10) == 0;
    if (!retry) {
      agent_->change_the_past();
      if (!agent_->changed_past() || pick(2) == 0) agent_->go_on();
    }
    agent_->drift();
    const std::int64_t pause = kPauses[pick(std::size(kPauses))];
    clock_.advance_ms(pause);
    context::RequestOptions request;
    if (api_ == wire::Api::kGeminiGenerate) request.model = "gemini-2.5-pro";  // stands in the path
    if (api_ == wire::Api::kBedrockConverse) request.model = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    request.session = "one";  // budgets of one conversation, not conversations of their own
    if (offers_tool_) request.offer = context::ToolOffer::kEager;
    if (pick(10) == 0) learn_something();
    if (budgets_ && pick(3) == 0) request.token_budget = 600 + pick(1500);
    const std::string body = agent_->body();
    const Pipeline& used = pipeline();
    const Outcome out = used.compress_request(api_, body, request);
    used.note_answer(out.cacheable, {.cached = uncached_ ? 0 : 5000, .written = 0});
    count("requests");
    if (retry) count("requests sent again");
    if (agent_->changed_past()) count("requests with another past");
    if (pause > kWarmMs) count("requests after a pause");
    if (request.token_budget > 0) count("requests with a budget");
    if (!out.revision_note.empty()) count("requests that revised");
    if (out.rewrite && out.rewrite->done) count("old results rewritten", out.rewrite->results);
    for (const context::BlockReport& block : out.blocks) {
      if (block.gentleness != context::Gentleness::kUsual) {
        count(fmt::format("results {}", context::gentleness_name(block.gentleness)));
      }
    }
    if (!out.put_back.empty()) count("questions that got something back");
    for (const align::Drift& drift : out.drifts) count("drifts " + std::string(align::action_name(drift.action)));
    if (out.failed) return "failed: " + out.skip_reason;
    Sent now{.asked_body = std::make_shared<const std::string>(body),
             .sent_body = std::make_shared<const std::string>(out.changed ? out.body : body)};
    auto asked = wire::read_conversation(api_, *now.asked_body);
    auto sent = wire::read_conversation(api_, *now.sent_body);
    if (!asked) return "the client's own body cannot be read";
    if (!sent) return "what was sent cannot be read: " + sent.error().message;
    now.asked = *std::move(asked);
    now.sent = *std::move(sent);
    now.removed = said_of(now.sent).size() != said_of(now.asked).size();
    if (now.removed) count("requests with messages left out");
    for (const wire::Block& block : now.sent.blocks) now.system += block.role == wire::Role::kSystem ? block.text : "";
    if (std::string wrong = check_pairs(now); !wrong.empty()) return wrong;
    if (std::string wrong = check_facts(now, out); !wrong.empty()) return wrong;
    if (std::string wrong = check_tool(now, out); !wrong.empty()) return wrong;
    if (before_) {
      if (std::string wrong = check_prefix(now, out, request, pause); !wrong.empty()) return wrong;
    }
    ++requests_;
    now.offered = out.offers_retrieval;
    before_ = std::move(now);
    return {};
  }

  static std::string check_pairs(const Sent& now) {
    std::unordered_set<std::string_view> calls;
    for (const wire::Block& block : now.sent.blocks) {
      if (block.kind == wire::BlockKind::kToolCall) calls.insert(block.tool_call_id);
    }
    for (const wire::Block& block : now.sent.blocks) {
      if (block.kind != wire::BlockKind::kToolResult) continue;
      if (calls.erase(block.tool_call_id) == 0) return "a result without its call";
    }
    return calls.empty() ? "" : "a call without its result";
  }

  /// The retrieve tool stands behind the client's own, once and in the same bytes; a conversation that has it keeps it.
  std::string check_tool(const Sent& now, const Outcome& out) {
    const auto& tools = now.sent.tools;
    if (tools.size() != now.asked.tools.size() + (out.offers_retrieval ? 1 : 0)) return "another number of tools";
    if (out.offers_retrieval) {
      count("requests with the retrieve tool");
      const base::Span element = tools.back().element;
      if (std::string_view(*now.sent_body).substr(element.begin, element.end - element.begin) !=
          context::retrieve_tool_definition(api_, now.asked.namespaced)) {
        return "the retrieve tool is not the last one";
      }
    }
    const bool goes_on = before_ && common(before_->asked, now.asked) > 0;
    if (goes_on && before_->offered && !out.offers_retrieval) return "the retrieve tool has gone";
    return {};
  }

  /// What is not sent as it came can be had back.
  std::string check_facts(const Sent& now, const Outcome& out) {
    for (const std::string& id : out.ids) {
      const auto original = store_->get(id);
      if (!original) return "original " + id + " is not stored";
      if (base::content_id(original->content) != id) return "original " + id + " is other bytes";
    }
    for (const wire::Block& block : now.sent.blocks) {
      for (std::size_t at = block.text.find("<<ccr:"); at != std::string::npos;
           at = block.text.find("<<ccr:", at + 1)) {
        if (!store_->get(block.text.substr(at + 6, 24)))
          return fmt::format("a marker names nothing: {}", block.text.substr(at, 80));
      }
    }
    const auto asked = said_of(now.asked), sent = said_of(now.sent);
    for (std::size_t i = 0; i < asked.size() && !now.removed; ++i) {
      if (asked[i]->text == sent[i]->text || sent[i]->text.starts_with(asked[i]->text)) continue;
      if (sent[i]->text.find("<<ccr:") != std::string::npos) continue;
      // Nothing but a rewriting without loss may stand without a way back.
      count("results rewritten without loss");
      if (asked[i]->kind != wire::BlockKind::kToolResult) return fmt::format("block {} is other text", i);
      const std::string lost = word_lost(asked[i]->text, sent[i]->text);
      if (!lost.empty()) return fmt::format("block {} lost '{}' without a way back: {}", i, lost, sent[i]->text);
    }
    // Where results name no calls, those that were taken away change which is which.
    return now.removed && !agent_->has_ids() ? "" : check_lines(asked, sent);
  }

  /// Each line that anybody said or a tool printed is sent, or stands in an original that can be reached from a marker
  /// in what is sent.
  std::string check_lines(const std::vector<const wire::Block*>& asked, const std::vector<const wire::Block*>& sent) {
    std::vector<std::string> texts;
    for (const wire::Block* block : sent) texts.emplace_back(block->text);
    const std::size_t in_sight = texts.size();
    std::unordered_set<std::string> reached;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      for (std::size_t at = texts[i].find("<<ccr:"); at != std::string::npos; at = texts[i].find("<<ccr:", at + 1)) {
        const std::string id = texts[i].substr(at + 6, 24);
        if (!reached.insert(id).second) continue;
        if (auto original = store_->get(id)) texts.push_back(std::move(original->content));
      }
    }
    std::unordered_set<std::string_view> shown, kept;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      for (const std::string_view line : base::split_lines(texts[i])) (i < in_sight ? shown : kept).insert(line);
    }
    const auto anywhere = [&](std::string_view line) {
      return std::ranges::any_of(texts, [&](const std::string& text) { return text.find(line) != std::string::npos; });
    };
    for (const wire::Block* block : asked) {
      if (block->kind == wire::BlockKind::kToolCall) continue;
      // One that is there without a marker was rewritten without loss, which is checked elsewhere.
      const auto there = std::ranges::find_if(sent, [&](const wire::Block* other) {
        return block->kind == wire::BlockKind::kToolResult && other->kind == block->kind &&
               other->tool_call_id == block->tool_call_id;
      });
      if (there != sent.end() && (*there)->text.find("<<ccr:") == std::string::npos) {
        const std::string lost = word_lost(block->text, (*there)->text);
        if (!lost.empty()) return fmt::format("a result lost '{}' without a way back: {}", lost, (*there)->text);
        continue;
      }
      for (const std::string_view line : base::split_lines(block->text)) {
        if (shown.contains(line)) {
          count("lines in sight");
        } else if (kept.contains(line) || anywhere(line)) {
          count("lines in originals");
        } else {
          return "what was taken away cannot be had back: " + std::string(line.substr(0, 80));
        }
      }
    }
    return {};
  }

  std::string check_prefix(const Sent& now, const Outcome& out, const context::RequestOptions& request,
                           std::int64_t pause) {
    std::size_t same = common(before_->asked, now.asked);
    if (same == 0) {  // another conversation
      requests_ = 0;
      return {};
    }
    const auto was = said_of(before_->sent), is = said_of(now.sent);
    const bool continued = same == said_of(before_->asked).size();
    // What is told for this request stands in its newest block.
    if (same == said_of(now.asked).size()) --same;
    if (!out.revision_note.empty()) {
      const bool fitted = out.revision_note.find("into a window of") != std::string::npos;
      // The model with the small window has no cache at its provider.
      const bool may = request.token_budget > 0 || pause > kWarmMs || fitted || small_window_ ||
                       (uncached_ && out.revision_note.find("cache was unused") != std::string::npos);
      if (!may) return "rewritten while warm: " + out.revision_note;
      if (now.removed || before_->removed) return {};
      count("revisions checked");
      const bool only_overtaken = request.token_budget == 0 && !fitted;
      for (std::size_t i = 0; i < same; ++i) {
        if (same_block(*was[i], *is[i])) continue;
        const bool marked = is[i]->text.find("<<ccr:") != std::string::npos;
        const bool overtaken = is[i]->text.find("the same call was made again below") != std::string::npos;
        if (only_overtaken ? !overtaken : !marked && is[i]->text.size() >= was[i]->text.size()) {
          return fmt::format("{} changed block {} as well, from\n{}\nto\n{}", out.revision_note, i, was[i]->text,
                             is[i]->text);
        }
      }
      return {};
    }
    count("prefixes checked");
    if (now.removed || before_->removed) {
      if (!continued) return {};
      same = was.size() - (is.size() <= was.size() ? 1 : 0);
    }
    if (requests_ > 1 && now.system != before_->system) {
      return fmt::format("the system prompt was sent otherwise: {}\nbefore: {}", now.system, before_->system);
    }
    for (std::size_t i = 0; i < same; ++i) {
      if (i >= is.size() || !same_block(*was[i], *is[i])) {
        return fmt::format("block {} of {} was sent as\n{}\nand is now\n{}", i, same, was[i]->text,
                           i < is.size() ? is[i]->text : "(nothing)");
      }
    }
    return {};
  }

  std::uint64_t seed_;
  std::mt19937_64 random_;
  Covered& covered_;
  wire::Api api_;
  std::optional<Agent> agent_;
  std::size_t processes_ = 1;
  bool budgets_ = false, small_window_ = false, uncached_ = false, on_disk_ = false, offers_tool_ = false;
  std::string folder_;
  const compress::Registry registry_ = compress::Registry::standard();
  base::FakeClock clock_;
  const std::unique_ptr<store::OriginalStore> memory_ = store::make_memory_store({}, clock_);
  const std::unique_ptr<store::DecisionStore> decisions_ = store::make_memory_decisions({}, clock_);
  const std::unique_ptr<store::OfferRecord> offers_ = store::make_memory_offers({}, clock_);
  store::OriginalStore* store_ = nullptr;  ///< of the process that served last
  std::vector<Process> processes_of_;
  std::optional<Sent> before_;
  std::size_t requests_ = 0;
};

/// HEADROOM_SESSIONS: how many (10,000 for the whole of it); HEADROOM_SEED: only that one.
TEST(Sessions, WhatWasSentStaysAndNothingIsLost) {
  Covered covered;
  if (const char* one = std::getenv("HEADROOM_SEED")) {
    EXPECT_EQ(Session(std::strtoull(one, nullptr, 10), covered).play(), "");
    return;
  }
  const char* many = std::getenv("HEADROOM_SESSIONS");
  const std::uint64_t sessions = many != nullptr ? std::strtoull(many, nullptr, 10) : 3000;
  std::size_t wrong = 0;
  for (std::uint64_t seed = 1; seed <= sessions && wrong < 5; ++seed) {
    const std::string found = Session(seed, covered).play();
    if (!found.empty()) ++wrong;
    EXPECT_EQ(found, "");
  }
  for (const auto& [what, times] : covered) fmt::print("{:>10} {}\n", times, what);
}

}  // namespace
}  // namespace headroom::sessions
