#include <array>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "detect/content_type.h"
#include "mcp/tools.h"
#include "tokens/tokenizer.h"

namespace headroom::mcp {
namespace {

constexpr std::size_t kMaxTokens = 25'000;

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

/// No client shows a model so much; it can still have what it needs.
ToolResult too_long(const Workbench& bench, const std::string& path, const std::string& id, const std::string& content,
                    std::size_t tokens) {
  const std::string what =
      fmt::format("{} has {} tokens, more than the {} that one answer may have.", path, tokens, kMaxTokens);
  if (bench.store == nullptr) return failure(what + " Read it with compress_file.");
  remember(bench, id, content, tokens);
  return failure(fmt::format(
      "{} Read it with compress_file, or in parts: headroom_retrieve with hash {} and lines or query.", what, id));
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
  if (tokens > kMaxTokens) return too_long(bench, path, id, *content, tokens);
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
      "Gives a text file in full the first time; later only says so while it is unchanged. fresh=true when you no "
      "longer "
      "have it.";
  tool.input = {{"file_path", FieldType::kString, "In a folder that is open to this server.", true},
                {"fresh", FieldType::kBoolean, ""},
                {"known_hash", FieldType::kString, "Of the content that you have."}};
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
