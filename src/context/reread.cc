#include "context/reread.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/text.h"
#include "compress/marker.h"
#include "context/gutters.h"
#include "detect/tool_call.h"

namespace headroom::context {
namespace {

/// Lines that must follow each other for a place to be looked at. Short windows find more and mean less.
constexpr std::size_t kWindow = 4;

/// What lines that are not shown count as.
constexpr std::uint64_t kHidden = 0x4E0B'0D15'EE5A'0000ULL;

/// Lines at the edges of what is new that are repeated with it, so that a change is seen in its place.
constexpr std::size_t kEdge = 2;

}  // namespace

ShownLines::Shown ShownLines::read(std::string_view text) {
  Shown shown;
  const auto numbered = gutters_of(text);
  const std::vector<std::string_view> lines = base::split_lines(text);
  shown.lines.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::uint32_t gutter = numbered ? numbered->bytes[i] : 0;
    shown.lines.push_back(base::hash64(lines[i].substr(gutter)));
    shown.sizes.push_back(static_cast<std::uint32_t>(lines[i].size()));
    shown.numbers.push_back(gutter > 0 ? static_cast<std::int32_t>(numbered->first_number + i) : -1);
  }
  return shown;
}

std::uint64_t ShownLines::window(const Shown& shown, std::size_t line) {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < kWindow; ++i) hash = hash * 0x9E3779B97F4A7C15ULL + shown.lines[line + i];
  return hash;
}

void ShownLines::add(std::size_t block, std::string_view text) {
  add(block, read(text));
}

void ShownLines::add(std::size_t block, std::string_view text, const std::vector<bool>& shown) {
  Shown lines = read(text);
  for (std::size_t i = 0; i < lines.lines.size(); ++i) {
    // As no line is, so that no run goes over it.
    if (i >= shown.size() || !shown[i]) lines.lines[i] = kHidden + (block << 32) + i;
  }
  add(block, std::move(lines));
}

void ShownLines::add(std::size_t block, Shown shown) {
  shown.block = block;
  const auto index = static_cast<std::uint32_t>(shown_.size());
  for (std::size_t i = 0; i + kWindow <= shown.lines.size(); ++i) {
    by_window_.insert_or_assign(window(shown, i), At{index, static_cast<std::uint32_t>(i)});
  }
  shown_.push_back(std::move(shown));
}

std::vector<Repeat> ShownLines::find(std::string_view text) const {
  std::vector<Repeat> repeats;
  const Shown fresh = read(text);
  const std::size_t count = fresh.lines.size();
  for (std::size_t i = 0; i + kWindow <= count;) {
    const auto found = by_window_.find(window(fresh, i));
    if (found == by_window_.end()) {
      ++i;
      continue;
    }
    const Shown& shown = shown_[found->second.shown];
    std::size_t there = found->second.line;
    const std::size_t first = i;
    const std::size_t shown_first = there;
    const bool gutter = fresh.numbers[i] >= 0 && shown.numbers[there] >= 0;
    const std::int64_t shift = gutter ? fresh.numbers[i] - shown.numbers[there] : 0;
    std::size_t bytes = 0;
    // A run ends where the numbers no longer go along. Where only one of the two is numbered, the place tells them.
    while (i < count && there < shown.lines.size() && fresh.lines[i] == shown.lines[there] &&
           (!gutter || fresh.numbers[i] - shown.numbers[there] == shift)) {
      bytes += fresh.sizes[i];
      ++i, ++there;
    }
    if (i - first < kFewestLines || bytes < kFewestBytes) {
      i = std::max(i, first + 1);
      continue;
    }
    repeats.push_back({first + 1, i, shown.block, shown_first + 1, fresh.numbers[first], shown.numbers[shown_first]});
  }
  // Lines around what is new stay with it.
  for (Repeat& repeat : repeats) {
    if (repeat.first > 1) {
      repeat.first += kEdge;
      repeat.shown_first += kEdge;
      if (repeat.number >= 0) repeat.number += static_cast<std::int32_t>(kEdge);
      if (repeat.shown_number >= 0) repeat.shown_number += static_cast<std::int32_t>(kEdge);
    }
    if (repeat.last < count) repeat.last -= kEdge;
  }
  std::erase_if(repeats, [](const Repeat& repeat) { return repeat.last < repeat.first + 1; });
  return repeats;
}

std::size_t ShownLines::bytes() const {
  std::size_t lines = 0;
  for (const Shown& shown : shown_) lines += shown.lines.size();
  return lines * (sizeof(std::uint64_t) + 2 * sizeof(std::uint32_t)) + by_window_.size() * 40;
}

std::string reference_to(const Repeat& repeat, std::string_view where) {
  const std::size_t more = repeat.last - repeat.first;
  const auto from = repeat.shown_number >= 0 ? static_cast<std::size_t>(repeat.shown_number) : repeat.shown_first;
  std::string what = fmt::format("as lines {}-{} {}", from, from + more, where);
  if (repeat.number >= 0 && static_cast<std::size_t>(repeat.number) != from) {
    what += fmt::format(", now {}-{}", repeat.number, static_cast<std::size_t>(repeat.number) + more);
  }
  return what;
}

std::string with_references(std::string_view text, std::span<const Repeat> repeats,
                            std::span<const std::string> sources, std::string_view id) {
  const std::vector<std::string_view> lines = base::split_lines(text);
  std::string out;
  std::size_t next = 0;
  std::size_t left_out = 0;
  for (std::size_t k = 0; k < repeats.size(); ++k) {
    const Repeat& repeat = repeats[k];
    for (; next + 1 < repeat.first; ++next) out.append(lines[next]).push_back('\n');
    const std::string where = k > 0 && sources[k] == sources[k - 1] ? "there" : "of " + sources[k];
    out += compress::gap_marker(repeat.first, repeat.last, reference_to(repeat, where)) + "\n";
    left_out += repeat.last - repeat.first + 1;
    next = repeat.last;
  }
  for (; next < lines.size(); ++next) out.append(lines[next]).push_back('\n');
  return out +
         compress::handle_marker(id, fmt::format("{} of {} lines stand above, unchanged", left_out, lines.size()));
}

SameCall::SameCall(const wire::Block& block)
    : block_(block), command_(detect::read_tool_call(block.tool_name, block.tool_arguments).command) {}

bool SameCall::operator()(const wire::Block& other) const {
  if (other.tool_name != block_.tool_name) return false;
  if (other.tool_arguments == block_.tool_arguments) return true;
  if (command_.empty()) return false;
  // Most commands are others, which is seen without reading the input.
  const std::string_view start = std::string_view(command_).substr(0, command_.find_first_of("\"\\/\n"));
  return other.tool_arguments.find(start) != std::string_view::npos &&
         detect::read_tool_call(other.tool_name, other.tool_arguments).command == command_;
}

std::string call_label(std::string_view tool_name, std::string_view tool_arguments) {
  static constexpr std::size_t kLongest = 80;
  const detect::ToolCall call = detect::read_tool_call(tool_name, tool_arguments);
  std::string_view what = call.command;
  if (what.empty()) what = call.path;
  if (what.empty()) what = call.url;
  if (what.empty()) what = call.pattern;
  std::string label(tool_name.empty() ? "a tool" : tool_name);
  if (what.empty()) return label;
  std::string cut(what.substr(0, kLongest));
  while (!cut.empty() && (static_cast<unsigned char>(cut.back()) & 0x80) != 0 && what.size() > kLongest) cut.pop_back();
  label += call.command.empty() ? " " : ": ";
  label += cut;
  if (cut.size() < what.size()) label += "...";
  return label;
}

std::vector<std::string> long_strings(std::string_view arguments) {
  std::vector<std::string> found;
  if (arguments.size() < ShownLines::kFewestBytes || arguments.find("\\n") == std::string_view::npos) return found;
  const auto document = base::JsonDocument::parse(arguments);
  if (!document) return found;
  for (const base::JsonNode& node : document->nodes()) {
    if (node.kind == base::JsonKind::kString && node.decoded && node.text.size() >= ShownLines::kFewestBytes) {
      found.emplace_back(node.text);
    }
  }
  return found;
}

}  // namespace headroom::context
