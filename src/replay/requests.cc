#include <unordered_map>

#include <fmt/format.h>

#include "base/hash.h"
#include "replay/formats.h"

namespace headroom::replay {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::string_view kNoModel = "unknown";

/// The members of a body that stand beside its messages and model, as they are written.
std::string head_of(const JsonDocument& document) {
  std::string head;
  for (const JsonNode& member : document.children(document.root())) {
    if (member.key == "messages" || member.key == "model") continue;
    if (!head.empty()) head += ',';
    head += member.key_raw;
    head += ':';
    head += member.raw;
  }
  return head;
}

bool is_message(const JsonDocument& document, const JsonNode& node) {
  return document.find(node, "role") != nullptr &&
         (document.find(node, "content") != nullptr || document.find(node, "tool_calls") != nullptr);
}

/// What a body says: "messages", the "input" of Responses, or Gemini's "contents"; nullptr when it says nothing.
const JsonNode* said_in(const JsonDocument& document, const JsonNode& body) {
  for (const std::string_view key : {"messages", "contents", "input"}) {
    const JsonNode* list = document.find_last(body, key);
    if (list == nullptr) continue;
    const bool says =
        list->kind == JsonKind::kArray ? list->size > 0 : key == "input" && list->kind == JsonKind::kString;
    return says ? list : nullptr;
  }
  return nullptr;
}

/// What a request has in common with those that go before and after it in a conversation: all before what is said, and
/// the beginning of that, up to the user's first words.
std::uint64_t conversation_key(const JsonDocument& document, const JsonNode& said) {
  std::uint64_t key = 0;
  for (std::string_view member :
       {"system", "instructions", "systemInstruction", "system_instruction", "session_id", "prompt_cache_key"}) {
    if (const JsonNode* node = document.find_last(document.root(), member)) key = base::hash64(node->raw, key);
  }
  if (said.kind == JsonKind::kString) return base::hash64(said.raw, key);
  for (const JsonNode& message : document.children(said)) {
    key = base::hash64(document.string_member(message, "role"), key);
    // The text alone: a client may add a cache mark to the message, or take it away.
    const JsonNode* content = document.find_last(message, "content");
    if (content == nullptr) content = document.find_last(message, "parts");
    if (content != nullptr) {
      for (std::uint32_t i = document.index_of(*content); i < content->next; ++i) {
        const JsonNode& node = document.node(i);
        if (node.kind == JsonKind::kString && (node.key.empty() || node.key == "text" || node.key == "content")) {
          key = base::hash64(node.text, key);
        }
      }
    }
    if (document.string_member(message, "role") == "user") break;
  }
  return key;
}

std::optional<money::Usage> usage_of(const JsonLine& line) {
  const JsonNode* usage = line.find("usage");
  if (usage == nullptr) return std::nullopt;
  money::Usage billed;
  billed.output = line.number(usage, "output_tokens") + line.number(usage, "completion_tokens");
  billed.written = line.number(usage, "cache_creation_input_tokens");
  billed.cached = line.number(usage, "cache_read_input_tokens");
  billed.uncached = line.number(usage, "input_tokens");
  const std::uint64_t prompt = line.number(usage, "prompt_tokens");
  if (prompt > 0) {
    billed.cached = line.number(line.find(usage, "prompt_tokens_details"), "cached_tokens");
    billed.uncached = prompt - std::min(prompt, billed.cached);
  }
  return billed;
}

class RequestReader {
 public:
  explicit RequestReader(std::string_view name) : name_(name) { recording_.format = "requests"; }

  void take(std::string_view text);
  Recording finish() &&;

 private:
  void take_body(const JsonLine& line, const JsonNode& body, std::string_view session);

  std::string name_;
  Recording recording_;
  std::unordered_map<std::uint64_t, std::size_t> open_;  ///< conversation key -> session
  std::string loose_;                                    ///< messages that stand on lines of their own
};

void RequestReader::take_body(const JsonLine& line, const JsonNode& body, std::string_view session) {
  const auto document = JsonDocument::parse(body.raw);
  const JsonNode* said = document ? said_in(*document, document->root()) : nullptr;
  if (said == nullptr) {
    ++recording_.damaged_lines;
    return;
  }
  const std::uint64_t key = session.empty() ? conversation_key(*document, *said) : base::hash64(session);
  const auto [place, fresh] = open_.try_emplace(key, recording_.sessions.size());
  if (fresh) {
    Session& begun = recording_.sessions.emplace_back();
    begun.format = "requests";
    begun.api = wire::guess_api(body.raw);
  }
  Session& held = recording_.sessions[place->second];
  // A short first request may not tell; one of the later ones does.
  if (held.api == wire::Api::kOpenAiChat) held.api = wire::guess_api(body.raw);
  Turn turn;
  turn.body = body.raw;
  const JsonNode* model = document->find_last(document->root(), "model");
  turn.model =
      model != nullptr && model->kind == JsonKind::kString ? model->text : line.text("model");  // Gemini's path
  if (turn.model.empty()) turn.model = kNoModel;
  turn.time_ms = line.time_ms("time");
  if (turn.time_ms == 0) turn.time_ms = line.time_ms("timestamp");
  turn.billed = usage_of(line);
  if (const JsonNode* asks = line.find("asks")) {
    for (const JsonNode& fact : line.document().children(*asks)) {
      if (fact.kind == JsonKind::kString && !fact.text.empty()) turn.asks.emplace_back(fact.text);
    }
  }
  held.turns.push_back(std::move(turn));
}

void RequestReader::take(std::string_view text) {
  if (text.starts_with('[')) {
    Session session = session_of_messages(text, name_);
    if (session.turns.empty()) {
      ++recording_.damaged_lines;
    } else {
      recording_.sessions.push_back(std::move(session));
    }
    return;
  }
  const auto line = JsonLine::parse(text);
  if (!line) {
    ++recording_.damaged_lines;
    return;
  }
  const JsonNode* body = line->find("body");
  if (body == nullptr) body = line->find("request");
  if (body != nullptr && body->kind == JsonKind::kObject) {
    take_body(*line, *body, line->text("session"));
    return;
  }
  const JsonNode* messages = line->find("messages");
  if (messages != nullptr && messages->kind == JsonKind::kArray) {
    const JsonNode* last = nullptr;
    for (const JsonNode& message : line->document().children(*messages)) last = &message;
    if (last != nullptr && line->document().string_member(*last, "role") == "assistant") {
      Session session = session_of_messages(text, name_);
      if (!session.turns.empty()) recording_.sessions.push_back(std::move(session));
    } else {
      take_body(*line, line->root(), line->text("session"));
    }
    return;
  }
  if (said_in(line->document(), line->root()) != nullptr) {
    take_body(*line, line->root(), line->text("session"));
    return;
  }
  if (is_message(line->document(), line->root())) {
    if (!loose_.empty()) loose_ += ',';
    loose_ += text;
    return;
  }
  ++recording_.damaged_lines;
}

Recording RequestReader::finish() && {
  if (!loose_.empty()) {
    Session session = session_of_messages("[" + loose_ + "]", name_);
    if (!session.turns.empty()) recording_.sessions.push_back(std::move(session));
  }
  for (std::size_t i = 0; i < recording_.sessions.size(); ++i) {
    recording_.sessions[i].name = recording_.sessions.size() == 1 ? name_ : fmt::format("{}#{}", name_, i + 1);
  }
  return std::move(recording_);
}

}  // namespace

Session session_of_messages(std::string_view json, std::string_view name) {
  Session session;
  session.name = name;
  session.format = "messages";
  const auto document = JsonDocument::parse(json);
  if (!document) return session;
  const JsonNode* messages = &document->root();
  std::string model(kNoModel);
  if (messages->kind == JsonKind::kObject) {
    const JsonNode* given = document->find_last(*messages, "model");
    if (given != nullptr && given->kind == JsonKind::kString) model = given->text;
    session.head = head_of(*document);
    messages = document->find_last(*messages, "messages");
  }
  if (messages == nullptr || messages->kind != JsonKind::kArray) return session;
  const std::string wrapped = messages->raw == json ? fmt::format(R"({{"messages":{}}})", json) : std::string();
  session.api = wire::guess_api(wrapped.empty() ? json : std::string_view(wrapped));
  std::vector<std::uint32_t> sent;
  bool last_answers = false;
  for (const JsonNode& message : document->children(*messages)) {
    if (!is_message(*document, message)) continue;
    const bool answers = document->string_member(message, "role") == "assistant";
    if (answers && !last_answers && !sent.empty()) session.turns.push_back({.messages = sent, .model = model});
    sent.push_back(static_cast<std::uint32_t>(session.messages.size()));
    session.messages.emplace_back(message.raw);
    last_answers = answers;
  }
  if (!sent.empty() && !last_answers) session.turns.push_back({.messages = sent, .model = model});
  return session;
}

Recording read_requests(const std::vector<std::string_view>& lines, std::string_view name) {
  RequestReader reader(name);
  for (std::string_view line : lines) reader.take(line);
  return std::move(reader).finish();
}

}  // namespace headroom::replay
