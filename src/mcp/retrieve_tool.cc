#include <algorithm>
#include <initializer_list>

#include "base/hash.h"
#include "base/json_writer.h"
#include "mcp/tools.h"
#include "proxy/retrieve_api.h"

namespace headroom::mcp {
namespace {

/// The HASH in what a model gives for it: alone, or a whole marker.
std::string_view hash_in(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (std::size_t at = text.find_first_of(kHex); at != std::string_view::npos; at = text.find_first_of(kHex, at)) {
    const std::size_t end = std::min(text.find_first_not_of(kHex, at), text.size());
    if (end - at >= base::kMinIdPrefix) return text.substr(at, end - at);
    at = end;
  }
  return text;
}

std::string why_not(std::string_view body) {
  const auto document = base::JsonDocument::parse(body);
  const std::string_view detail = document ? document->string_member(document->root(), "detail") : std::string_view();
  return std::string(detail.empty() ? "It cannot be read just now." : detail);
}

/// The same answer as POST /v1/retrieve gives.
ToolResult call(const Workbench& bench, const Arguments& arguments) {
  const auto parts = std::ranges::count_if(std::initializer_list<std::string_view>{"lines", "items", "query"},
                                           [&](std::string_view name) { return !arguments.text(name).empty(); });
  if (parts > 1) return failure("\"lines\", \"items\" and \"query\" exclude each other: give one of them.");
  base::JsonWriter json;
  json.begin_object().member("hash", hash_in(arguments.text("hash")));
  for (const std::string_view name : {"lines", "items", "path", "query"}) {
    if (!arguments.text(name).empty()) json.member(name, arguments.text(name));
  }
  json.end_object();
  proxy::Reply reply =
      proxy::retrieve_api({bench.store, bench.offers, store::kEveryProject}, "POST", {}, {}, json.text());
  if (reply.status != 200) return failure(why_not(reply.body));
  return {reply.body, reply.body, false};
}

}  // namespace

Tool retrieve_tool(const Workbench& bench) {
  Tool tool;
  tool.name = "headroom_retrieve";
  tool.title = "Get an original back";
  tool.description =
      "Gives back exactly what was left out of a shortened text. A marker <<ccr:HASH ...>> names the original, "
      "<<120-480: ...>> stands for lines (or JSON items) not shown. Ask for a part where that is enough.";
  tool.input = {{"hash", FieldType::kString, "HASH of the marker.", true},
                {"lines", FieldType::kString, "From 1: \"120-180\"."},
                {"items", FieldType::kString, "Of the JSON array, from 0: \"3-9\"."},
                {"path", FieldType::kString, "Of that array: \"data.rows\"; else the largest."},
                {"query", FieldType::kString, "Only lines or items that fit these words best."}};
  tool.output = {{"hash", FieldType::kString, "Of the original, in full.", true},
                 {"original_content", FieldType::kString, "The original, or the part that was asked for.", true},
                 {"original_tokens", FieldType::kInteger, "Of all of it."},
                 {"original_bytes", FieldType::kInteger, ""},
                 {"content_type", FieldType::kString, ""},
                 {"tool_name", FieldType::kString, "Of the tool that printed it."},
                 {"retrieval_count", FieldType::kInteger, ""},
                 {"complete", FieldType::kBoolean, "It is all of the original.", true}};
  tool.call = [&bench](const Arguments& arguments, const CallContext&) { return call(bench, arguments); };
  return tool;
}

}  // namespace headroom::mcp
