#include <fmt/format.h>

#include "base/hash.h"
#include "base/json_writer.h"
#include "detect/content_type.h"
#include "mcp/passages.h"
#include "mcp/tools.h"
#include "tokens/tokenizer.h"

namespace headroom::mcp {
namespace {

using Why = PassageVerdict::Why;

struct Passage {
  std::string_view text, id;
};

std::vector<Passage> read_passages(const Arguments& arguments) {
  const base::JsonDocument& document = arguments.document();
  std::vector<Passage> passages;
  for (const base::JsonNode& item : document.children(*arguments.node("chunks"))) {
    if (item.kind == base::JsonKind::kString) {
      passages.push_back({item.text, {}});
    } else {
      passages.push_back({document.string_member(item, "text"), document.string_member(item, "id")});
    }
  }
  return passages;
}

/// Those that go are made durable first; false when that failed, so that all have to stay.
bool store_dropped(const Workbench& bench, const std::vector<Passage>& passages, const std::vector<std::size_t>& tokens,
                   const std::vector<PassageVerdict>& verdicts) {
  if (bench.store == nullptr) return false;
  std::vector<store::Original> originals;
  for (std::size_t at = 0; at < passages.size(); ++at) {
    if (verdicts[at].why == Why::kKept) continue;
    store::Original original;
    original.content = passages[at].text;
    original.id = base::content_id(original.content);
    original.content_type = detect::content_type_name(detect::ContentType::kProse);
    original.tool_name = "compress_rag_chunks";
    original.tokens = static_cast<std::int64_t>(tokens[at]);
    originals.push_back(std::move(original));
  }
  return bench.store->put(originals).has_value();
}

std::string reason(const PassageVerdict& verdict) {
  switch (verdict.why) {
    case Why::kDuplicate:
      return fmt::format("says the same as {}", verdict.same_as);
    case Why::kOffTopic:
      return "has nothing to do with the query";
    case Why::kOverBudget:
      return "over max_tokens";
    case Why::kKept:
      break;
  }
  return {};
}

void write_member(base::JsonWriter& json, std::size_t at, const Passage& passage) {
  json.member("index", at);
  if (!passage.id.empty()) json.member("id", passage.id);
}

ToolResult call(const Workbench& bench, const Arguments& arguments) {
  const std::int64_t start_ns = bench.clock.monotonic_ns();
  const std::int64_t budget = arguments.number("max_tokens", 0);
  if (budget < 0) return failure("\"max_tokens\" must not be negative.");
  const std::vector<Passage> passages = read_passages(arguments);
  const std::string_view model = arguments.has("model") ? arguments.text("model") : std::string_view(bench.model);
  const tokens::Tokenizer& tokenizer = tokens::tokenizer_for_model(model);
  std::vector<std::string_view> texts;
  std::vector<std::size_t> tokens;
  for (const Passage& passage : passages) {
    texts.push_back(passage.text);
    tokens.push_back(tokenizer.count(passage.text));
  }
  std::vector<PassageVerdict> verdicts =
      judge_passages(texts, tokens, arguments.text("query"), static_cast<std::size_t>(budget));
  const bool stored = store_dropped(bench, passages, tokens, verdicts);
  if (!stored) verdicts.assign(passages.size(), PassageVerdict());
  base::JsonWriter json;
  std::size_t before = 0;
  std::size_t after = 0;
  json.begin_object().key("chunks").begin_array();
  for (std::size_t at = 0; at < passages.size(); ++at) {
    before += tokens[at];
    if (verdicts[at].why != Why::kKept) continue;
    after += tokens[at];
    json.begin_object();
    write_member(json, at, passages[at]);
    json.member("text", passages[at].text).end_object();
  }
  json.end_array().key("dropped").begin_array();
  for (std::size_t at = 0; at < passages.size(); ++at) {
    if (verdicts[at].why == Why::kKept) continue;
    json.begin_object();
    write_member(json, at, passages[at]);
    json.member("hash", base::content_id(passages[at].text)).member("reason", reason(verdicts[at])).end_object();
  }
  json.end_array().member("original_tokens", before).member("kept_tokens", after);
  if (!stored) json.member("note", "Nothing was dropped, because nothing can be stored.");
  json.end_object();
  note(bench, model, before, after, "mcp:passages", (bench.clock.monotonic_ns() - start_ns) / 1000);
  ToolResult result;
  result.structured = std::move(json).take();
  result.text = result.structured;
  return result;
}

}  // namespace

Tool passages_tool(const Workbench& bench) {
  Tool tool;
  tool.name = "compress_rag_chunks";
  tool.title = "Keep the passages that matter";
  tool.description =
      "Keeps the search results that fit the query, word for word and in their order; near-duplicates go. Each dropped "
      "one has a hash for headroom_retrieve.";
  tool.input = {{"query", FieldType::kString, "", true},
                {"chunks", FieldType::kPassages, "Best first.", true},
                {"max_tokens", FieldType::kInteger, "Keep at most so many."},
                {"model", FieldType::kString, "Model whose tokens are counted.", false, {}, true}};
  tool.output = {{"chunks", FieldType::kObjects, "Kept: index (from 0), id, text.", true},
                 {"dropped", FieldType::kObjects, "Index, id, hash and reason.", true},
                 {"original_tokens", FieldType::kInteger, "", true},
                 {"kept_tokens", FieldType::kInteger, "", true},
                 {"note", FieldType::kString, ""}};
  tool.call = [&bench](const Arguments& arguments, const CallContext&) { return call(bench, arguments); };
  return tool;
}

}  // namespace headroom::mcp
