#include <fmt/format.h>

#include "base/json_writer.h"
#include "context/level.h"
#include "detect/tool_call.h"
#include "document/spreadsheet.h"
#include "mcp/tools.h"

namespace headroom::mcp {
namespace {

using detect::ContentType;

const std::vector<std::string_view> kTypes = {"auto", "json",  "ndjson", "log", "code",   "search",
                                              "diff", "table", "html",   "xml", "config", "prose"};

Field query_field() {
  return {"query", FieldType::kString, "What you want to know; what answers it stays."};
}

Field model_field() {
  return {"model", FieldType::kString, "Model whose tokens are counted.", false, {}, true};
}

Field profile_field() {
  return {"profile", FieldType::kString, "", false, {"lossless", "balanced", "aggressive"}};
}

std::vector<Field> output_fields() {
  return {{"compressed", FieldType::kString, "The shorter text; the text itself when nothing was gained.", true},
          {"hash", FieldType::kString, "Of the original, for headroom_retrieve; missing when nothing was dropped."},
          {"hashes", FieldType::kStrings, "Of all originals that markers in the text name, where there are several."},
          {"original_tokens", FieldType::kInteger, "", true},
          {"compressed_tokens", FieldType::kInteger, "", true},
          {"tokens_saved", FieldType::kInteger, "", true},
          {"savings_percent", FieldType::kNumber, "Missing when nothing was gained, as is what was done."},
          {"transforms", FieldType::kStrings, "What was done."},
          {"note", FieldType::kString, "What to do next, or why nothing was saved."}};
}

ToolResult result_of(const context::Outcome& outcome, std::string_view text) {
  const std::size_t before = outcome.tokens_before;
  const std::size_t after = outcome.tokens_after;
  base::JsonWriter json;
  json.begin_object().member("compressed", outcome.changed ? std::string_view(outcome.body) : text);
  if (!outcome.ids.empty()) json.member("hash", outcome.ids.front());
  if (outcome.ids.size() > 1) {
    json.key("hashes").begin_array();
    for (const std::string& id : outcome.ids) json.value(id);
    json.end_array();
  }
  const std::size_t saved = before > after ? before - after : 0;
  json.member("original_tokens", before).member("compressed_tokens", after).member("tokens_saved", saved);
  if (outcome.changed && before > 0) {
    json.member("savings_percent", 100.0 * static_cast<double>(saved) / static_cast<double>(before));
    json.key("transforms").begin_array();
    for (const std::string& transform : outcome.transforms) json.value(transform);
    json.end_array();
  }
  if (!outcome.ids.empty()) {
    json.member("note", "What stands behind a marker <<ccr:HASH ...>> is got back with headroom_retrieve.");
  } else if (!outcome.skip_reason.empty()) {
    json.member("note", outcome.skip_reason);
  }
  json.end_object();
  ToolResult result;
  result.structured = std::move(json).take();
  result.text = result.structured;
  return result;
}

ToolResult compress(const Workbench& bench, const Arguments& arguments, std::string_view text,
                    const compress::Query& query, ContentType type) {
  context::RequestOptions options;
  options.level = context::level_from_name(arguments.text("profile"));
  const std::string_view model = arguments.has("model") ? arguments.text("model") : std::string_view(bench.model);
  return result_of(compress_text(bench, text, query, model, type, options), text);
}

ContentType type_of(std::string_view name, ContentType otherwise) {
  bool known = false;
  const ContentType type = detect::content_type_from_name(name, known);
  return known ? type : otherwise;
}

compress::Query query_of(const Arguments& arguments, std::string_view tool, std::string_view tool_arguments) {
  compress::Query query;
  query.user = arguments.text("query");
  query.tool_name = tool;
  query.tool_arguments = tool_arguments;
  query.call = detect::read_tool_call(tool, tool_arguments);
  return query;
}

Tool text_tool(const Workbench& bench) {
  Tool tool;
  tool.name = "headroom_compress";
  tool.title = "Compress a text";
  tool.description =
      "Shortens a long text (tool output, log, JSON, code, document); errors, what is odd and what the query asks for "
      "stay. A marker names what is left out, and headroom_retrieve gives it back exactly.";
  tool.input = {{"content", FieldType::kString, "The text.", true},
                query_field(),
                {"type", FieldType::kString, "", false, kTypes},
                {"tool", FieldType::kString, "Name of the tool that printed it.", false, {}, true},
                {"arguments", FieldType::kString, "That tool's input: JSON, or a command line.", false, {}, true},
                model_field(),
                profile_field()};
  tool.output = output_fields();
  tool.call = [&bench](const Arguments& arguments, const CallContext&) {
    return compress(bench, arguments, arguments.text("content"),
                    query_of(arguments, arguments.text("tool"), arguments.text("arguments")),
                    type_of(arguments.text("type"), ContentType::kOther));
  };
  return tool;
}

ToolResult compress_file(const Workbench& bench, const Arguments& arguments, const CallContext& context) {
  const std::string_view path = arguments.text("path");
  base::Result<std::string> text = context.files.read(path);
  if (!text) return failure(text.error().message);
  ContentType type = type_of(arguments.text("method"), ContentType::kOther);
  if (document::is_spreadsheet(*text)) {
    text = document::spreadsheet_text(*text);
    if (!text) return failure(fmt::format("{}: {}", path, text.error().message));
    type = ContentType::kTable;
  }
  if (text->find('\0') != std::string::npos) return failure(fmt::format("{} is no text", path));
  compress::Query query = query_of(arguments, {}, {});
  query.call.path = path;
  return compress(bench, arguments, *text, query, type);
}

Tool file_tool(const Workbench& bench) {
  Tool tool;
  tool.name = "compress_file";
  tool.title = "Read a file, compressed";
  tool.description =
      "Reads a file, shortened: the outline of code, the telling lines of a log, the rows that matter of a table or "
      "workbook. headroom_retrieve gives parts back exactly.";
  tool.input = {{"path", FieldType::kString, "In a folder that is open to this server.", true},
                {"method", FieldType::kString, "", false, kTypes},
                query_field(),
                model_field(),
                profile_field()};
  tool.output = output_fields();
  tool.reads_files = true;
  tool.call = [&bench](const Arguments& arguments, const CallContext& context) {
    return compress_file(bench, arguments, context);
  };
  return tool;
}

Tool command_tool(const Workbench& bench) {
  Tool tool;
  tool.name = "compress_command_output";
  tool.title = "Compress what a command printed";
  tool.description =
      "Shortens what a shell command printed: failures, warnings and the verdict stay, progress and repetition go. "
      "Runs nothing.";
  tool.input = {{"command", FieldType::kString, "The command line.", true},
                {"output", FieldType::kString, "What it printed.", true},
                query_field(),
                model_field(),
                profile_field()};
  tool.output = output_fields();
  tool.call = [&bench](const Arguments& arguments, const CallContext&) {
    return compress(bench, arguments, arguments.text("output"), query_of(arguments, "Bash", arguments.text("command")),
                    ContentType::kOther);
  };
  return tool;
}

}  // namespace

void add_compress_tools(const Workbench& bench, std::vector<Tool>& tools) {
  tools.push_back(text_tool(bench));
  tools.push_back(file_tool(bench));
  tools.push_back(command_tool(bench));
}

}  // namespace headroom::mcp
