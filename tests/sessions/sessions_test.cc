#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "agent.h"
#include "base/clock.h"
#include "base/hash.h"
#include "compress/marker.h"
#include "compress/registry/registry.h"
#include "context/pipeline.h"

namespace headroom::sessions {
namespace {

using context::Outcome;
using context::Pipeline;
using context::PipelineOptions;

constexpr std::int64_t kWarmMs = 300'000;
constexpr std::size_t kRequests = 8;

/// A request and what became of it.
struct Sent {
  wire::Conversation asked, sent;
  bool removed = false;
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

class Session {
 public:
  explicit Session(std::uint64_t seed) : seed_(seed), random_(seed) {
    api_ = pick(2) == 0 ? wire::Api::kAnthropicMessages : wire::Api::kOpenAiChat;
    agent_.emplace(api_, random_);
    processes_ = pick(3) == 0 ? 2 : 1;
    budgets_ = pick(4) == 0;
    pipelines_.resize(processes_);
  }

  /// The first thing that is wrong; empty when nothing is.
  std::string play() {
    for (std::size_t i = 0; i < kRequests; ++i) {
      if (std::string wrong = request(); !wrong.empty())
        return fmt::format("seed {}, request {}: {}", seed_, i + 1, wrong);
    }
    return {};
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }

  const Pipeline& pipeline() {
    auto& process = pipelines_[pick(processes_)];
    if (process == nullptr || pick(6) == 0) {
      PipelineOptions options;
      options.decisions = decisions_.get();
      options.min_tokens = 100;
      options.time_budget_ms = 60'000;
      process = std::make_unique<Pipeline>(registry_, store_.get(), clock_, std::move(options));
    }
    return *process;
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
    request.session = "one";  // budgets of one conversation, not conversations of their own
    if (budgets_ && pick(3) == 0) request.token_budget = 600 + pick(1500);
    const std::string body = agent_->body();
    const Outcome out = pipeline().compress_request(api_, body, request);
    if (out.failed) return "failed: " + out.skip_reason;
    const std::string& text = out.changed ? out.body : body;
    auto asked = wire::read_conversation(api_, body);
    auto sent = wire::read_conversation(api_, text);
    if (!asked) return "the client's own body cannot be read";
    if (!sent) return "what was sent cannot be read: " + sent.error().message;
    Sent now{*std::move(asked), *std::move(sent), false, {}, {}};
    now.removed = said_of(now.sent).size() != said_of(now.asked).size();
    for (const wire::Block& block : now.sent.blocks) now.system += block.role == wire::Role::kSystem ? block.text : "";
    if (std::string wrong = check_pairs(now); !wrong.empty()) return wrong;
    if (std::string wrong = check_facts(now, out); !wrong.empty()) return wrong;
    if (before_) {
      if (std::string wrong = check_prefix(now, out, request, pause); !wrong.empty()) return wrong;
    }
    ++requests_;
    before_ = std::move(now);
    return {};
  }

  static std::string check_pairs(const Sent& now) {
    std::unordered_set<std::string> calls;
    for (const wire::Block& block : now.sent.blocks) {
      if (block.kind == wire::BlockKind::kToolCall) calls.insert(block.tool_call_id);
    }
    for (const wire::Block& block : now.sent.blocks) {
      if (block.kind != wire::BlockKind::kToolResult) continue;
      if (calls.erase(block.tool_call_id) == 0) return "a result without its call";
    }
    return calls.empty() ? "" : "a call without its result";
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
        if (!store_->get(block.text.substr(at + 6, 24))) return "a marker names nothing: " + block.text.substr(at, 80);
      }
    }
    const auto asked = said_of(now.asked), sent = said_of(now.sent);
    if (!now.removed) {
      for (std::size_t i = 0; i < asked.size(); ++i) {
        if (asked[i]->text == sent[i]->text || sent[i]->text.starts_with(asked[i]->text)) continue;
        const bool marked = sent[i]->text.find("<<ccr:") != std::string::npos;
        const std::size_t told = std::min(sent[i]->text.find("\n\n[Current"), sent[i]->text.find("\n\n[The instr"));
        const bool smaller = sent[i]->text.substr(0, told).size() < asked[i]->text.size();
        if (!marked && !smaller) return fmt::format("block {} is other text without a way back: {}", i, sent[i]->text);
      }
      return {};
    }
    std::string all;
    for (const wire::Block* block : sent) {
      all += block->text + "\n";
      for (std::size_t at = block->text.find("<<ccr:"); at != std::string::npos;
           at = block->text.find("<<ccr:", at + 1)) {
        if (const auto original = store_->get(block->text.substr(at + 6, 24))) all += original->content + "\n";
      }
    }
    for (const wire::Block* block : asked) {
      if (block->kind == wire::BlockKind::kToolCall) continue;
      // A result that is still there without a marker was rewritten without loss, and may look otherwise.
      const bool inlined =
          block->kind == wire::BlockKind::kToolResult && std::ranges::any_of(sent, [&](const wire::Block* other) {
            return other->kind == block->kind && other->tool_call_id == block->tool_call_id &&
                   other->text.find("<<ccr:") == std::string::npos;
          });
      if (inlined) continue;
      const std::string line = block->text.substr(0, block->text.find('\n'));
      if (all.find(line) == std::string::npos) {
        return "what was taken away cannot be had back: " + block->text.substr(0, 80);
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
      if (request.token_budget > 0 || pause > kWarmMs) return {};
      return "rewritten while warm: " + out.revision_note;
    }
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
  wire::Api api_;
  std::optional<Agent> agent_;
  std::size_t processes_ = 1;
  bool budgets_ = false;
  const compress::Registry registry_ = compress::Registry::standard();
  base::FakeClock clock_;
  std::unique_ptr<store::OriginalStore> store_ = store::make_memory_store({}, clock_);
  std::unique_ptr<store::DecisionStore> decisions_ = store::make_memory_decisions({}, clock_);
  std::vector<std::unique_ptr<Pipeline>> pipelines_;
  std::optional<Sent> before_;
  std::size_t requests_ = 0;
};

/// HEADROOM_SESSIONS: how many; HEADROOM_SEED: only that one.
TEST(Sessions, WhatWasSentStaysAndNothingIsLost) {
  if (const char* one = std::getenv("HEADROOM_SEED")) {
    EXPECT_EQ(Session(std::strtoull(one, nullptr, 10)).play(), "");
    return;
  }
  const char* many = std::getenv("HEADROOM_SESSIONS");
  const std::uint64_t sessions = many != nullptr ? std::strtoull(many, nullptr, 10) : 10000;
  std::size_t wrong = 0;
  for (std::uint64_t seed = 1; seed <= sessions && wrong < 5; ++seed) {
    const std::string found = Session(seed).play();
    if (!found.empty()) ++wrong;
    EXPECT_EQ(found, "");
  }
}

}  // namespace
}  // namespace headroom::sessions
