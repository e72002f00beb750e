#include <array>

#include "base/hash.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "detect/content_type.h"
#include "mcp/tools.h"
#include "tokens/tokenizer.h"

namespace headroom::mcp {
namespace {

/// So that headroom_retrieve gives it in parts. A store that cannot be written is no reason to keep the file back.
void remember(const Workbench& bench, const std::string& id, const std::string& content, std::size_t tokens) {
  if (bench.store == nullptr) return;
  store::Original original;
  original.id = id;
  original.content = content;
  original.content_type = detect::content_type_name(detect::ContentType::kOther);
  original.tool_name = "headroom_read";
  original.tokens = static_cast<std::int64_t>(tokens);
  static_cast<void>(bench.store->put(std::array{std::move(original)}));
}

ToolResult unchanged(const Workbench& bench, std::size_t tokens) {
  ToolResult result;
  result.structured = R"({"status":"unchanged"})";
  result.text = "Unchanged since you read it.";
  note(bench, bench.model, tokens, tokens::tokenizer_for_model(bench.model).count(result.text), "mcp:unchanged", 0);
  return result;
}

ToolResult call(const Workbench& bench, const Arguments& arguments, const CallContext& context) {
  const std::string path(arguments.text("file_path"));
  const auto content = context.files.read(path);
  if (!content) return failure(content.error().message);
  if (!base::is_utf8(*content)) return failure(path + " is no text in UTF-8");
  const std::string id = base::content_id(*content);
  const std::size_t tokens = tokens::tokenizer_for_model(bench.model).count(*content);
  const bool seen = context.read != nullptr && context.read->same_as_before(path, id);
  const bool known = arguments.text("known_hash") == id;
  if (!arguments.flag("fresh") && (seen || known)) return unchanged(bench, tokens);
  remember(bench, id, *content, tokens);
  base::JsonWriter json;
  json.begin_object().member("status", "read").member("hash", id).member("tokens", tokens);
  json.member("content", *content).end_object();
  ToolResult result;
  result.structured = std::move(json).take();
  result.text = *content;
  return result;
}

}  // namespace

Tool read_tool(const Workbench& bench) {
  Tool tool;
  tool.name = "headroom_read";
  tool.title = "Read a file once";
  tool.description =
      "Gives a text file in full the first time, and only says so when it has not changed since. Ask with fresh=true "
      "when you no longer have what it said.";
  tool.input = {
      {"file_path", FieldType::kString, "The file, below a folder that the client has opened to this server.", true},
      {"fresh", FieldType::kBoolean, "Give it in full, changed or not."},
      {"known_hash", FieldType::kString, "The hash that came with the content that you have."}};
  tool.output = {{"status", FieldType::kString, "", true, {"read", "unchanged"}},
                 {"hash", FieldType::kString, "Of the content, for headroom_retrieve and known_hash."},
                 {"tokens", FieldType::kInteger, ""},
                 {"content", FieldType::kString, "All of the file."}};
  tool.reads_files = true;
  tool.call = [&bench](const Arguments& arguments, const CallContext& context) {
    return call(bench, arguments, context);
  };
  return tool;
}

}  // namespace headroom::mcp
