#include "agents/edit/key_path.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/json_string.h"

namespace headroom::agents {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool is_plain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return is_plain(c); });
}

/// Takes a plain or quoted name off the front; "" when there is none.
std::string take_name(std::string_view& rest) {
  if (!rest.starts_with('"')) {
    const auto end = std::ranges::find_if_not(rest, [](char c) { return is_plain(c); });
    std::string name(rest.begin(), end);
    rest.remove_prefix(name.size());
    return name;
  }
  std::size_t end = 1;
  while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
  if (end >= rest.size()) return {};
  auto name = base::decode_json_string(rest.substr(0, end + 1));
  rest.remove_prefix(end + 1);
  return name.value_or("");
}

/// Takes `[3]` or `[name=value]` off the front; false when it is neither.
bool take_element(std::string_view& rest, Step& step) {
  rest.remove_prefix(1);
  step.key = take_name(rest);
  if (step.key.empty()) return false;
  if (rest.starts_with('=')) {
    rest.remove_prefix(1);
    step.kind = Step::Kind::kWhere;
    step.value = take_name(rest);
  } else {
    step.kind = Step::Kind::kIndex;
    const auto [end, error] = std::from_chars(step.key.data(), step.key.data() + step.key.size(), step.index);
    if (error != std::errc() || end != step.key.data() + step.key.size()) return false;
    step.key.clear();
  }
  if (!rest.starts_with(']')) return false;
  rest.remove_prefix(1);
  return true;
}

std::string written_name(std::string_view name) {
  return is_plain(name) ? std::string(name) : base::encode_json_string(name);
}

}  // namespace

base::Result<KeyPath> parse_key_path(std::string_view text) {
  const auto bad = [&] {
    return base::fail(base::ErrorCode::kInvalidArgument, fmt::format("'{}' is no path of keys", text));
  };
  KeyPath path;
  std::string_view rest = text;
  while (!rest.empty()) {
    Step step;
    if (rest.starts_with('[')) {
      if (!take_element(rest, step)) return bad();
    } else {
      if (!path.empty()) {
        if (!rest.starts_with('.')) return bad();
        rest.remove_prefix(1);
      }
      step.key = take_name(rest);
      if (step.key.empty()) return bad();
    }
    path.push_back(std::move(step));
  }
  if (path.empty()) return bad();
  return path;
}

std::string key_path_text(const KeyPath& path) {
  std::string text;
  for (const Step& step : path) {
    switch (step.kind) {
      case Step::Kind::kMember:
        text += fmt::format("{}{}", text.empty() ? "" : ".", written_name(step.key));
        break;
      case Step::Kind::kIndex:
        text += fmt::format("[{}]", step.index);
        break;
      case Step::Kind::kWhere:
        text += fmt::format("[{}={}]", written_name(step.key), written_name(step.value));
        break;
    }
  }
  return text;
}

KeyPath member_path(std::initializer_list<std::string_view> keys) {
  KeyPath path;
  for (const std::string_view key : keys) path.push_back({Step::Kind::kMember, std::string(key), {}, 0});
  return path;
}

}  // namespace headroom::agents
