#include "compress/focus/repeat_lines.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "compress/focus/asked_lines.h"
#include "compress/focus/scan.h"
#include "compress/marker.h"

namespace headroom::compress::focus {
namespace {

constexpr std::size_t kShortest = 3;    // lines
constexpr std::size_t kLeastGain = 4;   // tokens
constexpr std::size_t kCandidates = 8;  // earlier places that are tried

struct Marked {
  std::size_t first = 0, last = 0, from = 0, to = 0;  // lines from 1
};

std::optional<Marked> parse(std::string_view line) {
  Marked r;
  if (!take(line, "<<") || !take_number(line, r.first) || !take(line, "-") || !take_number(line, r.last) ||
      !take(line, ": as ") || !take_number(line, r.from) || !take(line, "-") || !take_number(line, r.to) ||
      line != ">>")
    return std::nullopt;
  if (r.from == 0 || r.first > r.last || r.to - r.from != r.last - r.first || r.to >= r.first) return std::nullopt;
  return r;
}

std::string marker(const Repeat& r) {
  return gap_marker(r.begin + 1, r.end, fmt::format("as {}-{}", r.from + 1, r.from + r.end - r.begin));
}

}  // namespace

std::vector<Repeat> find_repeats(std::span<const std::string_view> lines, std::span<const std::uint8_t> may_go,
                                 std::span<const std::uint8_t> may_stand) {
  std::vector<Repeat> out;
  std::vector<std::uint64_t> hash(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) hash[i] = base::hash64(lines[i]);
  const auto marked = [](std::span<const std::uint8_t> marks, std::size_t i) { return marks.empty() || marks[i] != 0; };
  const auto key = [&](std::size_t i) { return (hash[i] * 31 + hash[i + 1]) * 31 + hash[i + 2]; };
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> seen;
  std::size_t learned = 0;
  for (std::size_t i = 0; i + kShortest <= lines.size();) {
    for (; learned + kShortest <= i; ++learned) {
      auto& places = seen[key(learned)];
      if (places.size() < kCandidates) places.push_back(learned);
    }
    Repeat best{i, i, 0};
    if (const auto found = seen.find(key(i)); found != seen.end()) {
      for (const std::size_t place : found->second) {
        std::size_t n = 0;
        while (i + n < lines.size() && place + n < i && hash[place + n] == hash[i + n] &&
               lines[place + n] == lines[i + n] && marked(may_go, i + n) && marked(may_stand, place + n))
          ++n;
        if (n > best.end - best.begin) best = {i, i + n, place};
      }
    }
    std::size_t tokens = 0;
    for (std::size_t k = best.begin; k < best.end; ++k) tokens += estimated_tokens(lines[k]);
    if (best.end - best.begin < kShortest || tokens < estimated_tokens(marker(best)) + kLeastGain) {
      ++i;
      continue;
    }
    out.push_back(best);
    i = best.end;
  }
  return out;
}

std::optional<std::string> fold_lines(std::string_view text, std::span<const std::uint8_t> asked) {
  const std::vector<std::string_view> lines = base::split_lines(text);
  if (std::ranges::any_of(lines, [](std::string_view line) { return line.starts_with("<<"); })) return std::nullopt;
  std::vector<std::uint8_t> may_go;
  for (const std::uint8_t a : asked) may_go.push_back(a == 0);
  const std::vector<Repeat> repeats = find_repeats(lines, may_go, {});
  if (repeats.empty()) return std::nullopt;
  std::string out;
  std::size_t at = 0;
  for (const Repeat& repeat : repeats) {
    for (; at < repeat.begin; ++at) out.append(lines[at]).push_back('\n');
    out.append(marker(repeat)).push_back('\n');
    at = repeat.end;
  }
  for (; at < lines.size(); ++at) out.append(lines[at]).push_back('\n');
  if (!text.ends_with('\n')) out.pop_back();
  if (expand_lines(out) != text) return std::nullopt;
  return out;
}

std::string expand_lines(std::string_view folded) {
  std::vector<std::string_view> lines;
  for (std::string_view line : base::split_lines(folded)) {
    const auto r = parse(line);
    if (!r || r->first != lines.size() + 1) {
      lines.push_back(line);
      continue;
    }
    for (std::size_t k = r->from; k <= r->to; ++k) lines.push_back(lines[k - 1]);
  }
  std::string out;
  for (std::string_view line : lines) out.append(line).push_back('\n');
  if (!folded.ends_with('\n') && !out.empty()) out.pop_back();
  return out;
}

}  // namespace headroom::compress::focus
