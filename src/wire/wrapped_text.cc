#include "wire/wrapped_text.h"

#include <algorithm>
#include <utility>

#include "base/json_string.h"
#include "base/python_string.h"

namespace headroom::wire {

namespace {

constexpr std::size_t kShortest = 800, kLeastPercent = 70;
constexpr std::size_t kLongestHead = 200;  // of lines before the object
constexpr int kMostMembers = 16;
constexpr int kDeepest = 6;

std::size_t skip_space(std::string_view all, std::size_t at) {
  return std::min(all.find_first_not_of(" \t\r\n", at), all.size());
}

/// Behind the string that begins at `at`; the end of all where it has no end.
std::size_t string_end(std::string_view all, std::size_t at) {
  if (all[at] == '\'') {
    for (++at; (at = all.find_first_of("'\\\n", at)) < all.size() && all[at] == '\\';) at += 2;
    return at < all.size() && all[at] == '\'' ? at + 1 : all.size();
  }
  for (++at; (at = base::plain_until(all, at)) < all.size() && all[at] == '\\';) at += 2;
  return at < all.size() && all[at] == '"' ? at + 1 : all.size();
}

bool is_quote(char c) {
  return c == '"' || c == '\'';
}

/// The text of a string of JSON, or of Python, which writes most of its strings in single quotes.
std::optional<std::string> decoded(std::string_view literal, bool python) {
  if (python) return base::decode_python_string(literal);
  auto text = base::decode_json_string(literal);
  return text ? std::optional(*std::move(text)) : std::nullopt;
}

/// Behind the value that begins at `at`, which is no string; the end of all where it has none before `limit`.
std::size_t value_end(std::string_view all, std::size_t at, std::size_t limit) {
  int depth = 0;
  while (at < limit) {
    const char c = all[at];
    if (depth == 0 && (c == ',' || c == '}' || c == ']')) return at;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    at = is_quote(c) ? string_end(all, at) : at + 1;
  }
  return all.size();
}

/// Where the value of the member begins whose key stands at `at`; the end of all where there is no member.
std::size_t value_behind_key(std::string_view all, std::size_t at) {
  at = skip_space(all, at);
  if (at == all.size() || !is_quote(all[at])) return all.size();
  at = skip_space(all, string_end(all, at));
  return at == all.size() || all[at] != ':' ? all.size() : skip_space(all, at + 1);
}

/// Where the object begins: at once, or behind lines that hold no brace.
std::size_t object_begin(std::string_view all) {
  if (all.front() == '{' || all.front() == '[') return 0;
  const std::size_t at = all.substr(0, kLongestHead).find('{');
  return at != std::string_view::npos && all[at - 1] == '\n' ? at : all.size();
}

/// The object's text, and what stands around it in the object.
std::optional<WrappedText> unwrap_once(std::string_view all) {
  if (all.size() < kShortest || (!all.ends_with('}') && !all.ends_with(']'))) return std::nullopt;
  const std::size_t begin = object_begin(all);
  const std::size_t size = all.size() - begin;
  // What stands besides the text can take no more.
  const std::size_t limit = begin + size * (100 - kLeastPercent) / 100;
  std::size_t at = begin;
  if (begin == all.size()) return std::nullopt;
  bool list = all[begin] == '[';
  if (list && all[skip_space(all, 1)] != '{') return std::nullopt;
  int depth = 1;
  for (int member = 0; member < kMostMembers && at < limit; ++member) {
    at = list ? skip_space(all, at + 1) : value_behind_key(all, at + 1);
    if (at == all.size()) return std::nullopt;
    const std::size_t end = is_quote(all[at]) ? string_end(all, at) : value_end(all, at, limit);
    const bool objects = all[at] == '[' && all[std::min(skip_space(all, at + 1), all.size() - 1)] == '{';
    if (end == all.size() && (all[at] == '{' || objects) && depth < kDeepest) {
      // What is too long to stand beside the text holds it.
      list = objects;
      member = 0;
      ++depth;
      continue;
    }
    const std::size_t next = skip_space(all, end);
    if (next == all.size() || (all[next] != ',' && all[next] != '}' && all[next] != ']')) return std::nullopt;
    if (is_quote(all[at]) && (end - at) * 100 >= size * kLeastPercent) {
      const bool python = all[skip_space(all, all.find_first_not_of("[{ \n", begin))] == '\'';
      auto inner = decoded(all.substr(at, end - at), python);
      if (!inner) return std::nullopt;
      return WrappedText{std::string(all.substr(0, at)), *std::move(inner), std::string(all.substr(end))};
    }
    if (all[next] != ',') return std::nullopt;
    at = next;
  }
  return std::nullopt;
}

/// The text as it stands inside a JSON string, without the quotes.
std::string escaped(std::string_view text) {
  std::string quoted = base::encode_json_string(text);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

std::optional<WrappedText> unwrap(std::string_view all) {
  auto outer = unwrap_once(all);
  if (!outer) return std::nullopt;
  // Escapes make what is wrapped again much longer, so this does not go deep.
  auto inner = unwrap(outer->text);
  if (!inner) return outer;
  inner->before = outer->before + '"' + escaped(inner->before);
  inner->after = escaped(inner->after) + '"' + outer->after;
  ++inner->strings;
  return inner;
}

std::string wrap(std::string_view before, std::string_view text, std::string_view after, unsigned strings) {
  std::string inside = base::encode_json_string(text);
  for (unsigned i = 1; i < strings; ++i) inside = escaped(inside);
  std::string whole(before);
  return whole.append(inside).append(after);
}

}  // namespace headroom::wire
