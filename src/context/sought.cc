#include "context/sought.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace headroom::context {
namespace {

constexpr std::size_t kMostRead = 4096;  // bytes of what is said
constexpr std::size_t kShortestWord = 4, kShortestNumber = 3;

bool tells(const std::string& word) {
  const bool number = std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
  return word.size() >= (number ? kShortestNumber : kShortestWord) && !base::is_stop_word(word);
}

/// In how many lines of the text each of the words stands.
std::unordered_map<std::string, std::size_t> lines_with(const std::unordered_set<std::string>& words,
                                                        std::string_view text) {
  std::unordered_map<std::string, std::size_t> count;
  for (const std::string_view line : base::split_lines(text)) {
    std::unordered_set<std::string> here;
    for (std::string& word : base::words(line)) {
      if (words.contains(word)) here.insert(std::move(word));
    }
    for (const std::string& word : here) ++count[word];
  }
  return count;
}

}  // namespace

Sought::Sought(std::string_view intent, std::string_view now, std::string_view before) {
  std::unordered_set<std::string> said;
  for (std::string& word : base::words(intent.substr(0, kMostRead))) {
    if (tells(word)) said.insert(std::move(word));
  }
  if (said.empty()) return;
  const auto was = lines_with(said, before);
  const auto is = lines_with(said, now);
  const auto lines = static_cast<std::size_t>(std::ranges::count(now, '\n'));
  for (const auto& [word, count] : is) {
    const auto there = was.find(word);
    if (count > (there == was.end() ? 0 : there->second) && count * 2 <= lines + 1) words_.insert(word);
  }
}

bool Sought::named_in(std::string_view line) const {
  return !words_.empty() &&
         std::ranges::any_of(base::words(line), [&](const std::string& word) { return words_.contains(word); });
}

}  // namespace headroom::context
