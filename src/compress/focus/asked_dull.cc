#include "compress/focus/asked_dull.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <unordered_set>

#include "base/text.h"

namespace headroom::compress::focus {
namespace {

using Words = std::unordered_set<std::string>;

constexpr std::size_t kMostRead = 4000;   // bytes of a question
constexpr std::size_t kShortestWord = 4;  // letters

bool telling(const std::string& word) {
  const bool number = std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
  return !number && !base::is_stop_word(word);
}

Words words_of(std::string_view text) {
  Words out;
  for (std::string& word : base::words(text)) {
    if (telling(word)) out.insert(std::move(word));
  }
  return out;
}

std::size_t indent(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

bool has_one(std::string_view line, const Words& wanted) {
  return std::ranges::any_of(base::words(line), [&](const std::string& word) { return wanted.contains(word); });
}

void clear_frames(std::span<const std::string_view> lines, std::span<const FrameOf> frames, Words wanted,
                  std::vector<std::string_view>& why) {
  std::erase_if(wanted, [](const std::string& word) { return word.size() < kShortestWord; });
  for (std::size_t i = 0; i < lines.size() && !wanted.empty(); ++i) {
    if (frames[i] != FrameOf::kProgram) continue;
    for (const std::string& word : base::words(lines[i])) wanted.erase(word);
  }
  if (wanted.empty()) return;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (frames[i] != FrameOf::kLibrary || !has_one(lines[i], wanted)) continue;
    // What stands below a place, further in, is of the same frame.
    std::size_t first = i;
    while (first > 0 && frames[first - 1] == FrameOf::kLibrary && indent(lines[first]) > indent(lines[first - 1]))
      --first;
    std::size_t end = i + 1;
    while (end < lines.size() && frames[end] == FrameOf::kLibrary && indent(lines[end]) > indent(lines[first])) ++end;
    std::fill(why.begin() + static_cast<std::ptrdiff_t>(first), why.begin() + static_cast<std::ptrdiff_t>(end),
              std::string_view());
  }
}

/// "Modulus:", all words of which the question has.
bool heads(std::string_view line, const Words& question) {
  line = base::trim(line);
  if (!line.ends_with(':')) return false;
  const Words words = words_of(line);
  return !words.empty() && std::ranges::all_of(words, [&](const std::string& word) { return question.contains(word); });
}

bool asks_for_digits(const Words& question) {
  static constexpr std::array<std::string_view, 6> kAs = {"pem", "base64", "hex", "hexadecimal", "hexdump", "dump"};
  return std::ranges::any_of(kAs, [&](std::string_view word) { return question.contains(base::stem(word)); });
}

void clear_dumps(std::span<const std::string_view> lines, std::span<const FrameOf> frames, const Words& question,
                 std::vector<std::string_view>& why) {
  const bool all = asks_for_digits(question);
  bool asked = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool dump = !why[i].empty() && frames[i] == FrameOf::kNone;
    if (dump && (i == 0 || why[i - 1].empty() || frames[i - 1] != FrameOf::kNone) && !asked) {
      asked = all || (i > 0 && heads(lines[i - 1], question));
    }
    if (dump && asked) why[i] = {};
    asked = asked && dump;
  }
}

}  // namespace

void clear_asked(std::span<const std::string_view> lines, const Query& query, std::span<const FrameOf> frames,
                 std::vector<std::string_view>& why) {
  if (std::ranges::all_of(why, [](std::string_view reason) { return reason.empty(); })) return;
  const std::string asked = query.user.substr(0, kMostRead) + '\n' + query.intent.substr(0, kMostRead);
  const Words question = words_of(asked);
  if (question.empty()) return;
  clear_frames(lines, frames, question, why);
  clear_dumps(lines, frames, question, why);
}

}  // namespace headroom::compress::focus
