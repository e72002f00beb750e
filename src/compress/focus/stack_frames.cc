#include "compress/focus/stack_frames.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "compress/focus/asked_lines.h"

namespace headroom::compress::focus {
namespace {

constexpr std::size_t kWorthTokens = 16;  // of a run, or a marker would hardly be shorter

/// Where the message stands that a stack belongs to, and with it the frame that raised.
enum class Raised : std::uint8_t { kFirst, kLast, kNowhere };

struct Frame {
  std::size_t first = 0, end = 0;  ///< lines
  bool library = false;
  Raised raised = Raised::kFirst;
};

bool digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t indent(std::string_view line) {
  const std::size_t at = line.find_first_not_of(" \t");
  return at == std::string_view::npos ? line.size() : at;
}

bool in_library(std::string_view place) {
  static constexpr std::array<std::string_view, 25> kFolders = {
      "node_modules/", "site-packages/", "dist-packages/", "/.cargo/registry/", "/rustc/",
      "/go/pkg/mod/",  "/go/src/",       "/usr/lib/",      "/usr/local/lib/",   "/lib/python",
      "/lib/ruby/",    "/gems/",         "/vendor/bundle", "<frozen ",          "node:",
      "(internal/",    "java.base/",     "sysdeps/",       "../csu/",           "/libsanitizer/",
      "/usr/libexec/", "/usr/include/",  "libc.so",        "/library/std/",     "/library/core/"};
  return std::ranges::any_of(kFolders, [&](std::string_view part) { return place.find(part) != place.npos; });
}

bool of_library(std::string_view name) {
  static constexpr std::array<std::string_view, 27> kNames = {
      "java.",       "javax.",      "jakarta.",         "jdk.",           "sun.",      "com.sun.",
      "kotlin.",     "kotlinx.",    "scala.",           "org.junit.",     "junit.",    "org.springframework.",
      "org.apache.", "org.gradle.", "org.eclipse.",     "org.hibernate.", "io.netty.", "reactor.",
      "System.",     "Microsoft.",  "Xunit.",           "core::",         "std::",     "<core::",
      "alloc::",     "__rustc::",   "rust_begin_unwind"};
  return std::ranges::any_of(kNames, [&](std::string_view part) { return name.starts_with(part); });
}

/// "12:33", "12", "12 +0x1a": a line, at the end of a place.
bool has_line_number(std::string_view place) {
  const std::size_t colon = place.find(':');
  for (std::size_t at = colon; at != std::string_view::npos; at = place.find(':', at + 1)) {
    if (at + 1 < place.size() && digit(place[at + 1])) return true;
  }
  return false;
}

/// "Test.run (node:internal/test_runner/test:796:25)": of JavaScript, without "at".
bool ends_with_position(std::string_view text) {
  if (!text.ends_with(')')) return false;
  text.remove_suffix(1);
  for (int part = 0; part < 2; ++part) {
    const std::size_t digits = text.size() - (text.find_last_not_of("0123456789") + 1);
    if (digits == 0 || digits == text.size()) return false;
    text.remove_suffix(digits);
    if (!text.ends_with(':')) return false;
    text.remove_suffix(1);
  }
  const std::size_t open = text.rfind(" (");
  return open != std::string_view::npos && text.find(' ', open + 2) == std::string_view::npos;
}

class Reader {
  static constexpr std::string_view kArrow = "\xE2\x9D\xAF ";  // of vitest

 public:
  explicit Reader(std::span<const std::string_view> lines) : lines_(lines) {}

  /// The frame that begins at a line; `end` is 0 where none does.
  Frame at(std::size_t i) const {
    const std::string_view line = lines_[i];
    const std::size_t in = indent(line);
    const std::string_view text = line.substr(in);
    if (text.size() < 6) return {};
    if (text.starts_with("File \"")) return python(i, in, text);
    if (text.starts_with("at ")) return called_at(i, text.substr(3));
    if (text.starts_with(kArrow)) return called_at(i, text.substr(kArrow.size()));
    if (text.find(":in `") != text.npos || text.find(":in '") != text.npos) {
      const bool marked = text.starts_with("# ") || text.starts_with("from ") || in > 0;
      return marked && has_line_number(text) ? frame(i, 1, in_library(text), Raised::kFirst) : Frame{};
    }
    if (in > 0 && ends_with_position(text)) return called_at(i, text);
    if (text[0] == '#' && digit(text[1])) return numbered(i, text);
    if (in > 0 && digit(text[0])) return rust(i, text);
    return go(i, text);
  }

 private:
  static Frame frame(std::size_t i, std::size_t lines, bool library, Raised raised) {
    return {i, i + lines, library, raised};
  }

  std::string_view line(std::size_t i) const { return i < lines_.size() ? lines_[i] : std::string_view(); }

  Frame python(std::size_t i, std::size_t in, std::string_view text) const {
    const std::size_t close = text.find("\", line ");
    if (close == std::string_view::npos) return {};
    std::size_t end = i + 1;
    while (end < lines_.size() && end < i + 5 && !lines_[end].empty() && indent(lines_[end]) > in) ++end;
    return frame(i, end - i, in_library(text.substr(0, close)), Raised::kLast);
  }

  /// Of Java, JavaScript and .NET: "a.b.C.run(C.java:12)", "run (/srv/a.js:3:7)", "/srv/a.js:3:7".
  static Frame called_at(std::size_t i, std::string_view text) {
    const bool known = has_line_number(text) || text.find("(Native Method)") != text.npos ||
                       text.find("(Unknown Source)") != text.npos || text.find("<anonymous>") != text.npos ||
                       text.find(" in ") != text.npos;
    return known ? frame(i, 1, in_library(text) || of_library(text), Raised::kFirst) : Frame{};
  }

  static Frame numbered(std::size_t i, std::string_view text) {
    if (text.find(" in ") == text.npos && text.find(" at ") == text.npos && text.find('/') == text.npos) return {};
    const std::size_t in = text.find(" in ");
    const std::string_view name = in == text.npos ? std::string_view() : text.substr(in + 4);
    return frame(i, 1, in_library(text) || name.starts_with("__") || name.starts_with("_start"), Raised::kFirst);
  }

  /// "   5: rs::parse" over "             at ./src/lib.rs:10:43".
  Frame rust(std::size_t i, std::string_view text) const {
    const std::size_t colon = text.find(": ");
    if (colon == text.npos || colon > 4 || !std::ranges::all_of(text.substr(0, colon), digit)) return {};
    if (text.find("::") == text.npos && text.find("rust_") == text.npos) return {};
    std::string_view name = text.substr(colon + 2);
    const bool closure = name.starts_with("<fn");
    const std::string_view below = line(i + 1).substr(indent(line(i + 1)));
    const bool placed = below.starts_with("at ");
    return frame(i, placed ? 2 : 1, closure || of_library(name) || (placed && in_library(below)), Raised::kNowhere);
  }

  /// "main.run(0x1)" or "created by main.main" over "\t/srv/main.go:12 +0x1a".
  Frame go(std::size_t i, std::string_view text) const {
    const std::string_view below = line(i + 1);
    if (!below.starts_with('\t') || below.find(".go:") == below.npos || text.find('.') == text.npos) {
      const bool panics = text.starts_with("panic(") && below.starts_with('\t');
      if (!panics) return {};
    }
    if (!text.ends_with(')') && !text.starts_with("created by ")) return {};
    return frame(i, 2, in_library(below), Raised::kNowhere);
  }

  std::span<const std::string_view> lines_;
};

std::vector<FrameOf>::iterator at(std::vector<FrameOf>& lines, std::size_t i) {
  return lines.begin() + static_cast<std::ptrdiff_t>(i);
}

/// Of a stack, the frames that stay although they are in libraries.
void keep_where_raised(std::span<Frame> stack) {
  Frame& raised = stack.front().raised == Raised::kLast ? stack.back() : stack.front();
  if (raised.raised != Raised::kNowhere) raised.library = false;
}

}  // namespace

std::vector<FrameOf> stack_frames(std::span<const std::string_view> lines) {
  std::vector<FrameOf> out(lines.size(), FrameOf::kNone);
  const Reader reader(lines);
  std::vector<Frame> frames;
  bool any_own = false, any_library = false;
  for (std::size_t i = 0; i < lines.size();) {
    const Frame frame = reader.at(i);
    if (frame.end == 0) {
      ++i;
      continue;
    }
    (frame.library ? any_library : any_own) = true;
    frames.push_back(frame);
    i = frame.end;
  }
  if (!any_own) return out;
  for (const Frame& frame : frames) {
    if (!frame.library) std::fill(at(out, frame.first), at(out, frame.end), FrameOf::kProgram);
  }
  if (!any_library) return out;
  for (std::size_t i = 0; i < frames.size();) {
    std::size_t end = i + 1;
    while (end < frames.size() && frames[end].first == frames[end - 1].end) ++end;
    keep_where_raised(std::span(frames).subspan(i, end - i));
    i = end;
  }
  for (std::size_t i = 0; i < frames.size();) {
    std::size_t end = i;
    std::size_t cost = 0;
    for (; end < frames.size() && frames[end].library && (end == i || frames[end].first == frames[end - 1].end);
         ++end) {
      for (std::size_t k = frames[end].first; k < frames[end].end; ++k) cost += estimated_tokens(lines[k]);
    }
    if (cost >= kWorthTokens) std::fill(at(out, frames[i].first), at(out, frames[end - 1].end), FrameOf::kLibrary);
    i = std::max(end, i + 1);
  }
  return out;
}

}  // namespace headroom::compress::focus
