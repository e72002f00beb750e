#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compress/log/pickers.h"

namespace headroom::compress::log {
namespace {

constexpr std::uint32_t kFewestFrames = 3;
constexpr std::uint32_t kWholeStack = 10;  // frames of the first stack that stay
constexpr std::size_t kMostStacks = 12;    // unlike ones
constexpr std::size_t kMostOwnFrames = 30;
constexpr std::uint32_t kAlike = 4;

/// Of debuggers: "#3  0x00005555 in compute (j=0x5, depth=1) at src/crash.c:6"; of crash reports: "3   Shop
/// 0x102a41c88 flush(into:) + 212 (queue.swift:148)".
struct Frame {
  std::uint32_t line = 0;
  std::string_view function;
  bool own = false;  ///< of the program itself, as far as its path tells
};

bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// "3   Shop   0x102a41c88 flush() + 212": its number; -1: no such frame.
int image_frame_number(std::string_view text) {
  std::size_t at = 0;
  int number = 0;
  while (at < text.size() && at < 3 && digit(text[at])) number = number * 10 + (text[at++] - '0');
  const std::size_t address = text.find("0x", at);
  const bool apart = at > 0 && text.substr(at).starts_with("  ");
  return apart && address != std::string_view::npos && address > at + 3 && address < 100 ? number : -1;
}

/// The number behind "#" that the line begins with; -1: it is no frame. (Indented ones are part of what a sanitizer
/// says.)
int frame_number(std::string_view text) {
  if (text.starts_with("  * ") || text.starts_with("    frame")) text = text.substr(4);
  if (text.starts_with("frame ")) text.remove_prefix(6);
  if (text.size() < 3) return -1;
  if (digit(text[0])) return image_frame_number(text);
  if (text[0] != '#' || !digit(text[1])) return -1;
  std::size_t at = 1;
  int number = 0;
  while (at < text.size() && digit(text[at]) && number < 10000) number = number * 10 + (text[at++] - '0');
  return at < text.size() && (text[at] == ' ' || text[at] == ':') ? number : -1;
}

Frame read_frame(std::uint32_t line, std::string_view text) {
  Frame frame{.line = line, .function = {}, .own = false};
  const std::size_t in = text.find(" in ");
  const std::size_t open = text.find('(');
  const std::size_t address = digit(text[0]) ? text.find("0x") : std::string_view::npos;
  std::size_t begin = in != std::string_view::npos && in < open ? in + 4 : text.find(' ') + 1;
  if (address != std::string_view::npos) begin = text.find(' ', address) + 1;
  while (begin < text.size() && text[begin] == ' ') ++begin;
  frame.function = text.substr(begin, text.find_first_of(" (", begin) - begin);
  const std::size_t at = text.rfind(" at ");
  const std::string_view path = at == std::string_view::npos ? std::string_view() : text.substr(at + 4);
  static constexpr std::string_view kOthers[] = {"../", "./", "/usr/", "/build/", "/rustc/", "/lib"};
  frame.own = !path.empty() && std::ranges::none_of(kOthers, [&](std::string_view p) { return path.starts_with(p); });
  return frame;
}

/// The line above says that this is the thread that stopped.
bool stopped(const Picks& picks, const std::vector<Frame>& stack) {
  const std::uint32_t head = stack.front().line;
  return head > 0 && picks.line(head - 1).level >= Level::kProblem;
}

/// Stacks: runs of frames that count up from 0, other lines of a few between them ("No locals.").
std::vector<std::vector<Frame>> find_stacks(const Picks& picks) {
  static constexpr std::uint32_t kBetween = 8;
  std::vector<std::vector<Frame>> stacks;
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    const int number = frame_number(picks.line(i).text);
    if (number < 0) continue;
    const bool next = !stacks.empty() && number == static_cast<int>(stacks.back().size()) &&
                      i - stacks.back().back().line <= kBetween;
    if (number != 0 && !next) continue;
    if (number == 0) stacks.emplace_back();
    stacks.back().push_back(read_frame(i, picks.line(i).text));
  }
  std::erase_if(
      stacks, [&](const std::vector<Frame>& stack) { return stack.size() < kFewestFrames && !stopped(picks, stack); });
  return stacks;
}

/// Each of the program's own frames once, of a stack of any form.
void pick_own_frames(Picks& picks) {
  std::set<std::string_view> seen;
  const std::vector<bool>& own = picks.analysis().dull.own_frames;
  const bool many = std::ranges::count(own, true) > static_cast<std::ptrdiff_t>(kMostOwnFrames);
  for (std::uint32_t i = 0; i < picks.count() && seen.size() < kMostOwnFrames; ++i) {
    // Those with numbers are read further below; many that are alike are of as many alike stacks.
    const bool known = picks.line(i).text.starts_with('#') || (many && picks.repeats(i) > kAlike);
    if (own[i] && !known && seen.insert(picks.line(i).text).second) picks.add(0.7f, i, i, Reason::kError);
  }
}

}  // namespace

void pick_frames(Picks& picks) {
  pick_own_frames(picks);
  std::set<std::string> seen;
  std::vector<std::vector<Frame>> stacks = find_stacks(picks);
  const auto head =
      std::ranges::find_if(stacks, [&](const std::vector<Frame>& stack) { return stopped(picks, stack); });
  const bool told = head != stacks.end();
  if (told) std::rotate(stacks.begin(), head, head + 1);
  for (const std::vector<Frame>& stack : stacks) {
    std::string functions;
    for (const Frame& frame : stack) functions.append(frame.function).push_back('\n');
    if (seen.size() >= kMostStacks || !seen.insert(functions).second) continue;
    // The first is of the thread that stopped, unless another one says so.
    const bool first = seen.size() == 1;
    for (std::size_t i = 0; i < stack.size(); ++i) {
      const bool top = (i == 0 && (first || !told)) || (first && i + 1 == stack.size());
      // Of one that calls itself over and over, the first two and the last will do.
      const bool again = i >= 2 && stack[i].function == stack[i - 1].function &&
                         stack[i].function == stack[i - 2].function && i + 1 < stack.size() &&
                         stack[i].function == stack[i + 1].function;
      if (!top && (again || !(stack[i].own || (first && i < kWholeStack)))) continue;
      picks.add(first ? 2.2f : 1.6f, stack[i].line, stack[i].line, Reason::kError);
    }
  }
}

}  // namespace headroom::compress::log
