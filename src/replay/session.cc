#include "replay/session.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/json_string.h"

namespace headroom::replay {

std::string with_mark(std::string_view message, bool long_mark) {
  const std::string_view mark =
      long_mark ? R"("cache_control":{"type":"ephemeral","ttl":"1h"})" : R"("cache_control":{"type":"ephemeral"})";
  const auto document = base::JsonDocument::parse(message);
  if (!document) return std::string(message);
  const base::JsonNode* content = document->find_last(document->root(), "content");
  if (content == nullptr) return std::string(message);
  const base::Span span = document->span(*content);
  const std::string_view before = message.substr(0, span.begin);
  const std::string_view after = message.substr(span.end);
  if (content->kind == base::JsonKind::kString) {
    return fmt::format(R"({}[{{"type":"text","text":{},{}}}]{})", before, content->raw, mark, after);
  }
  const base::JsonNode* last = nullptr;
  for (const base::JsonNode& block : document->children(*content)) last = &block;
  if (last == nullptr || last->kind != base::JsonKind::kObject || last->size == 0 ||
      document->find(*last, "cache_control") != nullptr) {
    return std::string(message);
  }
  const std::size_t brace = document->span(*last).end - 1;
  return fmt::format("{},{}{}", message.substr(0, brace), mark, message.substr(brace));
}

std::string body_of(const Session& session, std::size_t turn) {
  const Turn& sent = session.turns.at(turn);
  if (!sent.body.empty()) return sent.body;
  std::vector<std::uint32_t> marked;
  if (session.add_marks && !sent.messages.empty()) {
    marked.push_back(sent.messages.back());
    if (turn > 0 && !session.turns[turn - 1].messages.empty())
      marked.push_back(session.turns[turn - 1].messages.back());
  }
  std::string body = "{\"model\":" + base::encode_json_string(sent.model) + ",";
  if (!session.head.empty()) body += session.head + ",";
  body += "\"messages\":[";
  for (std::size_t i = 0; i < sent.messages.size(); ++i) {
    if (i > 0) body += ',';
    const std::string& message = session.messages.at(sent.messages[i]);
    const bool mark = std::ranges::find(marked, sent.messages[i]) != marked.end();
    body += mark ? with_mark(message, session.long_marks) : message;
  }
  return body + "]}";
}

}  // namespace headroom::replay
