#include "replay/body_units.h"

#include <string>

#include "base/hash.h"
#include "base/json_document.h"

namespace headroom::replay {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;
using money::Mark;
using money::Unit;

/// What wraps a message, in tokens, by OpenAI's cookbook; others are alike.
constexpr std::uint64_t kMessageTokens = 4;
/// What wraps a call and a result in Anthropic's format: what bills of Claude Code have on top of the texts.
constexpr std::uint64_t kCallTokens = 45, kResultTokens = 35;

class Builder {
 public:
  Builder(const JsonDocument& document, const tokens::Tokenizer& tokenizer, tokens::CountCache& counts)
      : document_(document), tokenizer_(tokenizer), counts_(counts) {}

  std::vector<Unit> anthropic();
  std::vector<Unit> openai();
  std::vector<Unit> responses();
  std::vector<Unit> gemini();

 private:
  std::uint64_t count(std::string_view text) { return counts_.count(tokenizer_, text); }

  Mark mark_of(const JsonNode& control) const {
    if (control.kind != JsonKind::kObject) return Mark::kNone;
    return document_.string_member(control, "ttl") == "1h" ? Mark::kLong : Mark::kShort;
  }
  /// The node's bytes without cache marks, hashed; `mark` gets the last mark.
  std::uint64_t hash_without_marks(const JsonNode& node, std::uint64_t seed, Mark& mark) const;
  /// Of a text, a list of parts, or one part of any kind.
  std::uint64_t tokens_of(const JsonNode& node);
  void add(const JsonNode& node, std::string_view role, std::uint64_t extra);
  void add_list(std::string_view key, std::string_view role);
  void add_content(const JsonNode& content, std::string_view role);

  const JsonDocument& document_;
  const tokens::Tokenizer& tokenizer_;
  tokens::CountCache& counts_;
  std::vector<Unit> units_;
};

std::uint64_t Builder::hash_without_marks(const JsonNode& node, std::uint64_t seed, Mark& mark) const {
  std::uint64_t hash = seed;
  std::string kept;
  const char* from = node.raw.data();
  bool cut = false;
  for (std::uint32_t i = document_.index_of(node) + 1; i < node.next; ++i) {
    const JsonNode& inner = document_.node(i);
    if (inner.key != "cache_control" || inner.kind != JsonKind::kObject) continue;
    mark = mark_of(inner);
    cut = true;
    kept.append(from, static_cast<std::size_t>(inner.key_raw.data() - from));
    while (!kept.empty() && (kept.back() == ',' || kept.back() == ' ' || kept.back() == '\n')) kept.pop_back();
    from = inner.raw.data() + inner.raw.size();
    if (kept.ends_with('{')) {  // it was the first member: its own comma goes
      while (*from == ',' || *from == ' ' || *from == '\n') ++from;
    }
    i = inner.next - 1;
  }
  if (!cut) return base::hash64(node.raw, hash);
  kept.append(from, static_cast<std::size_t>(node.raw.data() + node.raw.size() - from));
  return base::hash64(kept, hash);
}

std::uint64_t Builder::tokens_of(const JsonNode& node) {
  if (node.kind == JsonKind::kString) return count(node.text);
  if (node.kind == JsonKind::kArray) {
    std::uint64_t sum = 0;
    for (const JsonNode& part : document_.children(node)) sum += tokens_of(part);
    return sum;
  }
  if (node.kind != JsonKind::kObject) return 0;
  const std::string_view type = document_.string_member(node, "type");
  if (type.starts_with("image") || type == "input_image" || type == "document") return kImageTokens;
  const auto member = [&](std::string_view key) {
    const JsonNode* child = document_.find_last(node, key);
    return child == nullptr ? 0 : tokens_of(*child);
  };
  if (type == "text" || type == "input_text" || type == "output_text") return member("text");
  if (type == "thinking") return member("thinking");
  if (document_.find(node, "inlineData") != nullptr || document_.find(node, "inline_data") != nullptr)
    return kImageTokens;
  if (type.empty() && document_.find(node, "text") != nullptr) return member("text");  // Gemini's part
  if (type.empty() && document_.find(node, "parts") != nullptr) return member("parts");
  if (type == "tool_result") return member("content") + kResultTokens;
  if (type == "tool_use") {
    const JsonNode* input = document_.find_last(node, "input");
    return member("name") + (input == nullptr ? 0 : count(input->raw)) + kCallTokens;
  }
  return count(node.raw);
}

void Builder::add(const JsonNode& node, std::string_view role, std::uint64_t extra) {
  Unit unit;
  const std::uint64_t seed = base::hash64(role);
  unit.hash = hash_without_marks(node, seed, unit.mark);
  // A text is the same to the model as a string and as a block.
  if (node.kind == JsonKind::kString) {
    unit.hash = base::hash64(node.raw, seed + 1);
  } else if (node.kind == JsonKind::kObject && document_.string_member(node, "type") == "text" &&
             node.size == (unit.mark == Mark::kNone ? 2U : 3U)) {
    if (const JsonNode* text = document_.find_last(node, "text")) unit.hash = base::hash64(text->raw, seed + 1);
  }
  unit.tokens = tokens_of(node) + extra;
  units_.push_back(unit);
}

void Builder::add_list(std::string_view key, std::string_view role) {
  const JsonNode* list = document_.find_last(document_.root(), key);
  if (list == nullptr || list->kind != JsonKind::kArray) return;
  for (const JsonNode& item : document_.children(*list)) add(item, role, 0);
}

void Builder::add_content(const JsonNode& content, std::string_view role) {
  if (content.kind != JsonKind::kArray) {
    add(content, role, kMessageTokens);
    return;
  }
  std::uint64_t extra = kMessageTokens;
  for (const JsonNode& block : document_.children(content)) {
    add(block, role, extra);
    extra = 0;
  }
}

std::vector<Unit> Builder::anthropic() {
  const JsonNode& root = document_.root();
  add_list("tools", "tools");
  if (const JsonNode* system = document_.find_last(root, "system")) add_content(*system, "system");
  if (const JsonNode* messages = document_.find_last(root, "messages")) {
    for (const JsonNode& message : document_.children(*messages)) {
      if (message.kind != JsonKind::kObject) continue;
      const JsonNode* content = document_.find_last(message, "content");
      if (content != nullptr) add_content(*content, document_.string_member(message, "role"));
    }
  }
  if (const JsonNode* control = document_.find_last(root, "cache_control"); control != nullptr && !units_.empty()) {
    units_.back().mark = mark_of(*control);
  }
  return std::move(units_);
}

std::vector<Unit> Builder::openai() {
  const JsonNode& root = document_.root();
  add_list("tools", "tools");
  const JsonNode* messages = document_.find_last(root, "messages");
  if (messages == nullptr) return std::move(units_);
  for (const JsonNode& message : document_.children(*messages)) {
    if (message.kind != JsonKind::kObject) continue;
    Unit unit;
    unit.hash = hash_without_marks(message, 0, unit.mark);
    unit.tokens = kMessageTokens;
    if (const JsonNode* content = document_.find_last(message, "content")) unit.tokens += tokens_of(*content);
    if (const JsonNode* calls = document_.find_last(message, "tool_calls")) {
      for (const JsonNode& call : document_.children(*calls)) {
        const JsonNode* function = document_.find_last(call, "function");
        if (function == nullptr) continue;
        unit.tokens +=
            count(document_.string_member(*function, "name")) + count(document_.string_member(*function, "arguments"));
      }
    }
    units_.push_back(unit);
  }
  return std::move(units_);
}

std::vector<Unit> Builder::responses() {
  const JsonNode& root = document_.root();
  add_list("tools", "tools");
  if (const JsonNode* system = document_.find_last(root, "instructions")) add(*system, "system", kMessageTokens);
  const JsonNode* input = document_.find_last(root, "input");
  if (input == nullptr) return std::move(units_);
  if (input->kind == JsonKind::kString) add(*input, "user", kMessageTokens);
  for (const JsonNode& item : document_.children(*input)) {
    if (item.kind != JsonKind::kObject) continue;
    Unit unit;
    unit.hash = hash_without_marks(item, 0, unit.mark);
    unit.tokens = kMessageTokens;
    const std::string_view type = document_.string_member(item, "type");
    for (const std::string_view key : {"content", "output", "name", "arguments", "input", "summary"}) {
      if (const JsonNode* part = document_.find_last(item, key)) unit.tokens += tokens_of(*part);
    }
    // Others are what no text stands for: searches, computers' calls.
    if (unit.tokens == kMessageTokens && type != "reasoning") unit.tokens += count(item.raw);
    units_.push_back(unit);
  }
  return std::move(units_);
}

std::vector<Unit> Builder::gemini() {
  const JsonNode& root = document_.root();
  add_list("tools", "tools");
  for (const std::string_view key : {"systemInstruction", "system_instruction"}) {
    if (const JsonNode* system = document_.find_last(root, key)) add(*system, "system", kMessageTokens);
  }
  const JsonNode* contents = document_.find_last(root, "contents");
  if (contents == nullptr) return std::move(units_);
  for (const JsonNode& content : document_.children(*contents)) {
    if (content.kind != JsonKind::kObject) continue;
    const JsonNode* parts = document_.find_last(content, "parts");
    if (parts != nullptr) add_content(*parts, document_.string_member(content, "role"));
  }
  return std::move(units_);
}

}  // namespace

std::vector<Unit> units_of(wire::Api api, std::string_view body, const tokens::Tokenizer& tokenizer,
                           tokens::CountCache& counts) {
  const auto document = JsonDocument::parse(body);
  if (!document || document->root().kind != JsonKind::kObject) return {};
  Builder builder(*document, tokenizer, counts);
  switch (api) {
    case wire::Api::kAnthropicMessages:
      return builder.anthropic();
    case wire::Api::kOpenAiChat:
      return builder.openai();
    case wire::Api::kOpenAiResponses:
      return builder.responses();
    case wire::Api::kGeminiGenerate:
      return builder.gemini();
    case wire::Api::kVercelMessages:  // never recorded
      return builder.openai();
    case wire::Api::kBedrockConverse:  // its lists have the same names
      return builder.anthropic();
  }
  return {};
}

}  // namespace headroom::replay
