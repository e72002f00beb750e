#include <optional>

#include "align/aligner.h"
#include "base/json_document.h"
#include "base/json_string.h"

namespace headroom::align {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::string_view kMark = "\"cache_control\":{\"type\":\"ephemeral\"}";

class Marker {
 public:
  explicit Marker(const JsonDocument& document) : document_(document) {}

  void mark_last(const JsonNode* list, bool tools) {
    if (list == nullptr) return;
    if (list->kind == JsonKind::kString) {
      if (list->text.empty()) return;
      const base::Span span = document_.span(*list);
      edits_.push_back({{span.begin, span.begin}, "[{\"type\":\"text\",\"text\":"});
      edits_.push_back({{span.end, span.end}, "," + std::string(kMark) + "}]"});
      return;
    }
    if (list->kind != JsonKind::kArray) return;
    const JsonNode* last = nullptr;
    for (const JsonNode& child : document_.children(*list)) last = &child;
    if (last == nullptr || last->kind != JsonKind::kObject || last->size == 0 || (!tools && !takes_mark(*last))) return;
    const std::size_t end = document_.span(*last).end - 1;
    edits_.push_back({{end, end}, "," + std::string(kMark)});
  }

  std::vector<base::Edit> take() && { return std::move(edits_); }

 private:
  /// The provider refuses marks on thinking and on empty texts.
  bool takes_mark(const JsonNode& block) const {
    const JsonNode* type = document_.find_last(block, "type");
    if (type == nullptr) return false;
    if (type->text == "text") {
      const JsonNode* text = document_.find_last(block, "text");
      return text != nullptr && text->kind == JsonKind::kString && !text->text.empty();
    }
    return type->text == "tool_result" || type->text == "image" || type->text == "document";
  }

  const JsonDocument& document_;
  std::vector<base::Edit> edits_;
};

std::vector<base::Edit> anthropic_marks(const JsonDocument& document) {
  Marker marker(document);
  marker.mark_last(document.find_last(document.root(), "tools"), true);
  marker.mark_last(document.find_last(document.root(), "system"), false);
  const JsonNode* newest = nullptr;
  if (const JsonNode* messages = document.find_last(document.root(), "messages")) {
    for (const JsonNode& message : document.children(*messages)) {
      const JsonNode* role = document.find_last(message, "role");
      if (role != nullptr && role->text == "user") newest = &message;
    }
  }
  if (newest != nullptr) marker.mark_last(document.find_last(*newest, "content"), false);
  return std::move(marker).take();
}

}  // namespace

std::vector<base::Edit> mark_edits(const wire::Conversation& conversation, std::string_view body,
                                   const MarkOptions& options) {
  const auto document = JsonDocument::parse(body);
  if (!document || document->root().kind != JsonKind::kObject || document->root().size == 0) return {};
  if (conversation.api == wire::Api::kAnthropicMessages) {
    // A mark for the whole request stands at the top.
    if (conversation.marked || document->find(document->root(), "cache_control") != nullptr) return {};
    return anthropic_marks(*document);
  }
  if (conversation.api == wire::Api::kOpenAiChat || conversation.api == wire::Api::kOpenAiResponses) {
    if (options.cache_key.empty() || document->find(document->root(), "prompt_cache_key") != nullptr) return {};
    const std::size_t at = document->span(document->root()).begin + 1;
    return {{{at, at}, "\"prompt_cache_key\":" + base::encode_json_string(options.cache_key) + ","}};
  }
  return {};
}

}  // namespace headroom::align
