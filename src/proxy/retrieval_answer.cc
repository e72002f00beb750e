#include "proxy/retrieval_answer.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/json_document.h"
#include "base/text.h"
#include "context/retrieve.h"

namespace headroom::proxy {
namespace {

struct Wanted {
  std::string hash, lines, items, query;
};

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/// The HASH in what a model gives for it: alone, or a whole marker.
std::string_view hash_in(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_hex(text[end])) ++end;
    if (end - at >= base::kMinIdPrefix) return text.substr(at, end - at);
    at = end + 1;
  }
  return base::trim(text);
}

Wanted read_arguments(std::string_view arguments) {
  const auto document = base::JsonDocument::parse(arguments);
  if (!document || document->root().kind != base::JsonKind::kObject) return {};
  // Models write numbers where a range is of one line.
  const auto member = [&](std::string_view name) -> std::string_view {
    const base::JsonNode* node = document->find_last(document->root(), name);
    if (node == nullptr || node->kind == base::JsonKind::kNull) return {};
    return base::trim(node->kind == base::JsonKind::kString ? node->text : node->raw);
  };
  std::string_view lines = member("line_range");
  if (lines.empty()) lines = member("lines");
  return {std::string(hash_in(member("hash"))), std::string(lines), std::string(member("items")),
          std::string(member("query"))};
}

base::Result<std::string> part_of(const std::string& content, const Wanted& wanted) {
  if (!wanted.lines.empty() || !wanted.items.empty()) {
    const auto range = context::parse_range(wanted.lines.empty() ? wanted.items : wanted.lines);
    if (!range) return std::unexpected(range.error());
    return wanted.lines.empty() ? context::retrieve_items(content, {}, range->first, range->second)
                                : context::retrieve_lines(content, range->first, range->second);
  }
  if (wanted.query.empty()) return content;
  auto found = context::retrieve_query(content, wanted.query);
  if (found && found->empty()) *found = "Nothing in the original fits these words.";
  return found;
}

std::string why_not(const base::Error& error, std::string_view hash) {
  static constexpr std::string_view kInstead =
      "To see it, run the tool again, or read the file again. Do not ask for this hash again.";
  switch (error.code) {
    case base::ErrorCode::kNotFound:
      return fmt::format("Nothing is stored as {}: it has expired, or was never an original of this conversation. {}",
                         hash, kInstead);
    case base::ErrorCode::kAmbiguous:
      return fmt::format("{} stands for several originals. Give all 24 digits of the marker.", hash);
    case base::ErrorCode::kInvalidArgument:
      return fmt::format(
          "\"{}\" is no hash of a marker. Give the 24 hex digits behind \"<<ccr:\" in a shortened result.", hash);
    default:
      return fmt::format("The original {} cannot be read just now. {}", hash, kInstead);
  }
}

base::Result<store::Original> own_original(store::OriginalStore& store, std::span<const std::string> own,
                                           std::string_view hash, std::string_view project) {
  if (hash.size() < base::kMinIdPrefix || !std::ranges::all_of(hash, is_hex)) {
    return base::fail(base::ErrorCode::kInvalidArgument, "no hash");
  }
  const auto named = [hash](const std::string& id) { return id.starts_with(hash); };
  const auto first = std::ranges::find_if(own, named);
  if (first == own.end()) return base::fail(base::ErrorCode::kNotFound, "not of this request");
  if (std::any_of(first + 1, own.end(), named)) return base::fail(base::ErrorCode::kAmbiguous, "several");
  return store.get(*first, project);
}

/// The longest beginning of whole lines that has at most so many tokens, roughly.
std::string_view beginning_of(std::string_view text, std::size_t tokens, std::size_t max_tokens) {
  std::string_view head = text.substr(0, text.size() * max_tokens / std::max<std::size_t>(tokens, 1));
  const std::size_t feed = head.rfind('\n');
  if (feed != std::string_view::npos && feed > head.size() / 2) return head.substr(0, feed + 1);
  while (!head.empty() && (static_cast<unsigned char>(text[head.size()]) & 0xC0) == 0x80) head.remove_suffix(1);
  return head;
}

}  // namespace

Retrieved answer_retrieval(store::OriginalStore& store, std::span<const std::string> own, std::string_view arguments,
                           std::string_view project, const tokens::Tokenizer& tokenizer, std::size_t max_tokens) {
  const Wanted wanted = read_arguments(arguments);
  if (wanted.hash.empty()) return refuse_retrieval("\"hash\" is missing: give the HASH of a marker.", tokenizer);
  const auto original = own_original(store, own, wanted.hash, project);
  if (!original) return refuse_retrieval(why_not(original.error(), wanted.hash.substr(0, 64)), tokenizer);
  auto part = part_of(original->content, wanted);
  if (!part) {
    const std::size_t lines = base::split_lines(original->content).size();
    return refuse_retrieval(fmt::format("{}. The original has {} lines.", part.error().message, lines), tokenizer);
  }
  Retrieved out{*std::move(part), true, 0, original->tool_name, original->content_type, original->id};
  out.tokens = tokenizer.count(out.text);
  if (out.tokens > max_tokens) {
    const std::size_t lines = base::split_lines(out.text).size();
    const std::string_view head = beginning_of(out.text, out.tokens, max_tokens);
    const std::size_t shown = base::split_lines(head).size();
    out.text =
        fmt::format("{}\n[These are the first {} of {} lines; ask for the others by line_range, items or query.]", head,
                    shown, lines);
    out.tokens = tokenizer.count(out.text);
  }
  return out;
}

Retrieved refuse_retrieval(std::string_view why, const tokens::Tokenizer& tokenizer) {
  Retrieved out;
  out.text = why;
  out.tokens = tokenizer.count(why);
  return out;
}

}  // namespace headroom::proxy
