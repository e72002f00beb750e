#include "context/retrieve.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "base/bm25.h"
#include "base/json_cut.h"
#include "base/json_document.h"
#include "base/text.h"
#include "compress/xml/render.h"

namespace headroom::context {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;
using base::Result;

const JsonNode* largest_array(const JsonDocument& document) {
  const JsonNode* best = nullptr;
  for (const JsonNode& node : document.nodes()) {
    if (node.kind == JsonKind::kArray && (best == nullptr || node.raw.size() > best->raw.size())) best = &node;
  }
  return best;
}

const JsonNode* array_at(const JsonDocument& document, std::string_view path) {
  const JsonNode* node = &document.root();
  while (!path.empty() && node != nullptr) {
    const std::size_t dot = path.find('.');
    node = document.find_last(*node, path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return node != nullptr && node->kind == JsonKind::kArray ? node : nullptr;
}

/// Exact bytes of each item of the array that `path` names; of each line for NDJSON.
Result<std::vector<std::string_view>> items_of(std::string_view original, std::string_view path) {
  std::vector<std::string_view> items;
  std::string closed;  // of JSON that was cut off, its whole items
  auto document = JsonDocument::parse(original);
  if (const auto cut = document ? std::nullopt : base::find_cut(original)) {
    closed = std::string(original.substr(0, cut->whole)) + cut->closers;
    document = JsonDocument::parse(closed);
  }
  if (!document) {
    const std::vector<std::string_view> lines = base::split_lines(original);
    for (std::string_view line : lines) {
      if (base::trim(line).empty()) continue;
      if (!JsonDocument::parse(line)) {
        return fail(ErrorCode::kInvalidArgument, "this original is not JSON and has no items; ask for lines");
      }
      items.push_back(line);
    }
    return items;
  }
  const JsonNode* array = path.empty() ? largest_array(*document) : array_at(*document, path);
  if (array == nullptr) {
    return fail(ErrorCode::kInvalidArgument, path.empty()
                                                 ? "this original has no JSON array; ask for lines"
                                                 : fmt::format("this original has no JSON array at \"{}\"", path));
  }
  for (const JsonNode& item : document->children(*array)) {
    items.push_back(closed.empty()
                        ? item.raw
                        : original.substr(static_cast<std::size_t>(item.raw.data() - closed.data()), item.raw.size()));
  }
  return items;
}

bool parse_number(std::string_view text, std::size_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

Result<std::string> retrieve_lines(std::string_view original, std::size_t first, std::size_t last) {
  const std::vector<std::string_view> lines = base::split_lines(original);
  if (first == 0 || first > last) return fail(ErrorCode::kInvalidArgument, "lines count from 1, first:last");
  if (first > lines.size()) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("the original has {} lines", lines.size()));
  }
  last = std::min(last, lines.size());
  const char* begin = lines[first - 1].data();
  const char* end = last < lines.size() ? lines[last].data() : original.data() + original.size();
  return std::string(begin, end);
}

Result<std::string> retrieve_items(std::string_view original, std::string_view path, std::size_t first,
                                   std::size_t last) {
  if (first > last) return fail(ErrorCode::kInvalidArgument, "items count from 0, first:last");
  if (path.empty() && base::trim(original).starts_with('<')) {
    const std::string_view elements = compress::xml::element_range(original, first, last);
    if (!elements.empty()) return std::string(elements) + "\n";
    return fail(ErrorCode::kInvalidArgument, "the original has no such elements; they count from 0");
  }
  const auto items = items_of(original, path);
  if (!items) return std::unexpected(items.error());
  if (first >= items->size()) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("the array has {} items, counted from 0", items->size()));
  }
  std::string out;
  for (std::size_t i = first; i <= std::min(last, items->size() - 1); ++i) {
    out += (*items)[i];
    out += '\n';
  }
  return out;
}

Records records_of(std::string_view original) {
  auto items = items_of(original, {});
  if (items) return {false, *std::move(items)};
  return {true, base::split_lines(original)};
}

Result<std::string> retrieve_query(std::string_view original, std::string_view query, std::size_t limit) {
  const auto [lines, records] = records_of(original);
  base::Bm25Index index;
  for (std::string_view record : records) index.add(record);
  const std::vector<double> scores = index.score(query);
  std::vector<std::size_t> order(records.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t i) { return scores[i] <= 0; });
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  if (order.size() > limit) order.resize(limit);
  std::ranges::sort(order);
  std::string out;
  for (std::size_t i : order) out += fmt::format("{}: {}\n", lines ? i + 1 : i, records[i]);
  return out;
}

Result<std::pair<std::size_t, std::size_t>> parse_range(std::string_view text) {
  const std::size_t separator = text.find_first_of(":-");
  std::size_t first = 0;
  std::size_t last = 0;
  const bool first_ok = parse_number(text.substr(0, separator), first);
  const bool last_ok =
      separator == std::string_view::npos ? (last = first, true) : parse_number(text.substr(separator + 1), last);
  if (!first_ok || !last_ok || first > last) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("\"{}\" is no range; write first:last, such as 120:180", text));
  }
  return std::pair(first, last);
}

}  // namespace headroom::context
