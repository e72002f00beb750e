#include "compress/json/python_literal.h"

#include <array>
#include <cctype>

#include "base/json_string.h"
#include "base/python_string.h"
#include "base/text.h"

namespace headroom::compress::json {
namespace {

constexpr int kDeepest = 64;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<std::string> run() {
    skip_space();
    const std::size_t begin = at_;
    if (at_ >= text_.size() || (text_[at_] != '[' && text_[at_] != '{' && text_[at_] != '(')) return std::nullopt;
    out_.reserve(text_.size() + text_.size() / 16);
    if (!value(0)) return std::nullopt;
    skip_space();
    if (at_ != text_.size() || begin == at_) return std::nullopt;
    return std::move(out_);
  }

 private:
  char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }

  bool value(int depth) {
    if (depth > kDeepest) return false;
    switch (now()) {
      case '{':
        return items('}', '{', '}', depth);
      case '[':
        return items(']', '[', ']', depth);
      case '(':
        return items(')', '[', ']', depth);
      case '\'':
      case '"':
        return string();
      default:
        return word();
    }
  }

  /// The items up to `close`, with brackets of JSON around them.
  bool items(char close, char opened, char closed, int depth) {
    const bool keys = close == '}';
    ++at_;
    out_ += opened;
    for (bool first = true;; first = false) {
      skip_space();
      if (now() == close) break;
      if (!first) out_ += ", ";
      if (keys) {
        if (now() != '\'' && now() != '"') return false;  // a set, or keys that are no strings
        if (!string()) return false;
        skip_space();
        if (now() != ':') return false;
        ++at_;
        out_ += ": ";
        skip_space();
      }
      if (!value(depth + 1)) return false;
      skip_space();
      if (now() == ',') {
        ++at_;
      } else if (now() != close) {
        return false;
      }
    }
    ++at_;
    out_ += closed;
    return true;
  }

  bool string() {
    const std::size_t begin = at_;
    const char quote = now();
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    if (at_ >= text_.size()) return false;
    const auto said = base::decode_python_string(text_.substr(begin, ++at_ - begin));
    if (!said) return false;
    base::append_json_string(out_, *said);
    return true;
  }

  /// None, True, False, a number, or the call that makes a value: "Decimal('1.50')".
  bool word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                  std::string_view("+-._").find(text_[at_]) != std::string_view::npos)) {
      ++at_;
    }
    const std::string_view said = text_.substr(begin, at_ - begin);
    if (said.empty()) return false;
    if (now() == '(') return std::isalpha(static_cast<unsigned char>(said.front())) != 0 && call(begin);
    static constexpr std::array<std::array<std::string_view, 2>, 3> kWords = {
        {{"None", "null"}, {"True", "true"}, {"False", "false"}}};
    for (const auto& [python, json] : kWords) {
      if (said != python) continue;
      out_ += json;
      return true;
    }
    if (said == "nan" || said == "inf" || said == "-inf") {
      base::append_json_string(out_, said);
      return true;
    }
    if (!is_json_number(said)) return false;
    out_ += said;
    return true;
  }

  static bool is_json_number(std::string_view said) {
    const auto digit = [&](std::size_t i) { return i < said.size() && said[i] >= '0' && said[i] <= '9'; };
    std::size_t at = said.starts_with('-') ? 1 : 0;
    if (!digit(at) || (said[at] == '0' && digit(at + 1))) return false;
    while (digit(at)) ++at;
    if (at < said.size() && said[at] == '.') {
      if (!digit(++at)) return false;
      while (digit(at)) ++at;
    }
    if (at < said.size() && (said[at] == 'e' || said[at] == 'E')) {
      ++at;
      if (at < said.size() && (said[at] == '+' || said[at] == '-')) ++at;
      if (!digit(at)) return false;
      while (digit(at)) ++at;
    }
    return at == said.size();
  }

  /// A short call as a string of its source: "datetime.datetime(2026, 1, 2, 10, 0)".
  bool call(std::size_t begin) {
    static constexpr std::size_t kLongest = 200;
    int open = 0;
    char quote = '\0';
    for (; at_ < text_.size() && at_ - begin < kLongest; ++at_) {
      const char c = text_[at_];
      if (quote != '\0') {
        if (c == '\\') return false;
        if (c == quote) quote = '\0';
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(') {
        ++open;
      } else if (c == ')' && --open == 0) {
        ++at_;
        base::append_json_string(out_, text_.substr(begin, at_ - begin));
        return true;
      }
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::optional<std::string> json_of_python(std::string_view text) {
  auto json = Reader(base::trim(text)).run();
  if (json && *json == base::trim(text)) return std::nullopt;
  return json;
}

}  // namespace headroom::compress::json
