#include "compress/focus/repeat_lines.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "compress/focus/asked_lines.h"
#include "compress/marker.h"

namespace headroom::compress::focus {
namespace {

constexpr std::size_t kShortest = 3;    // lines
constexpr std::size_t kCandidates = 8;  // earlier places that are tried

struct Repeat {
  std::size_t first = 0, last = 0, from = 0, to = 0;  // lines from 1
};

bool number(std::string_view& s, std::size_t& value) {
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (error != std::errc{}) return false;
  s.remove_prefix(static_cast<std::size_t>(end - s.data()));
  return true;
}

bool skip(std::string_view& s, std::string_view what) {
  if (!s.starts_with(what)) return false;
  s.remove_prefix(what.size());
  return true;
}

std::optional<Repeat> parse(std::string_view line) {
  Repeat r;
  if (!skip(line, "<<") || !number(line, r.first) || !skip(line, "-") || !number(line, r.last) ||
      !skip(line, ": as ") || !number(line, r.from) || !skip(line, "-") || !number(line, r.to) || line != ">>")
    return std::nullopt;
  if (r.from == 0 || r.first > r.last || r.to - r.from != r.last - r.first || r.to >= r.first) return std::nullopt;
  return r;
}

std::string marker(const Repeat& r) {
  return gap_marker(r.first, r.last, fmt::format("as {}-{}", r.from, r.to));
}

}  // namespace

std::optional<std::string> fold_lines(std::string_view text, std::span<const std::uint8_t> asked) {
  const std::vector<std::string_view> lines = base::split_lines(text);
  if (lines.size() < 2 * kShortest) return std::nullopt;
  std::vector<std::uint64_t> hash(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("<<")) return std::nullopt;
    hash[i] = base::hash64(lines[i]);
  }
  const auto key = [&](std::size_t i) { return (hash[i] * 31 + hash[i + 1]) * 31 + hash[i + 2]; };
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> seen;
  const auto is_asked = [&](std::size_t i) { return i < asked.size() && asked[i] != 0; };
  std::string out;
  bool folded = false;
  std::size_t learned = 0;
  for (std::size_t i = 0; i < lines.size();) {
    for (; learned + kShortest <= i; ++learned) {
      auto& places = seen[key(learned)];
      if (places.size() < kCandidates) places.push_back(learned);
    }
    std::size_t best = 0;
    std::size_t from = 0;
    if (i + kShortest <= lines.size()) {
      if (const auto found = seen.find(key(i)); found != seen.end()) {
        for (const std::size_t place : found->second) {
          std::size_t n = 0;
          while (i + n < lines.size() && place + n < i && lines[place + n] == lines[i + n] && !is_asked(i + n)) ++n;
          if (n > best) {
            best = n;
            from = place;
          }
        }
      }
    }
    std::size_t tokens = 0;
    for (std::size_t k = i; k < i + best; ++k) tokens += estimated_tokens(lines[k]);
    const std::string text_of = best > 0 ? marker({i + 1, i + best, from + 1, from + best}) : std::string();
    if (best < kShortest || tokens < estimated_tokens(text_of) + 4) {
      out.append(lines[i++]).push_back('\n');
      continue;
    }
    folded = true;
    out.append(text_of).push_back('\n');
    i += best;
  }
  if (!folded) return std::nullopt;
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
