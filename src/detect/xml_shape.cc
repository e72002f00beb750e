#include "detect/xml_shape.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::detect {
namespace {

/// Behind declarations, instructions, comments and the document type.
std::string_view skip_front(std::string_view text) {
  for (;;) {
    text = base::trim(text);
    std::string_view closes;
    if (text.starts_with("<?")) closes = "?>";
    if (text.starts_with("<!--")) closes = "-->";
    if (text.starts_with("<!DOCTYPE")) closes = text.find('[') < text.find('>') ? "]>" : ">";
    const std::size_t end = closes.empty() ? std::string_view::npos : text.find(closes);
    if (end == std::string_view::npos) return text;
    text.remove_prefix(end + closes.size());
  }
}

/// The name of the element that begins here.
std::string_view element_at(std::string_view text) {
  if (!text.starts_with('<')) return {};
  const std::string_view name = text.substr(1, text.find_first_of(" \t\r\n/>", 1) - 1);
  const bool letter = !name.empty() && ((name[0] | 0x20) >= 'a' && (name[0] | 0x20) <= 'z');
  const bool plain = std::ranges::all_of(name, [](char c) {
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           c == ':' || static_cast<unsigned char>(c) >= 0x80;
  });
  return (letter || name.starts_with('_')) && plain ? name : std::string_view();
}

struct Root {
  std::string_view name;  ///< empty: none
  std::string_view rest;  ///< from its '<' on
};

Root root_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::string_view rest = skip_front(base::trim(text));
  return {element_at(rest), rest};
}

}  // namespace

std::optional<Detection> declared_xml(std::string_view text) {
  const std::size_t mark = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  if (!base::trim(text.substr(mark, 64)).starts_with("<?xml ")) return std::nullopt;
  const Root root = root_of(text);
  if (root.name.empty() || base::equals_ci(root.name, "html")) return std::nullopt;
  return Detection{ContentType::kXml, 0.95, fmt::format("XML, <{}>", root.name)};
}

std::optional<Detection> xml_shape(std::string_view text) {
  static constexpr std::size_t kFewest = 6;
  static constexpr std::array<std::string_view, 4> kOfPages = {"template", "script", "style", "html"};
  const Root root = root_of(text);
  if (root.name.empty() || !root.rest.ends_with(fmt::format("</{}>", root.name))) return std::nullopt;
  if (std::ranges::any_of(kOfPages, [&](std::string_view name) { return base::equals_ci(root.name, name); }))
    return std::nullopt;
  const std::size_t inside = std::min(root.rest.find('>'), root.rest.size() - 1) + 1;
  if (!base::trim(root.rest.substr(inside)).starts_with('<')) return std::nullopt;
  const std::string_view sample = root.rest.substr(0, std::size_t{16} << 10);
  if (std::ranges::count(sample, '<') < static_cast<std::ptrdiff_t>(kFewest)) return std::nullopt;
  return Detection{ContentType::kXml, 0.8, fmt::format("<{}> from beginning to end", root.name)};
}

std::size_t declared_xml_size(std::string_view text) {
  if (!declared_xml(text)) return 0;
  const std::string close = fmt::format("</{}>", root_of(text).name);
  const std::size_t end = text.find(close);
  return end == std::string_view::npos ? 0 : end + close.size();
}

}  // namespace headroom::detect
