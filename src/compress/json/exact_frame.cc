#include "compress/json/exact_frame.h"

#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/json/cell.h"
#include "compress/json/expand.h"
#include "compress/json/json_format.h"
#include "compress/json/sequence.h"

namespace headroom::compress::json {
namespace {

constexpr std::string_view kStart = "JSON";
constexpr std::string_view kNewline = ", ends with newline";

struct Frame {
  JsonStyle style;
  bool newline = false;
};

std::string frame_line(const Frame& frame) {
  if (frame.style == JsonStyle{} && !frame.newline) return {};
  return fmt::format("{}{}{}:\n", kStart, style_name(frame.style), frame.newline ? kNewline : "");
}

/// Takes the frame's line off `text`; a text without one is compact and has no final newline.
std::optional<Frame> take_frame(std::string_view& text) {
  const std::size_t end = text.find(":\n");
  if (!text.starts_with(kStart) || text.starts_with(kApart) || end > 60) return Frame{};
  std::string_view name = text.substr(kStart.size(), end - kStart.size());
  Frame frame;
  if (name.ends_with(kNewline)) {
    frame.newline = true;
    name.remove_suffix(kNewline.size());
  }
  const std::optional<JsonStyle> style = style_from_name(name);
  if (!style) return std::nullopt;
  frame.style = *style;
  text.remove_prefix(end + 2);
  return frame;
}

/// The values in the frame's style. Minified values stand one a line, so a line is a value.
std::string in_style(std::string_view minified, const Frame& frame) {
  std::string out;
  for (std::string_view value : base::split_lines(minified)) {
    if (!out.empty()) out.push_back('\n');
    out += format_json(value, frame.style);
  }
  if (frame.newline) out.push_back('\n');
  return out;
}

/// The style that the start of `source` points to. Whether all of it keeps to it is for the caller to check.
JsonStyle likely_style(std::string_view source, std::string_view first_minified) {
  static constexpr std::size_t kWidest = 16;
  const std::size_t newline = source.find('\n');
  if (newline == 1 && source.size() > 2 && first_minified.size() > 2) {
    const std::size_t text = source.find_first_not_of(' ', 2);
    if (text != std::string_view::npos && text - 2 <= kWidest) {
      return {.kind = JsonStyle::Kind::kIndented, .indent = static_cast<int>(text - 2)};
    }
  }
  if (source.starts_with(first_minified)) return {};
  return {.kind = JsonStyle::Kind::kSpaced};
}

}  // namespace

std::optional<std::string> frame_exactly(std::string_view source, std::string_view layout) {
  const base::Result<std::string> minified = expand(layout);
  if (!minified) return std::nullopt;
  const std::string_view first = std::string_view(*minified).substr(0, minified->find('\n'));
  const Frame frame{likely_style(source, first), source.ends_with('\n')};
  if (in_style(*minified, frame) != source) return std::nullopt;
  return frame_line(frame) + std::string(layout);
}

base::Result<std::string> expand_exactly(std::string_view framed) {
  const std::optional<Frame> frame = take_frame(framed);
  if (!frame) return base::fail(base::ErrorCode::kParse, "unknown JSON style");
  base::Result<std::string> minified = expand(framed);
  if (!minified) return minified;
  return in_style(*minified, *frame);
}

}  // namespace headroom::compress::json
