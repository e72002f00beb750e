#include "detect/html_shape.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::detect {
namespace {

constexpr std::size_t kLookAt = std::size_t{16} << 10;

bool is_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/// Elements that every page has some of, and that hardly any other XML has. Sorted.
constexpr std::array<std::string_view, 44> kElements = {
    "a",   "article", "aside",   "b",      "blockquote", "body",   "br",    "button", "code", "dd",   "div",
    "dl",  "dt",      "em",      "footer", "form",       "h1",     "h2",    "h3",     "h4",   "head", "header",
    "hr",  "html",    "i",       "img",    "input",      "li",     "main",  "meta",   "nav",  "ol",   "p",
    "pre", "script",  "section", "small",  "span",       "strong", "table", "td",     "th",   "tr",   "ul"};
static_assert(std::ranges::is_sorted(kElements));

std::string_view name_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && (is_letter(text[end]) || (end > at && ((text[end] >= '0' && text[end] <= '9') ||
                                                                     text[end] == '-' || text[end] == ':'))))
    ++end;
  return text.substr(at, end - at);
}

bool is_element(std::string_view name) {
  return std::ranges::any_of(kElements, [&](std::string_view known) { return base::equals_ci(name, known); });
}

/// Without what may stand before the first element.
std::string_view skip_front(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (text.starts_with("HTTP/")) {
    const std::size_t crlf = text.find("\r\n\r\n");
    const std::size_t lf = text.find("\n\n");
    if (crlf == std::string_view::npos && lf == std::string_view::npos) return {};
    text.remove_prefix(crlf < lf ? crlf + 4 : lf + 2);
  }
  for (;;) {
    text = base::trim(text);
    std::size_t end = std::string_view::npos;
    if (text.starts_with("<!--")) {
      end = text.find("-->");
      if (end != std::string_view::npos) end += 3;
    } else if (text.starts_with("<?xml")) {
      end = text.find("?>");
      if (end != std::string_view::npos) end += 2;
    } else if (text.starts_with("<!") && !base::contains_ci(text.substr(0, 14), "<!doctype html")) {
      return text;
    } else {
      return text;
    }
    if (end == std::string_view::npos) return text;
    text.remove_prefix(end);
  }
}

}  // namespace

Detection html_shape(std::string_view text) {
  const std::string_view page = skip_front(text.substr(0, std::size_t{64} << 10));
  if (!page.starts_with('<') || page.size() < 16) return {};
  if (base::contains_ci(page.substr(0, 14), "<!doctype html")) return {ContentType::kHtml, 0.95, "HTML document"};
  const std::string_view first = name_at(page, 1);
  if (base::equals_ci(first, "html")) return {ContentType::kHtml, 0.95, "HTML document"};
  if (!is_element(first) && !base::equals_ci(first, "title") && !base::equals_ci(first, "link") &&
      !base::equals_ci(first, "style") && !base::equals_ci(first, "center"))
    return {};
  // A component ("<script setup>" before its template) is code; so is a page with statements of a program in it.
  if (page.find("<?php") != std::string_view::npos || page.find("<%") != std::string_view::npos) return {};
  std::size_t known = 0, other = 0, from_script = 0;
  const std::string_view sample = page.substr(0, kLookAt);
  for (std::size_t at = sample.find('<'); at != std::string_view::npos; at = sample.find('<', at + 1)) {
    if (at + 1 >= sample.size() || !is_letter(sample[at + 1])) continue;
    const std::string_view name = name_at(sample, at + 1);
    ++(is_element(name) ? known : other);
    if (base::equals_ci(name, "script") || base::equals_ci(name, "style")) {
      const std::size_t end = sample.find("</", at);
      from_script += std::min(end, sample.size()) - at;
      at = std::min(end, sample.size() - 1);
    }
  }
  if (known < 3 || known < other || from_script * 2 > sample.size()) return {};
  return {ContentType::kHtml, 0.8, fmt::format("{} HTML elements, no page around them", known)};
}

}  // namespace headroom::detect
