#include "compress/html/inline_text.h"

#include <algorithm>

#include "compress/html/entities.h"

namespace headroom::compress::html {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

/// Bytes of the character at the start that shows as a blank (no-break space) or as nothing (zero width, soft hyphen).
std::size_t blank_length(std::string_view text) {
  return text.starts_with("\xC2\xA0") ? 2 : 0;
}
std::size_t unseen_length(std::string_view text) {
  if (text.starts_with("\xC2\xAD")) return 2;
  return text.starts_with("\xE2\x80\x8B") || text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

/// A byte that needs no look at: neither white space nor the start of anything above.
bool is_plain(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != '&' && c != '\xC2' && c != '\xE2' && c != '\xEF';
}

}  // namespace

void InlineText::flush_space() {
  if (space_ && !text_.empty() && text_.back() != '\n') text_ += ' ';
  space_ = false;
}

void InlineText::add(std::string_view text, bool raw) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size() && is_plain(text[end])) ++end;
    if (end > at) {
      flush_space();
      text_ += text.substr(at, end - at);
      at = end;
      continue;
    }
    const std::string_view rest = text.substr(at);
    if (is_space(rest.front())) {
      space_ = true;
      ++at;
    } else if (const std::size_t blank = blank_length(rest); blank > 0) {
      space_ = true;
      at += blank;
    } else if (const std::size_t unseen = unseen_length(rest); unseen > 0) {
      at += unseen;
    } else if (std::string sign; rest.front() == '&' && !raw) {
      const std::size_t length = decode_entity(rest, sign);
      if (length == 0) {
        flush_space();
        text_ += '&';
      } else if (blank_length(sign) > 0 || is_space(sign.front())) {
        space_ = true;
      } else if (unseen_length(sign) == 0) {
        flush_space();
        text_ += sign;
      }
      at += std::max<std::size_t>(length, 1);
    } else {
      flush_space();
      text_ += rest.front();
      ++at;
    }
  }
}

void InlineText::add_verbatim(std::string_view text, bool raw) {
  space_ = false;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t amp = raw ? text.size() : std::min(text.find('&', at), text.size());
    text_ += text.substr(at, amp - at);
    at = amp;
    if (at == text.size()) break;
    const std::size_t length = decode_entity(text.substr(at), text_);
    if (length == 0) text_ += '&';
    at += std::max<std::size_t>(length, 1);
  }
}

void InlineText::open(std::string_view mark) {
  flush_space();
  text_ += mark;
}

void InlineText::line_break() {
  space_ = false;
  while (!text_.empty() && text_.back() == ' ') text_.pop_back();
  if (!text_.empty() && text_.back() != '\n') text_ += '\n';
}

std::string InlineText::take() {
  while (!text_.empty() && (text_.back() == ' ' || text_.back() == '\n')) text_.pop_back();
  std::string out = std::move(text_);
  text_.clear();
  space_ = false;
  return out;
}

}  // namespace headroom::compress::html
