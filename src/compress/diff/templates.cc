#include "compress/diff/templates.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <span>
#include <unordered_map>

#include "base/hash.h"
#include "base/text.h"

namespace headroom::compress::diff {
namespace {

constexpr std::size_t kLongestRun = 64;    // lines; longer ones are no repeated small change
constexpr std::size_t kAlign = 48;         // tokens per side up to which an edit is aligned exactly
constexpr std::size_t kSmallEdit = 400;    // tokens
constexpr std::size_t kTemplateText = 44;  // bytes

bool word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

using Tokens = std::vector<std::string_view>;

/// Words, numbers and single marks; white space counts only as where a line ends ("\n") and how it is indented.
void tokenize(std::string_view line, Tokens& out) {
  std::size_t at = 0;
  while (at < line.size()) {
    const std::size_t begin = at;
    if (line[at] == ' ' || line[at] == '\t' || line[at] == '\r') {
      ++at;
      continue;
    }
    if (digit(line[at])) {
      while (at < line.size() && digit(line[at])) ++at;
    } else if (word_char(line[at])) {
      while (at < line.size() && word_char(line[at])) ++at;
    } else {
      ++at;
    }
    out.push_back(line.substr(begin, at - begin));
  }
}

/// What goes and what comes, in order; a spot after the other.
struct Edit {
  std::vector<std::pair<Tokens, Tokens>> spots;
  Tokens rest;  ///< tokens that stay
};

std::uint64_t joined(std::uint64_t hash, std::string_view token) {
  return base::hash64(token, hash);
}

/// Longest common subsequence of what is left after common ends are cut; sides are short.
void align(std::span<const std::string_view> a, std::span<const std::string_view> b, Edit& edit) {
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    edit.rest.push_back(a.front());
    a = a.subspan(1);
    b = b.subspan(1);
  }
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    edit.rest.push_back(a.back());
    a = a.first(a.size() - 1);
    b = b.first(b.size() - 1);
  }
  if (a.empty() && b.empty()) return;
  if (a.empty() || b.empty() || a.size() > kAlign || b.size() > kAlign) {
    edit.spots.emplace_back(Tokens(a.begin(), a.end()), Tokens(b.begin(), b.end()));
    return;
  }
  std::array<std::array<std::uint8_t, kAlign + 1>, kAlign + 1> common;
  for (std::size_t i = 0; i <= a.size(); ++i) common[i][b.size()] = 0;
  for (std::size_t j = 0; j <= b.size(); ++j) common[a.size()][j] = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i][j] = a[i] == b[j] ? static_cast<std::uint8_t>(common[i + 1][j + 1] + 1)
                                  : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  bool open = false;
  const auto spot = [&]() -> std::pair<Tokens, Tokens>& {
    if (!open) edit.spots.emplace_back();
    open = true;
    return edit.spots.back();
  };
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      edit.rest.push_back(a[i]);
      ++i;
      ++j;
      open = false;
    } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
      spot().first.push_back(a[i++]);
    } else {
      spot().second.push_back(b[j++]);
    }
  }
}

Edit edit_of(const Document& d, const Run& run) {
  std::vector<Tokens> before;
  std::vector<Tokens> after;
  for (std::uint32_t i = run.begin; i < run.end; ++i) {
    if (!d.changed(i)) continue;
    auto& side = d.kinds[i] == Kind::kRemoved ? before : after;
    tokenize(d.source(i), side.emplace_back());
  }
  Edit edit;
  if (before.size() == after.size()) {
    for (std::size_t k = 0; k < before.size(); ++k) align(before[k], after[k], edit);
  } else {
    static constexpr std::string_view kLineEnd = "\n";
    const auto flat = [](const std::vector<Tokens>& lines) {
      Tokens all;
      for (const Tokens& line : lines) {
        all.insert(all.end(), line.begin(), line.end());
        all.push_back(kLineEnd);
      }
      return all;
    };
    align(flat(before), flat(after), edit);
  }
  return edit;
}

/// The spots' hashes as one, each spot once: who replaces a word three times does the same as who does it once.
std::uint64_t hash_of_set(std::vector<std::uint64_t> spots) {
  std::uint64_t hash = 1;
  for (std::size_t i = 0; i < spots.size(); ++i) {
    if (std::find(spots.begin(), spots.begin() + static_cast<std::ptrdiff_t>(i), spots[i]) ==
        spots.begin() + static_cast<std::ptrdiff_t>(i))
      hash = (hash ^ spots[i]) * 0x9E3779B97F4A7C15ULL + 1;
  }
  return hash;
}

/// Hash of every spot, tokens put through `shown`.
template <typename Shown>
std::uint64_t edit_hash(const Edit& edit, std::uint64_t seed, Shown shown) {
  std::vector<std::uint64_t> spots;
  for (const auto& [gone, come] : edit.spots) {
    std::uint64_t hash = seed;
    for (std::string_view token : gone) hash = joined(hash, shown(token, true));
    hash = joined(hash, "\x1");
    for (std::string_view token : come) hash = joined(hash, shown(token, false));
    spots.push_back(hash);
  }
  return hash_of_set(std::move(spots));
}

std::uint64_t exact_hash(const Edit& edit) {
  return edit_hash(edit, 1, [](std::string_view token, bool) { return token; });
}

bool has_digit(std::string_view token) {
  return std::ranges::any_of(token, digit);
}

std::string without_digits(std::string_view token) {
  std::string out;
  for (char c : token) {
    if (!digit(c)) {
      out.push_back(c);
    } else if (out.empty() || out.back() != '#') {
      out.push_back('#');
    }
  }
  return out;
}

/// Words of the file's path and of the hunk's heading: what a change takes from where it stands.
Tokens place_words(const Document& d, const Run& run) {
  Tokens all;
  const Hunk& hunk = d.hunks[run.hunk];
  tokenize(d.files[hunk.file].path, all);
  tokenize(hunk.section, all);
  std::erase_if(all, [](std::string_view word) { return word.size() < 4 && !has_digit(word); });
  return all;
}

/// Numbers of the old side are blurred, those of the new side only where the old side or the rest of the line has the
/// same token; on both sides the words that the place has, too.
std::uint64_t blurred_hash(const Edit& edit, const Tokens& place) {
  Tokens known = edit.rest;
  for (const auto& [gone, come] : edit.spots) known.insert(known.end(), gone.begin(), gone.end());
  const bool small = known.size() <= kSmallEdit;  // others are not searched word by word
  std::string blurred;
  return edit_hash(edit, 2, [&](std::string_view token, bool gone) -> std::string_view {
    if (word_char(token.front()) && std::ranges::find(place, token) != place.end()) return "\x3";
    if (!small || !has_digit(token)) return token;
    if (!gone && std::ranges::find(known, token) == known.end()) return token;
    blurred = without_digits(token);
    return blurred;
  });
}

bool says_something(const Edit& edit) {
  return std::ranges::any_of(edit.spots, [](const auto& spot) {
    const auto wordy = [](std::string_view token) { return word_char(token.front()); };
    return std::ranges::any_of(spot.first, wordy) || std::ranges::any_of(spot.second, wordy) || !spot.first.empty() ||
           !spot.second.empty();
  });
}

/// Text of a side: from its first to its last token as it stands, as long as it is in one line.
std::string side_text(const Tokens& side, std::size_t room) {
  std::string out;
  const char* end = nullptr;
  for (std::string_view token : side) {
    if (token == "\n") {
      end = nullptr;
      continue;
    }
    if (!out.empty() && (end == nullptr || token.data() != end)) out += ' ';
    out += token;
    end = token.data() + token.size();
    if (out.size() > room) {
      std::size_t cut = room;
      while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0) == 0x80) --cut;
      out.resize(cut);
      return out + "...";
    }
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t room) {
  if (text.size() <= room) return std::string(text);
  while (room > 0 && (static_cast<unsigned char>(text[room]) & 0xC0) == 0x80) --room;
  return std::string(text.substr(0, room)) + "...";
}

/// The words that change, when they do so in one place; else the lines.
std::string template_text(const Document& d, const Run& run) {
  const Edit edit = edit_of(d, run);
  if (edit.spots.size() == 1) {
    const auto& [gone, come] = edit.spots[0];
    if (gone.empty()) return "+ " + side_text(come, kTemplateText);
    if (come.empty()) return "- " + side_text(gone, kTemplateText);
    return side_text(gone, kTemplateText / 2) + " -> " + side_text(come, kTemplateText / 2);
  }
  const auto first = [&](Kind kind) {
    for (std::uint32_t i = run.begin; i < run.end; ++i) {
      const std::string_view line = base::trim(d.source(i));
      if (d.kinds[i] == kind && !line.empty()) return shortened(line, kTemplateText);
    }
    return std::string();
  };
  return first(Kind::kRemoved) + " -> " + first(Kind::kAdded);
}

}  // namespace

Templates find_templates(const Document& d, std::size_t smallest) {
  Templates out;
  out.of_run.assign(d.runs.size(), kNoTemplate);
  std::vector<std::uint64_t> blurred(d.runs.size(), 0);
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> exact;
  std::vector<std::uint64_t> order;
  const auto collect = [&](auto& groups, std::string_view prefix) {
    for (const std::uint64_t key : order) {
      auto& runs = groups[key];
      if (runs.size() < smallest) continue;
      for (const std::uint32_t run : runs) out.of_run[run] = static_cast<std::uint32_t>(out.all.size());
      out.all.push_back({std::string(prefix) + template_text(d, d.runs[runs.front()]), std::move(runs)});
    }
    order.clear();
  };
  for (std::uint32_t i = 0; i < d.runs.size(); ++i) {
    const Run& run = d.runs[i];
    if (run.end - run.begin > kLongestRun) continue;
    const Edit edit = edit_of(d, run);
    if (!says_something(edit)) continue;
    blurred[i] = blurred_hash(edit, place_words(d, run));
    const std::uint64_t key = exact_hash(edit);
    auto& runs = exact[key];
    if (runs.empty()) order.push_back(key);
    runs.push_back(i);
  }
  collect(exact, "");
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> alike;
  for (std::uint32_t i = 0; i < d.runs.size(); ++i) {
    if (blurred[i] == 0 || out.of_run[i] != kNoTemplate) continue;
    auto& runs = alike[blurred[i]];
    if (runs.empty()) order.push_back(blurred[i]);
    runs.push_back(i);
  }
  collect(alike, "like ");
  return out;
}

namespace {

/// Stems of words for what a change may weaken.
constexpr auto kGuards = std::to_array<std::string_view>(
    {"auth",    "password", "passwd", "token",   "secret",  "credential", "permiss",  "privileg", "admin",  "verif",
     "valid",   "assert",   "saniti", "escap",   "csrf",    "xss",        "tls",      "ssl",      "certif", "encrypt",
     "decrypt", "sudo",     "allow",  "deny",    "denied",  "forbid",     "check",    "guard",    "raise",  "throw",
     "catch",   "except",   "panic",  "limit",   "timeout", "unsafe",     "insecure", "disabl",   "skip",   "ignore",
     "bypass",  "eval",     "exec",   "shell",   "sign",    "hash",       "rate",     "quota",    "lock",   "role",
     "acl",     "scope",    "owner",  "session", "cookie",  "origin",     "trust",    "todo",     "fixme",  "hack"});
static_assert(kGuards.size() <= 64);

/// The guards that a word with this first byte may begin with.
constexpr auto kGuardsOf = [] {
  std::array<std::uint64_t, 256> masks{};
  for (std::size_t byte = 0; byte < masks.size(); ++byte) {
    for (std::size_t k = 0; k < kGuards.size(); ++k) {
      if ((byte | 0x20) == static_cast<unsigned char>(kGuards[k][0])) masks[byte] |= 1ULL << k;
    }
  }
  return masks;
}();

std::uint64_t guards_in(const Document& d, const Run& run) {
  std::uint64_t mask = 0;
  for (std::uint32_t i = run.begin; i < run.end; ++i) {
    const std::string_view line = d.source(i);
    for (std::size_t at = 0; at < line.size();) {
      if (!word_char(line[at]) || digit(line[at])) {
        ++at;
        continue;
      }
      // A part of an identifier starts at a hump and after '_'.
      std::size_t end = at + 1;
      while (end < line.size() &&
             ((line[end] >= 'a' && line[end] <= 'z') ||
              (line[end] >= 'A' && line[end] <= 'Z' && line[end - 1] >= 'A' && line[end - 1] <= 'Z')))
        ++end;
      const std::string_view word = line.substr(at, end - at);
      for (std::uint64_t may = kGuardsOf[static_cast<unsigned char>(word[0])]; may != 0; may &= may - 1) {
        const auto k = static_cast<std::size_t>(std::countr_zero(may));
        const std::string_view guard = kGuards[k];
        if (word.size() >= guard.size() && base::equals_ci(word.substr(0, guard.size()), guard)) mask |= 1ULL << k;
      }
      at = end;
    }
  }
  return mask;
}

/// Numbers of the run's lines, joined.
std::string numbers_in(const Edit& edit) {
  std::string out;
  for (const auto& [gone, come] : edit.spots) {
    for (std::string_view token : gone) {
      if (has_digit(token)) out.append(token).push_back(' ');
    }
  }
  return out;
}

}  // namespace

std::vector<std::uint8_t> deviating_runs(const Document& d, const Templates& templates) {
  std::vector<std::uint8_t> out(d.runs.size(), 0);
  for (const Template& group : templates.all) {
    std::array<std::size_t, 64> count{};
    std::vector<std::uint64_t> guards;
    std::map<std::string, std::size_t> numbers;
    std::vector<std::string> number_of;
    for (const std::uint32_t run : group.runs) {
      guards.push_back(guards_in(d, d.runs[run]));
      for (std::size_t k = 0; k < kGuards.size(); ++k) count[k] += guards.back() >> k & 1;
      number_of.push_back(numbers_in(edit_of(d, d.runs[run])));
      ++numbers[number_of.back()];
    }
    const std::size_t few = std::max<std::size_t>(1, group.runs.size() / 10);
    std::size_t usual = 0;
    for (const auto& [text, n] : numbers) usual = std::max(usual, n);
    for (std::size_t i = 0; i < group.runs.size(); ++i) {
      for (std::size_t k = 0; k < kGuards.size(); ++k) {
        if ((guards[i] >> k & 1) != 0 && count[k] <= few) out[group.runs[i]] = 1;
      }
      if (usual * 2 > group.runs.size() && numbers[number_of[i]] <= few) out[group.runs[i]] = 1;
    }
  }
  return out;
}

}  // namespace headroom::compress::diff
