#include "compress/snapshot/snapshot_compressor.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/focus/asked_lines.h"
#include "compress/marker.h"
#include "compress/snapshot/page_tree.h"
#include "compress/snapshot/rows.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kSmallest = 1000;                 // bytes below which nothing is worth a marker
constexpr std::size_t kLargest = std::size_t{1} << 30;  // line numbers are 32 bits wide

/// Gaps that cost as much as what they stand for close again.
void close_small_gaps(std::span<const std::string_view> lines, std::vector<bool>& gone) {
  for (std::size_t at = 0; at < gone.size();) {
    std::size_t end = at, tokens = 0;
    for (; end < gone.size() && gone[end]; ++end) tokens += focus::estimated_tokens(lines[end]);
    if (tokens <= focus::gap_tokens(at + 1, end, {}) + 2) {
      std::fill(gone.begin() + static_cast<std::ptrdiff_t>(at), gone.begin() + static_cast<std::ptrdiff_t>(end), false);
    }
    at = std::max(end, at + 1);
  }
}

/// "Remove all of them": an act on each entry.
bool means_each(std::string_view question) {
  static constexpr std::array<std::string_view, 5> kEach = {"all", "every", "each", "everyone", "both"};
  const auto letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  question = question.substr(0, 4000);
  for (std::size_t at = 0; at < question.size();) {
    std::string word;
    for (; at < question.size() && letter(question[at]); ++at) word.push_back(static_cast<char>(question[at] | 0x20));
    if (std::ranges::find(kEach, word) != kEach.end()) return true;
    ++at;
  }
  return false;
}

std::string render(std::span<const std::string_view> lines, const std::vector<bool>& gone) {
  std::string out;
  for (std::size_t at = 0; at < lines.size();) {
    std::size_t end = at;
    while (end < lines.size() && gone[end]) ++end;
    if (end > at) {
      out += gap_marker(at + 1, end) + "\n";
    } else {
      out.append(lines[end++]).push_back('\n');
    }
    at = end;
  }
  return out;
}

}  // namespace

bool SnapshotCompressor::accepts(detect::ContentType type) const {
  using enum detect::ContentType;
  return type == kConfig || type == kLog || type == kOther || type == kCode || type == kProse;
}

std::optional<Output> SnapshotCompressor::compress(const Input& input) const {
  if (input.text.size() < kSmallest || input.text.size() > kLargest || input.id.empty()) return std::nullopt;
  const bool refers = input.text.find("[ref=") != std::string_view::npos || input.text.find("uid=") != input.text.npos;
  if (!refers || input.deadline.expired()) return std::nullopt;
  const std::vector<std::string_view> lines = base::split_lines(input.text);
  const std::vector<snapshot::Node> nodes = snapshot::read_page(lines);
  if (nodes.empty() || input.deadline.expired()) return std::nullopt;
  const auto asked = focus::asked_lines(input.text, lines, input.query);
  std::vector<bool> gone = snapshot::repeated_parts(lines, nodes, asked, means_each(input.query.user));
  close_small_gaps(lines, gone);
  Output out{.strategy = "snapshot:entries", .lossy = true};
  out.records_before = lines.size();
  out.records_kept = static_cast<std::size_t>(std::ranges::count(gone, false));
  if (out.records_kept == out.records_before) return std::nullopt;
  out.text = render(lines, gone);
  out.text += handle_marker(input.id, fmt::format("{} of {} lines left out: parts of entries like those above",
                                                  out.records_before - out.records_kept, out.records_before));
  if (input.text.ends_with('\n')) out.text += '\n';
  return out;
}

}  // namespace headroom::compress
