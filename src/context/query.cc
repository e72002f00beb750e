#include "context/query.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "context/asks_nothing.h"

namespace headroom::context {

using wire::Block;
using wire::BlockKind;
using wire::Role;

namespace {

/// Longer questions are cut in the middle: what is asked mostly stands at the ends, and scoring costs time for every
/// word.
constexpr std::size_t kLongestPart = 4096;
/// Of sentences in the middle that ask for something.
constexpr std::size_t kMostAskedWithin = 1024;
constexpr std::size_t kLongestSentence = 400;

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// A sentence ends just before `at`.
bool sentence_ends(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  if (before.ends_with('\n') || before.ends_with("。") || before.ends_with("？") || before.ends_with("！")) return true;
  return before.ends_with(". ") || before.ends_with("! ") || before.ends_with("? ");
}

/// The sentences that end in the question mark, a line each.
std::string asked_within(std::string_view text, std::string_view mark) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
    const std::size_t end = at + mark.size();
    // "https://host/path?key=value"
    if (mark == "?" && end < text.size() && std::string_view(" \n\"").find(text[end]) == std::string_view::npos)
      continue;
    std::size_t begin = at;
    while (begin > from && end - begin <= kLongestSentence && !sentence_ends(text, begin)) --begin;
    from = end;
    const std::string_view sentence = text.substr(begin, end - begin);
    if (sentence.size() > kLongestSentence) continue;
    if (out.size() + sentence.size() > kMostAskedWithin) break;
    out += '\n';
    out += sentence;
  }
  return out;
}

/// At most kLongestPart bytes, whole UTF-8 characters.
std::string shortened(std::string_view text) {
  if (text.size() <= kLongestPart) return std::string(text);
  std::size_t head = kLongestPart / 2;
  std::size_t tail = text.size() - kLongestPart / 2;
  const std::string_view middle = text.substr(head, tail - head);
  const std::string asked = asked_within(middle, "?") + asked_within(middle, "？");
  head -= asked.size() / 2;
  tail += asked.size() / 2;
  while (head > 0 && continues(text[head])) --head;
  while (tail < text.size() && continues(text[tail])) ++tail;
  return std::string(text.substr(0, head)) + asked + "\n" + std::string(text.substr(tail));
}

}  // namespace

std::string without_reminders(std::string_view text) {
  // What is open now, by the time it is, and how far the window is filled.
  static constexpr std::string_view kTags[][2] = {{"<system-reminder>", "</system-reminder>"},
                                                  {"<environment_details>", "</environment_details>"}};
  std::array<bool, std::size(kTags)> never_closed{};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find('<', at);
    out += text.substr(at, open - at);
    if (open == std::string_view::npos) break;
    const std::string_view rest = text.substr(open);
    const auto tag = std::ranges::find_if(kTags, [&](const auto& pair) { return rest.starts_with(pair[0]); });
    const std::size_t close = tag == std::end(kTags) || never_closed[static_cast<std::size_t>(tag - kTags)]
                                  ? std::string_view::npos
                                  : text.find((*tag)[1], open);
    if (close == std::string_view::npos) {
      // One that begins a line was cut off; who asks about such a tag writes it within a line, and without an end.
      if (tag != std::end(kTags) && (open == 0 || text[open - 1] == '\n')) break;
      if (tag != std::end(kTags)) never_closed[static_cast<std::size_t>(tag - kTags)] = true;
      out += '<';
      at = open + 1;
      continue;
    }
    at = close + (*tag)[1].size();
  }
  return std::string(base::trim(out));
}

void QueryTracker::take(const Block& block) {
  // A call without a word before it has no stated intent; an earlier turn's does not carry over.
  if (block.kind == BlockKind::kToolCall && intent_.message != block.message) intent_ = {block.message, {}};
  if (block.kind != BlockKind::kText || (block.role != Role::kUser && block.role != Role::kAssistant)) return;
  const bool user = block.role == Role::kUser;
  const std::string said = user ? without_reminders(block.text) : std::string(block.text);
  if (said.empty()) return;
  Said& part = user ? user_ : intent_;
  if (part.message != block.message || part.text.empty()) {
    if (user) {
      before_ = leaves_question(user_.text, answered_) ? before_ + "\n" + user_.text : std::move(user_.text);
      answered_ = base::trim(intent_.text).ends_with('?') || base::trim(intent_.text).ends_with("？");
    }
    part = {block.message, {}};
  }
  if (!part.text.empty()) part.text += '\n';
  part.text += said;
  part.read.reset();
}

const compress::EnglishQuestion& QueryTracker::reading_of(Said& said, std::string_view before) {
  if (!said.read) {
    said.read = compress::in_english(shortened(before.empty() ? said.text : std::string(before) + "\n" + said.text));
  }
  return *said.read;
}

compress::Query QueryTracker::query_for(std::size_t index) {
  for (; taken_ < index; ++taken_) take(conversation_.blocks[taken_]);
  const Block& block = conversation_.blocks[index];
  std::string user =
      reading_of(user_, leaves_question(user_.text, answered_) ? before_ : std::string_view()).about(block.text);
  std::string intent = reading_of(intent_, {}).about(block.text);
  // Who says "fix it" wants to know what the assistant looks for.
  if (!intent.empty() && names_nothing(user)) user += "\n" + intent;
  return {std::move(user), std::move(intent), std::string(block.tool_name), shortened(block.tool_arguments),
          detect::read_tool_call(block.tool_name, block.tool_arguments)};
}

}  // namespace headroom::context
