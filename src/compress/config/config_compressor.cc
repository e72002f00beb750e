#include "compress/config/config_compressor.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "compress/config/asked_tree.h"
#include "compress/config/blocks.h"
#include "compress/config/problems.h"
#include "compress/config/records.h"
#include "compress/config/render.h"
#include "compress/config/selection.h"
#include "compress/config/settings.h"
#include "compress/config/tree.h"
#include "compress/focus/asked_lines.h"
#include "compress/focus/repeat_lines.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kSmallest = 500;      // bytes below which nothing is worth a marker
constexpr std::ptrdiff_t kFewEntries = 3;   // with fewer it is all comments, which may be no comments at all
constexpr std::size_t kExactTried = 3;      // an exact form is tried unless the other is smaller by this
constexpr std::size_t kMuchSmaller = 3;     // times
constexpr std::size_t kLargest = 1u << 30;  // line numbers are 32 bits wide

std::optional<Output> lossless(const Input& input, std::span<const std::uint8_t> asked) {
  auto folded = focus::fold_lines(input.text, asked);
  if (!folded || folded->size() >= input.text.size()) return std::nullopt;
  Output out;
  out.text = std::move(*folded);
  out.strategy = "config:repeats";
  return out;
}

std::vector<std::string> explain(const std::vector<config::Left>& lines) {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < lines.size() && notes.size() < 200;) {
    std::size_t end = i;
    while (end < lines.size() && lines[end] == lines[i]) ++end;
    if (lines[i] != config::Left::kKept)
      notes.push_back(fmt::format("lines {}-{} left out: {}", i + 1, end, left_name(lines[i])));
    i = end;
  }
  return notes;
}

/// Saves what a marker is worth.
bool gains(const Output& out, std::string_view text) {
  return !out.text.empty() && out.text.size() * 20 <= text.size() * 19;
}

std::optional<Output> as_blocks(const Input& input) {
  const config::Tree tree = config::read_tree(input.text);
  const std::vector<config::Cluster> clusters = config::find_clusters(tree);
  if (input.deadline.expired()) return std::nullopt;
  std::vector<std::string_view> lines;
  for (const config::Line& line : tree.lines) lines.push_back(line.text);
  const auto asked = focus::asked_lines(input.text, lines, input.query);
  auto stays = asked;
  config::ask_for_named(tree, clusters, input.query, stays);
  const auto entries = std::ranges::count(tree.lines, config::Kind::kEntry, &config::Line::kind);
  if (input.id.empty() || entries < kFewEntries) return lossless(input, stays);
  Output out;
  std::vector<config::Left> left;
  const auto write = [&] {
    config::settle(tree, clusters, left);
    const std::vector<focus::Repeat> repeats = config::drop_repeats(tree, stays, left);
    out.records_before = left.size();
    out.records_kept = static_cast<std::size_t>(std::ranges::count(left, config::Left::kKept));
    out.text.clear();
    if (out.records_kept < out.records_before) out.text = config::render(tree, clusters, left, repeats, input.id);
  };
  const auto tokens = [&] { return input.tokenizer.count(out.text.empty() ? input.text : std::string_view(out.text)); };
  auto depth = input.profile == Profile::kAggressive ? config::Depth::kValues : config::Depth::kUsual;
  for (;; depth = static_cast<config::Depth>(static_cast<int>(depth) + 1)) {
    left = config::select_lines(tree, clusters, asked, input.query, depth);
    if (input.profile != Profile::kGentle) config::leave_records(tree, clusters, asked, input.query, left);
    write();
    if (input.target_tokens == 0 || tokens() <= input.target_tokens || input.deadline.expired()) break;
    if (depth == config::Depth::kAsked) break;
  }
  // Where the question names entries, other blocks are told by their heads, but for what went wrong in them.
  if (input.target_tokens == 0 && input.profile != Profile::kGentle) {
    const config::AskedTree named = config::ask_tree(tree, input.query, clusters);
    if (named.said >= config::enough_said(input.text.size())) {
      auto about = stays;
      for (std::size_t i = 0; i < about.size(); ++i) {
        const config::Line& line = tree.lines[i];
        const bool wrong = config::is_problem(line.value) || (!line.value.empty() && config::tells_cause(line.key));
        about[i] |= named.named[i] | static_cast<std::uint8_t>(wrong && left[i] == config::Left::kKept);
      }
      config::leave_untouched(tree, about, left);
      if (named.in_blocks) config::leave_all_but(tree, about, left);
      write();
    }
  }
  // Room that is left is for what stands first.
  if (const std::size_t used = input.target_tokens > 0 && depth == config::Depth::kAsked ? tokens() : 0;
      used > 0 && used < input.target_tokens) {
    config::fill(tree, input.target_tokens - used, left);
    write();
  }
  if (!gains(out, input.text)) return lossless(input, stays);
  // What comes back without a store is worth a little.
  if (input.target_tokens == 0 && out.text.size() * kExactTried >= input.text.size()) {
    auto exact = lossless(input, stays);
    if (exact && exact->text.size() * 4 <= out.text.size() * 5) {
      exact->tokens = input.tokenizer.count(exact->text);
      out.tokens = input.tokenizer.count(out.text);
      if (exact->tokens * 10 <= out.tokens * 11) return exact;
    }
  }
  out.strategy = "config:blocks";
  out.lossy = true;
  out.notes = explain(left);
  return out;
}

}  // namespace

std::optional<Output> ConfigCompressor::compress(const Input& input) const {
  if (input.text.size() < kSmallest || input.text.size() > kLargest || input.deadline.expired()) return std::nullopt;
  auto settings = input.id.empty() ? std::nullopt : config::compress_settings(input);
  if (settings && !gains(settings->output, input.text)) settings.reset();
  // Where the question names settings, hardly anything else is smaller.
  if (settings && settings->named && settings->output.text.size() * kMuchSmaller <= input.text.size())
    return std::move(settings->output);
  auto blocks = as_blocks(input);
  if (settings && (!blocks || settings->output.text.size() < blocks->text.size())) return std::move(settings->output);
  return blocks;
}

}  // namespace headroom::compress
