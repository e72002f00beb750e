#include "context/decision_text.h"

#include <charconv>

#include "base/json_document.h"
#include "base/json_writer.h"

namespace headroom::context {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

std::size_t number(const JsonDocument& document, const JsonNode& object, std::string_view key) {
  const JsonNode* node = document.find(object, key);
  std::size_t value = 0;
  if (node != nullptr) std::from_chars(node->raw.data(), node->raw.data() + node->raw.size(), value);
  return value;
}

detect::ContentType type_named(std::string_view name) {
  bool known = false;
  return detect::content_type_from_name(name, known);
}

}  // namespace

std::string write_decision(const Decision& decision) {
  const BlockReport& report = decision.report;
  base::JsonWriter json;
  json.begin_object().member("replaced", decision.replaced);
  if (decision.replaced) json.member("text", decision.text);
  json.member("tool", report.tool_name).member("strategy", report.strategy).member("reason", report.reason);
  json.member("type", detect::content_type_name(report.detection.type));
  json.member("before", report.tokens_before).member("after", report.tokens_after);
  json.member("records", report.records_before).member("kept", report.records_kept);
  if (report.gentleness != Gentleness::kUsual) json.member("gentleness", gentleness_name(report.gentleness));
  json.key("refers_to").begin_array();
  for (const std::uint32_t block : decision.refers_to) json.value(block);
  json.end_array();
  json.key("originals").begin_array();
  for (const KeptOriginal& kept : decision.originals) {
    json.begin_object().member("id", kept.id).member("begin", kept.begin).member("size", kept.size);
    json.member("type", detect::content_type_name(kept.type)).member("tokens", kept.tokens);
    if (kept.in_string.size() > 0) {
      json.member("string_begin", kept.in_string.begin).member("string_end", kept.in_string.end);
    }
    json.end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

base::Result<Decision> read_decision(std::string_view written) {
  const auto document = JsonDocument::parse(written);
  if (!document) return std::unexpected(document.error());
  const JsonNode& root = document->root();
  const JsonNode* replaced = root.kind == JsonKind::kObject ? document->find(root, "replaced") : nullptr;
  if (replaced == nullptr) return base::fail(base::ErrorCode::kParse, "no decision");
  Decision decision;
  decision.replaced = replaced->raw == "true";
  decision.text = document->string_member(root, "text");
  BlockReport& report = decision.report;
  report.tool_name = document->string_member(root, "tool");
  report.strategy = document->string_member(root, "strategy");
  report.reason = document->string_member(root, "reason");
  report.detection.type = type_named(document->string_member(root, "type"));
  report.tokens_before = number(*document, root, "before");
  report.tokens_after = number(*document, root, "after");
  report.records_before = number(*document, root, "records");
  report.records_kept = number(*document, root, "kept");
  report.gentleness = gentleness_from_name(document->string_member(root, "gentleness"));
  if (const JsonNode* blocks = document->find(root, "refers_to")) {
    for (const JsonNode& block : document->children(*blocks)) {
      std::uint32_t index = 0;
      std::from_chars(block.raw.data(), block.raw.data() + block.raw.size(), index);
      decision.refers_to.push_back(index);
    }
  }
  if (const JsonNode* originals = document->find(root, "originals")) {
    for (const JsonNode& kept : document->children(*originals)) {
      decision.originals.push_back({std::string(document->string_member(kept, "id")),
                                    number(*document, kept, "begin"),
                                    number(*document, kept, "size"),
                                    type_named(document->string_member(kept, "type")),
                                    number(*document, kept, "tokens"),
                                    {number(*document, kept, "string_begin"), number(*document, kept, "string_end")}});
      report.ids.push_back(decision.originals.back().id);
    }
  }
  if (decision.replaced && decision.text.empty()) return base::fail(base::ErrorCode::kParse, "a decision without text");
  return decision;
}

}  // namespace headroom::context
