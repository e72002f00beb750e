#include "compress/diff/moves.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "base/hash.h"
#include "compress/focus/asked_lines.h"

namespace headroom::compress::diff {
namespace {

constexpr std::uint32_t kShortest = 5;  // lines of a copy
constexpr std::size_t kFewTokens = 40;  // that it is worth
constexpr std::size_t kCandidates = 6;  // places above that are tried

std::uint64_t hash_without_space(std::string_view line) {
  std::string bare;
  for (char c : line) {
    if (c != ' ' && c != '\t' && c != '\r') bare.push_back(c);
  }
  return bare.empty() ? 0 : base::hash64(bare);
}

}  // namespace

std::vector<std::pair<std::uint32_t, std::uint32_t>> respaced_lines(const Document& d, const Run& run,
                                                                    std::uint32_t shortest) {
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> added;
  for (std::uint32_t i = run.begin; i < run.end; ++i) {
    if (d.kinds[i] == Kind::kAdded) added[hash_without_space(d.source(i))].push_back(i);
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
  std::uint32_t last = run.begin;  // added lines up to here are taken
  std::uint32_t begin = run.begin;
  const auto close = [&](std::uint32_t end) {
    if (end - begin >= shortest) out.emplace_back(begin, end);
  };
  for (std::uint32_t i = run.begin; i < run.end; ++i) {
    bool again = false;
    if (d.kinds[i] == Kind::kRemoved) {
      const std::uint64_t hash = hash_without_space(d.source(i));
      if (const auto found = added.find(hash); hash != 0 && found != added.end()) {
        const auto next = std::ranges::lower_bound(found->second, last);
        if (next != found->second.end()) {
          again = true;
          last = *next + 1;
        }
      }
    }
    if (again) continue;
    close(i);
    begin = i + 1;
  }
  close(run.end);
  return out;
}

std::vector<Copy> find_copies(const Document& d) {
  const auto n = static_cast<std::uint32_t>(d.lines.size());
  std::vector<std::uint64_t> hash(n, 0);  // 0: no changed line
  for (std::uint32_t i = 0; i < n; ++i) {
    if (d.changed(i)) hash[i] = base::hash64(d.source(i)) | 1;
  }
  const auto same_kind = [&](std::uint32_t i, std::uint32_t k) { return hash[k] != 0 && d.kinds[k] == d.kinds[i]; };
  const auto key = [&](std::uint32_t i) -> std::uint64_t {
    std::uint64_t all = 0;
    for (std::uint32_t k = i; k < i + kShortest; ++k) {
      if (k >= n || !same_kind(i, k)) return 0;
      all = all * 0x9E3779B97F4A7C15ULL + hash[k];
    }
    return all | 1;
  };
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> seen;
  std::vector<Copy> out;
  for (std::uint32_t i = 0; i < n;) {
    const std::uint64_t here = key(i);
    if (here == 0) {
      ++i;
      continue;
    }
    Copy best{i, i, 0};
    auto& places = seen[here];
    for (const std::uint32_t place : places) {
      std::uint32_t size = 0;
      while (i + size < n && place + size < i && same_kind(i, i + size) && same_kind(place, place + size) &&
             hash[i + size] == hash[place + size])
        ++size;
      if (size > best.end - best.begin) best = {i, i + size, place};
    }
    std::size_t tokens = 0;
    for (std::uint32_t k = best.begin; k < best.end; ++k) tokens += focus::estimated_tokens(d.source(k));
    if (best.end - best.begin >= kShortest && tokens >= kFewTokens) {
      out.push_back(best);
      i = best.end;
      continue;
    }
    if (places.size() < kCandidates) places.push_back(i);
    ++i;
  }
  return out;
}

}  // namespace headroom::compress::diff
