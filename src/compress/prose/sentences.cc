#include "compress/prose/sentences.h"

#include <algorithm>
#include <array>

#include "compress/prose/line_form.h"

namespace headroom::compress::prose {
namespace {

constexpr std::size_t kLongestSpan = 400;  // bytes of a code span

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Words that a full stop after them does not end a sentence; without the stop, lower case. Sorted.
bool is_abbreviation(std::string_view word) {
  static constexpr std::array<std::string_view, 62> kWords = {
      "abb",  "al",  "approx", "apr",  "art", "aug", "bzgl", "bzw",  "ca",  "cf",  "ch",   "co",  "cmp",
      "corp", "d.h", "dec",    "dept", "dr",  "e.g", "ed",   "eds",  "eg",  "eq",  "esp",  "est", "etc",
      "feb",  "fig", "figs",   "gen",  "i.e", "ie",  "inc",  "incl", "jan", "jr",  "jul",  "jun", "ltd",
      "mar",  "max", "min",    "mr",   "mrs", "ms",  "mt",   "nov",  "nr",  "oct", "p.ej", "pp",  "prof",
      "resp", "sec", "sep",    "sr",   "st",  "u.a", "usw",  "viz",  "vs",  "z.b"};
  std::array<char, 8> low{};
  if (word.empty() || word.size() > low.size()) return false;
  std::ranges::transform(word, low.begin(), [](char c) { return upper(c) ? static_cast<char>(c | 0x20) : c; });
  return std::ranges::find(kWords, std::string_view(low.data(), word.size())) != kWords.end();
}

/// Bytes of a mark at `at` that ends a sentence wherever it stands; 0: none.
std::size_t other_script_end(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 11> kMarks = {
      "\xE3\x80\x82", "\xEF\xBC\x81", "\xEF\xBC\x9F", "\xEF\xBD\xA1", "\xE0\xA5\xA4", "\xE0\xA5\xA5",
      "\xD8\x9F",     "\xDB\x94",     "\xE1\x8D\xA2", "\xE1\x81\x8B", "\xE1\x9F\x94"};
  if (static_cast<unsigned char>(text[at]) < 0x80) return 0;
  for (std::string_view mark : kMarks) {
    if (text.substr(at).starts_with(mark)) return mark.size();
  }
  return 0;
}

/// Closing quotes and brackets that still belong to the sentence before `at`.
std::size_t closers(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 9> kClosers = {"\xE2\x80\x9D", "\xE2\x80\x99", "\xC2\xBB",
                                                               "\xE3\x80\x8D", "\xE3\x80\x8F", "\xEF\xBC\x89",
                                                               "\xE3\x80\x8B", "\xE2\x80\x9C", "\xE3\x80\x91"};
  std::size_t end = at;
  while (end < text.size()) {
    if (std::string_view("\"')]*_`").find(text[end]) != std::string_view::npos) {
      ++end;
      continue;
    }
    const auto found =
        std::ranges::find_if(kClosers, [&](std::string_view c) { return text.substr(end).starts_with(c); });
    if (found == kClosers.end()) break;
    end += found->size();
  }
  return end - at;
}

/// The full stop at `at` belongs to an abbreviation, an initial or a number of an item.
bool is_inner_stop(std::string_view text, std::size_t at) {
  std::size_t from = at;
  while (from > 0 && !space(text[from - 1]) && text[from - 1] != '(' && text[from - 1] != '[') --from;
  const std::string_view word = text.substr(from, at - from);
  if (word.size() == 1 && upper(word[0])) return true;
  if (!word.empty() && std::ranges::all_of(word, digit) && word.size() <= 2 && from == 0) return true;
  static constexpr std::array<std::string_view, 8> kBeforeNumber = {"p",   "no", "nos", "vol",
                                                                    "ver", "No", "Vol", "chap"};
  if (std::ranges::find(kBeforeNumber, word) != kBeforeNumber.end()) {
    return at + 2 < text.size() && digit(text[at + 2]);
  }
  return is_abbreviation(word);
}

bool starts_sentence(std::string_view text, std::size_t at, std::size_t blanks) {
  const char c = text[at];
  if (upper(c) || digit(c) || static_cast<unsigned char>(c) >= 0x80) return true;
  if (std::string_view("\"'`([*_<:#$@").find(c) != std::string_view::npos) return true;
  return lower(c) && blanks >= 2;
}

}  // namespace

std::vector<std::uint32_t> sentence_starts(std::string_view text) {
  std::vector<std::uint32_t> starts;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '`') {  // a code span, if it is closed
      const std::size_t run = std::min(text.find_first_not_of('`', at), text.size()) - at;
      const std::size_t close = text.substr(at + run, kLongestSpan + run).find(text.substr(at, run));
      at = close == std::string_view::npos ? at + run : at + run + close + run;
      // "`x`." ends like any word.
      continue;
    }
    const std::size_t other = other_script_end(text, at);
    if (other > 0) {
      at += other;
      at += closers(text, at);
      while (at < text.size() && space(text[at])) ++at;
      if (at < text.size()) starts.push_back(static_cast<std::uint32_t>(at));
      continue;
    }
    if (c != '.' && c != '!' && c != '?') {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size() && (text[end] == '.' || text[end] == '!' || text[end] == '?')) ++end;
    const bool single = end == at + 1 && c == '.';
    end += closers(text, end);
    std::size_t next = end;
    std::size_t blanks = 0;
    bool wrapped = false;
    while (next < text.size() && space(text[next])) {
      blanks += text[next] == ' ' && !wrapped;
      wrapped = wrapped || text[next] == '\n';
      ++next;
    }
    if (next > end && next < text.size() && starts_sentence(text, next, blanks) &&
        !(single && is_inner_stop(text, at))) {
      starts.push_back(static_cast<std::uint32_t>(next));
    }
    at = std::max(end, at + 1);
  }
  return starts;
}

namespace {

/// So long that nobody ends a sentence that late: entries, one a line, or a listing that is shown as code.
bool is_list_of_lines(BlockKind kind, std::uint32_t lines, std::uint32_t bytes) {
  if (kind == BlockKind::kParagraph) return lines >= 8 && bytes >= std::max(900U, 45 * lines);
  return kind == BlockKind::kCode && lines >= 40 && bytes >= 2500;
}

}  // namespace

void split_sentences(Document& d) {
  for (std::uint32_t b = 0; b < d.blocks.size(); ++b) {
    Block& block = d.blocks[b];
    block.first_sentence = static_cast<std::uint32_t>(d.sentences.size());
    const std::uint32_t begin = d.offset_of(block.first);
    const std::uint32_t end = begin + d.bytes_of(block.first, block.last) - 1;
    const bool running =
        block.kind == BlockKind::kParagraph || block.kind == BlockKind::kItem || block.kind == BlockKind::kQuote;
    std::uint32_t from = begin;
    std::uint32_t line = block.first;
    const auto close = [&](std::uint32_t to) {
      while (line < block.last && d.offset_of(line + 1) <= from) ++line;
      std::uint32_t last = line;
      std::uint32_t shown = to;
      while (shown > from + 1 && space(d.text[shown - 1])) --shown;
      while (last < block.last && d.offset_of(last + 1) < shown) ++last;
      // Lines stay or go as a whole, so a sentence inside a line goes with the one before it.
      if (from > begin && line == last && d.sentences.back().last_line == line) {
        d.sentences.back().end = to;
      } else if (is_list_of_lines(block.kind, last - line + 1, to - from)) {
        for (std::uint32_t i = line, at = from; i <= last; ++i) {
          const std::uint32_t next = i < last ? d.offset_of(i + 1) : to;
          d.sentences.push_back({.begin = at, .end = next, .first_line = i, .last_line = i, .block = b});
          at = next;
        }
      } else {
        d.sentences.push_back({.begin = from, .end = to, .first_line = line, .last_line = last, .block = b});
      }
      from = to;
    };
    // The name of an option that stands over what explains it.
    const bool named = block.kind == BlockKind::kItem && block.last > block.first &&
                       is_option(d.lines[block.first].content) && d.lines[block.first + 1].indent > block.indent;
    if (named) close(d.offset_of(block.first + 1));
    if (running && named) {
      const std::uint32_t body = d.offset_of(block.first + 1);
      for (const std::uint32_t start : sentence_starts(d.text.substr(body, end - body))) close(body + start);
    } else if (running) {
      for (const std::uint32_t start : sentence_starts(d.text.substr(begin, end - begin))) close(begin + start);
    }
    close(end);
    block.sentence_count = static_cast<std::uint32_t>(d.sentences.size()) - block.first_sentence;
  }
}

}  // namespace headroom::compress::prose
