#include "compress/text/text_compressor.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/focus/asked_lines.h"
#include "compress/focus/dull_lines.h"
#include "compress/log/excerpt.h"
#include "compress/marker.h"
#include "compress/repeat_fold.h"
#include "compress/text/blobs.h"
#include "compress/text/common_head.h"
#include "compress/text/prefix_fold.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kSmallest = 400;  // bytes
constexpr std::size_t kFewestContents = 8;

/// "1.2 Installing ........ 14": a line of a table of contents.
bool is_contents_line(std::string_view line) {
  const std::string_view t = base::trim(line);
  std::size_t digits = 0;
  while (digits < t.size() && t[t.size() - 1 - digits] >= '0' && t[t.size() - 1 - digits] <= '9') ++digits;
  if (digits == 0 || digits > 4) return false;
  std::string_view rest = t.substr(0, t.size() - digits);
  std::size_t dots = 0;
  while (!rest.empty() && (rest.back() == '.' || rest.back() == ' ')) {
    dots += rest.back() == '.';
    rest.remove_suffix(1);
  }
  return dots >= 4 && rest.size() >= 3;
}

std::optional<Output> lossless(const Input& input) {
  std::string now(input.text);
  std::string strategy;
  if (auto folded = fold_repeats(now)) {
    now = std::move(*folded);
    strategy = "text:repeats";
  }
  // Source is read by its shape; its lines stay whole.
  const bool source = input.type == detect::ContentType::kCode || input.type == detect::ContentType::kDiff;
  auto folded = source ? std::nullopt : text::fold_prefixes(now);
  auto headed = source ? std::nullopt : text::fold_common_head(now);
  if (headed && (!folded || headed->size() < folded->size())) folded = std::move(headed);
  if (folded && text::expand(*folded) == input.text) {
    now = std::move(*folded);
    strategy = strategy.empty() ? "text:prefixes" : "text:repeats+prefixes";
  }
  if (strategy.empty() || now.size() * 20 > input.text.size() * 19) return std::nullopt;
  Output out;
  out.text = std::move(now);
  out.strategy = std::move(strategy);
  return out;
}

/// Why lines may go.
struct Reasons {
  std::vector<std::string> texts = {""};
  std::vector<std::uint32_t> of;  ///< of each line, by number in `texts`; 0: it stays

  std::uint32_t add(std::string text) {
    texts.push_back(std::move(text));
    return static_cast<std::uint32_t>(texts.size() - 1);
  }
  /// The line goes for the same reason as the one before it.
  bool as_before(std::size_t line) const { return of[line] == of[line - 1] || texts[of[line]] == texts[of[line - 1]]; }
};

Reasons reasons(const Input& input, std::span<const std::string_view> lines) {
  Reasons out;
  out.of.resize(lines.size());
  std::vector<std::uint32_t>& why = out.of;
  const std::vector<std::uint8_t> asked = focus::asked_lines(input.text, lines, input.query);
  for (const Repeat& repeat : find_repeats(lines)) {
    const std::uint32_t repeated = out.add(repeat_text(repeat));
    for (std::size_t i = repeat.first; i <= repeat.last; ++i) why[i - 1] = repeated;
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (asked[i] != 0) continue;
    if (std::string kind = text::blob_kind(lines[i]); !kind.empty()) why[i] = out.add(std::move(kind));
  }
  if (input.type == detect::ContentType::kOther || input.type == detect::ContentType::kLog) {
    const focus::DullLines dull = focus::dull_lines(lines, input.query);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (dull.why[i].empty() || why[i] != 0 || asked[i] != 0) continue;
      const bool before = i > 0 && why[i - 1] != 0 && out.texts[why[i - 1]] == dull.why[i];
      why[i] = before ? why[i - 1] : out.add(std::string(dull.why[i]));
    }
  }
  if (input.type == detect::ContentType::kOther) {
    const log::Excerpts excerpts(input.query);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (why[i] != 0 || asked[i] != 0) continue;
      if (const auto part = excerpts.of(lines, i, false)) why[i] = out.add(log::part_text(lines[i], *part));
    }
  }
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t end = i;
    while (end < lines.size() && asked[end] == 0 && is_contents_line(lines[end])) ++end;
    if (end - i >= kFewestContents) {
      const std::uint32_t contents = out.add("table of contents");
      for (std::size_t k = i; k < end; ++k) why[k] = contents;
    }
    i = std::max(end, i + 1);
  }
  return out;
}

}  // namespace

namespace text {

std::string expand(std::string_view output) {
  return expand_repeats(expand_prefixes(expand_common_head(output)));
}

}  // namespace text

std::optional<Output> TextCompressor::compress(const Input& input) const {
  if (input.text.size() < kSmallest || input.deadline.expired()) return std::nullopt;
  auto exact = lossless(input);
  if (input.id.empty() || input.deadline.expired()) return exact;
  const std::vector<std::string_view> lines = base::split_lines(input.text);
  const Reasons why = reasons(input, lines);
  if (why.texts.size() == 1) return exact;
  Output out;
  out.records_before = lines.size();
  for (std::size_t i = 0; i < lines.size();) {
    if (why.of[i] == 0) {
      out.text.append(lines[i++]).push_back('\n');
      ++out.records_kept;
      continue;
    }
    std::size_t end = i + 1;
    while (end < lines.size() && why.as_before(end)) ++end;
    const std::string& reason = why.texts[why.of[i]];
    out.text.append(gap_marker(i + 1, end, reason)).push_back('\n');
    if (out.notes.size() < 200) out.notes.push_back(fmt::format("lines {}-{} dropped: {}", i + 1, end, reason));
    i = end;
  }
  out.text += handle_marker(
      input.id, fmt::format("{} of {} lines dropped", out.records_before - out.records_kept, out.records_before));
  if (input.text.ends_with('\n')) out.text.push_back('\n');
  if (exact && exact->text.size() <= out.text.size() + out.text.size() / 10) return exact;
  if (out.text.size() * 20 > input.text.size() * 19) return std::nullopt;
  out.strategy = "text:lines";
  out.lossy = true;
  return out;
}

}  // namespace headroom::compress
