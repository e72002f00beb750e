#include "compress/focus/dull_lines.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "compress/focus/asked_dull.h"
#include "compress/focus/stack_frames.h"

namespace headroom::compress::focus {
namespace {

constexpr std::size_t kFewestLines = 3;        // of a dump
constexpr std::size_t kShortest64 = 40;        // bytes of a line of base64
constexpr std::size_t kFewestGroups = 8;       // of hexadecimal digits in a line
constexpr std::size_t kMostPercent = 90;       // of the text's lines; who prints nothing else wants to see it
constexpr std::size_t kMostBytesPercent = 50;  // ... of bytes as dumps of memory and files show them

enum class Dump : std::uint8_t { kNone, kBase64, kColons, kBytes };

bool hex(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

bool base64(std::string_view text) {
  bool upper = false, lower = false, digit = false;
  for (const char c : text) {
    const bool is_upper = c >= 'A' && c <= 'Z', is_lower = c >= 'a' && c <= 'z', is_digit = c >= '0' && c <= '9';
    if (!is_upper && !is_lower && !is_digit && c != '+' && c != '/' && c != '=' && c != '-' && c != '_') return false;
    upper |= is_upper;
    lower |= is_lower;
    digit |= is_digit;
  }
  return text.size() >= kShortest64 && upper && lower && digit;
}

std::string_view trimmed(std::string_view line) {
  const std::size_t from = line.find_first_not_of(" \t");
  return from == std::string_view::npos ? std::string_view()
                                        : line.substr(from, line.find_last_not_of(" \t\r") + 1 - from);
}

/// "0x0c06: 00 fa fa", "00:a4:9e:ba:": pairs of digits, and hardly anything else.
Dump pairs(std::string_view text) {
  std::size_t groups = 0, others = 0, colons = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (std::string_view(" :[]-").find(text[at]) != std::string_view::npos) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && std::string_view(" :[]").find(text[end]) == std::string_view::npos) ++end;
    const bool pair = end - at == 2 && hex(text[at]) && hex(text[at + 1]);
    ++(pair ? groups : others);
    colons += pair && end < text.size() && text[end] == ':';
    at = end;
  }
  if (groups < kFewestGroups || others > 2) return Dump::kNone;
  return colons * 2 > groups ? Dump::kColons : Dump::kBytes;
}

/// "00:", "00 ", "0x0c06: ", "00000010: ", "0010 - ", "=>0x0c".
bool begins_with_digits(std::string_view text) {
  if (text.starts_with("=>")) text.remove_prefix(2);
  if (text.starts_with("0x")) text.remove_prefix(2);
  std::size_t at = 0;
  while (at < text.size() && at < 17 && hex(text[at])) ++at;
  return at >= 2 && at < text.size() && (text[at] == ':' || text[at] == ' ');
}

Dump dump_of(std::string_view line) {
  // Most lines are told by their first bytes.
  const std::size_t from = line.find_first_not_of(" \t");
  if (from == std::string_view::npos || line.size() - from < 16) return Dump::kNone;
  const std::string_view text = trimmed(line);
  if (base64(text)) return Dump::kBase64;
  return begins_with_digits(text) ? pairs(text) : Dump::kNone;
}

/// Digits and letters of both cases follow each other without order, and marks are few. Paths and names are words.
bool is_mixed(std::span<const std::string_view> lines) {
  constexpr std::size_t kFewestChangesPercent = 45, kMostMarksPercent = 8;
  const auto kind = [](char c) {
    return c >= 'a' && c <= 'z' ? 'a' : c >= 'A' && c <= 'Z' ? 'A' : c >= '0' && c <= '9' ? '0' : '/';
  };
  std::size_t bytes = 0, changes = 0, marks = 0;
  for (const std::string_view line : lines) {
    const std::string_view text = trimmed(line);
    bytes += text.size();
    for (std::size_t i = 0; i < text.size(); ++i) {
      marks += kind(text[i]) == '/' && text[i] != '=';
      changes += i > 0 && kind(text[i]) != kind(text[i - 1]);
    }
  }
  return changes * 100 >= bytes * kFewestChangesPercent && marks * 100 <= bytes * kMostMarksPercent;
}

/// Rows of numbers with two digits have none of the six letters.
bool has_hex_letter(std::span<const std::string_view> lines) {
  const auto letter = [](char c) { return hex(c) && (c < '0' || c > '9'); };
  for (const std::string_view line : lines) {
    for (std::size_t at = 0; at < line.size();) {
      const std::size_t end = std::min(line.find_first_of(" \t:[]", at), line.size());
      if (end - at == 2 && hex(line[at]) && hex(line[at + 1]) && (letter(line[at]) || letter(line[at + 1])))
        return true;
      at = end + 1;
    }
  }
  return false;
}

std::string_view named(Dump dump) {
  return dump == Dump::kBase64 ? "base64" : "hexadecimal digits";
}

/// A shorter line that a run ends with.
bool is_rest(std::string_view line, Dump dump) {
  const std::size_t from = line.find_first_not_of(" \t");
  if (from == std::string_view::npos) return false;
  const std::string_view text = line.substr(from);
  if (dump == Dump::kColons) return text.find_first_not_of("0123456789abcdefABCDEF:") == std::string_view::npos;
  // A word could end it as well, but none with such signs.
  return dump == Dump::kBase64 && (dump_of(line) == dump || text.find_first_of("=+/") != std::string_view::npos) &&
         base64(std::string(kShortest64, '0') + std::string(text));
}

void find_dumps(std::span<const std::string_view> lines, std::vector<std::string_view>& why) {
  struct Run {
    std::size_t first = 0, end = 0;
    Dump dump = Dump::kNone;
  };
  std::vector<Run> runs;
  std::size_t said = 0, dumped = 0, bytes = 0;
  for (std::size_t i = 0; i < lines.size();) {
    const Dump dump = dump_of(lines[i]);
    std::size_t end = i + 1;
    said += !lines[i].empty();
    const bool even = dump == Dump::kBase64;  // such lines are all of one length
    const std::size_t size = trimmed(lines[i]).size();
    while (dump != Dump::kNone && end < lines.size() && dump_of(lines[end]) == dump &&
           (!even || trimmed(lines[end]).size() == size))
      ++end;
    if (dump != Dump::kNone) said += end - i - 1;
    // What is left over for the last line.
    const bool rest = end < lines.size() && (!even || trimmed(lines[end]).size() < size) && is_rest(lines[end], dump);
    const auto run = lines.subspan(i, end - i);
    if (run.size() >= kFewestLines && (even ? is_mixed(run) : has_hex_letter(run))) {
      runs.push_back({i, end + rest, dump});
      dumped += end - i;
      if (dump == Dump::kBytes) bytes += end - i;
    }
    i = end;
  }
  if (dumped * 100 > said * kMostPercent) return;
  for (const Run& run : runs) {
    if (run.dump == Dump::kBytes && bytes * 100 > said * kMostBytesPercent) continue;
    for (std::size_t i = run.first; i < run.end; ++i) why[i] = named(run.dump);
  }
}

}  // namespace

std::string_view DullLines::reason(std::size_t first, std::size_t end) const {
  for (std::size_t i = first + 1; i < end; ++i) {
    if (why[i] != why[first]) return {};
  }
  return first < end ? why[first] : std::string_view();
}

DullLines dull_lines(std::span<const std::string_view> lines, const Query& query) {
  DullLines out;
  out.why.resize(lines.size());
  const std::vector<FrameOf> frames = stack_frames(lines);
  out.own_frames.resize(lines.size(), false);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out.own_frames[i] = frames[i] == FrameOf::kProgram;
    if (frames[i] == FrameOf::kLibrary) out.why[i] = kLibraryFrames;
  }
  find_dumps(lines, out.why);
  clear_asked(lines, query, frames, out.why);
  return out;
}

}  // namespace headroom::compress::focus
