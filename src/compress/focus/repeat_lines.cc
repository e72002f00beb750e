#include "compress/focus/repeat_lines.h"

#include <algorithm>
#include <bit>
#include <cstdint>
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

/// estimated_tokens(marker(r)), without writing it.
std::size_t marker_tokens(const Repeat& r) {
  const auto number = [](std::size_t n) {
    std::size_t digits = 1;
    for (; n > 9; n /= 10) ++digits;
    return (digits + 2) / 3;
  };
  static constexpr std::size_t kSigns = 7;
  return kSigns + number(r.begin + 1) + number(r.end) + number(r.from + 1) + number(r.from + r.end - r.begin);
}

/// The lines cost more than a marker in their place.
bool gains(std::span<const std::string_view> lines, const Repeat& r) {
  const std::size_t least = marker_tokens(r) + kLeastGain;
  std::size_t tokens = 0;
  for (std::size_t k = r.begin; k < r.end && tokens < least; ++k) tokens += estimated_tokens(lines[k]);
  return tokens >= least;
}

/// The first places, in order, where each stretch of kShortest lines begins.
class Places {
 public:
  explicit Places(std::span<const std::string_view> lines)
      : hash_(lines.size()), heads_(std::bit_ceil(lines.size() + lines.size() / 2)), chains_(lines.size()) {
    for (std::size_t i = 0; i < lines.size(); ++i) hash_[i] = base::hash64(lines[i]);
  }

  std::uint64_t hash(std::size_t line) const { return hash_[line]; }

  void add(std::uint32_t line) {
    std::uint32_t& head = heads_[slot(line)];
    if (head == 0) {
      head = line + 1;
      chains_[line] = {line, line, 1};
      return;
    }
    Chain& chain = chains_[head - 1];
    if (chain.count == kCandidates) return;
    chains_[chain.last].next = line;
    chain.last = line;
    ++chain.count;
  }

  /// Calls f with the places of the stretch that begins at the line.
  template <typename F>
  void each(std::size_t line, F&& f) const {
    const std::uint32_t head = heads_[slot(line)];
    if (head == 0) return;
    std::uint32_t place = head - 1;
    for (std::uint32_t left = chains_[place].count; left > 0; --left, place = chains_[place].next) f(place);
  }

 private:
  /// Of the line at the head: the last one of its chain, and how many there are; of each: the next one.
  struct Chain {
    std::uint32_t next = 0, last = 0;
    std::uint32_t count = 0;
  };

  std::uint64_t key(std::size_t i) const { return (hash_[i] * 31 + hash_[i + 1]) * 31 + hash_[i + 2]; }

  /// Where the stretch's head stands, or would.
  std::size_t slot(std::size_t line) const {
    const std::uint64_t wanted = key(line);
    const std::size_t mask = heads_.size() - 1;
    std::size_t at = static_cast<std::size_t>(wanted * 0x9E3779B97F4A7C15ULL >> 32U) & mask;
    while (heads_[at] != 0 && key(heads_[at] - 1) != wanted) at = (at + 1) & mask;
    return at;
  }

  std::vector<std::uint64_t> hash_;
  std::vector<std::uint32_t> heads_;  // line + 1
  std::vector<Chain> chains_;
};

}  // namespace

std::vector<Repeat> find_repeats(std::span<const std::string_view> lines, std::span<const std::uint8_t> may_go,
                                 std::span<const std::uint8_t> may_stand) {
  std::vector<Repeat> out;
  if (lines.size() < 2 * kShortest) return out;
  const auto marked = [](std::span<const std::uint8_t> marks, std::size_t i) { return marks.empty() || marks[i] != 0; };
  Places seen(lines);
  std::uint32_t learned = 0;
  for (std::size_t i = 0; i + kShortest <= lines.size();) {
    for (; learned + kShortest <= i; ++learned) seen.add(learned);
    Repeat best{i, i, 0};
    seen.each(i, [&](std::size_t place) {
      std::size_t n = 0;
      while (i + n < lines.size() && place + n < i && seen.hash(place + n) == seen.hash(i + n) &&
             lines[place + n] == lines[i + n] && marked(may_go, i + n) && marked(may_stand, place + n))
        ++n;
      if (n > best.end - best.begin) best = {i, i + n, place};
    });
    if (best.end - best.begin < kShortest || !gains(lines, best)) {
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
