#include "cli/retrieve_command.h"

#include <filesystem>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/json_writer.h"
#include "cli/workspace.h"
#include "context/retrieve.h"

namespace headroom::cli {
namespace {

using base::ErrorCode;

base::Error not_found(const config::Options& options, std::string_view id) {
  return {
      ErrorCode::kNotFound,
      fmt::format("no original {} in {}. It may have expired, or a proxy or command stored it in another workspace: "
                  "try --workspace-dir, or run the tool again that gave the text",
                  id, originals_path(options))};
}

base::Result<store::Original> find_original(const Invocation& invocation, std::string_view id) {
  if (!base::is_content_id_prefix(id)) {
    return base::fail(ErrorCode::kInvalidArgument,
                      fmt::format("'{}' is not the hash of a marker: 12 to 24 lower-case hex digits", id));
  }
  const config::Options& options = invocation.options();
  std::error_code ignored;
  if (!std::filesystem::exists(originals_path(options), ignored)) return std::unexpected(not_found(options, id));
  const base::SystemClock clock;
  auto sealed = sealing(options);
  if (!sealed) return std::unexpected(sealed.error());
  auto store = store::open_sqlite_store(originals_path(options), retention(options), clock, *std::move(sealed));
  if (!store) return std::unexpected(store.error());
  auto original = (*store)->get(id);
  if (!original && original.error().code == ErrorCode::kNotFound) return std::unexpected(not_found(options, id));
  return original;
}

/// The part that --lines, --items or --query asks for, or all.
base::Result<std::string> part_of(const Invocation& invocation, const std::string& content) {
  if (invocation.has("--query")) return context::retrieve_query(content, invocation.get("--query"));
  const bool lines = invocation.has("--lines");
  if (!lines && !invocation.has("--items")) return content;
  const std::string_view name = lines ? "--lines" : "--items";
  const auto range = context::parse_range(invocation.get(name));
  if (!range) return base::fail(range.error().code, fmt::format("{}: {}", name, range.error().message));
  return lines ? context::retrieve_lines(content, range->first, range->second)
               : context::retrieve_items(content, invocation.get("--path"), range->first, range->second);
}

std::string original_json(const store::Original& original, std::string_view text, bool whole) {
  base::JsonWriter json;
  json.begin_object()
      .member("hash", original.id)
      .member("text", text)
      .member("whole", whole)
      .member("bytes", original.content.size())
      .member("tokens", original.tokens)
      .member("type", original.content_type)
      .member("tool_name", original.tool_name)
      .member("created_ms", original.created_ms)
      .member("retrievals", original.retrievals)
      .end_object();
  return json.text() + "\n";
}

base::Result<ExitCode> run(const Invocation& invocation) {
  const int parts = int{invocation.has("--lines")} + int{invocation.has("--items")} + int{invocation.has("--query")};
  if (parts > 1) return base::fail(ErrorCode::kInvalidArgument, "--lines, --items and --query exclude each other");
  if (invocation.has("--path") && !invocation.has("--items")) {
    return base::fail(ErrorCode::kInvalidArgument, "--path goes with --items");
  }
  const auto original = find_original(invocation, invocation.get("HASH"));
  if (!original) return std::unexpected(original.error());
  const auto text = part_of(invocation, original->content);
  if (!text) return std::unexpected(text.error());
  const bool printed =
      invocation.console().print(invocation.has("--json") ? original_json(*original, *text, parts == 0) : *text);
  if (!printed) return base::fail(ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec retrieve_command() {
  return {
      .name = "retrieve",
      .summary = "Get back the original that a marker names, whole or in part.",
      .description =
          "HASH is what stands behind <<ccr: in a marker; its first 12 digits are enough. Gives exact bytes.",
      .args = {{"HASH", "", "Hash of the original, 12 to 24 hex digits.", {}, true},
               {"--lines", "A:B", "Only lines A to B, counted from 1.", {}},
               {"--items", "A:B", "Only items A to B of a JSON array, or elements of XML, counted from 0.", {}},
               {"--path", "NAME.NAME", "Which array --items counts in; without it the largest.", {}},
               {"--query", "WORDS", "Only the lines or items that fit best.", {}},
               {"--json", "", "Write one JSON object with the text and what is known of the original.", {}}},
      .config_options = config::kForRetrieve,
      .examples = {"headroom retrieve 3f2a90c41b7de85506a1c2d3", "headroom retrieve 3f2a90c41b7d --lines 120:180",
                   "headroom retrieve 3f2a90c41b7d --items 0:9 --path data.rows",
                   "headroom retrieve 3f2a90c41b7d --query 'connection refused'"},
      .run = run,
  };
}

}  // namespace headroom::cli
