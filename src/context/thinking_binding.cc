#include "context/thinking_binding.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace headroom::context {
namespace {

struct Version {
  int major = 0, minor = 0;
  auto operator<=>(const Version&) const = default;
};

struct Family {
  std::string_view name;
  Version since;
  bool unversioned;  ///< so do names that say no version
};

constexpr std::array kFamilies{Family{"claude", {5, 1}, true}, Family{"gpt-", {6, 2}, false}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Behind the family's name words and numbers stand with '-' or '.' between them: "-opus-4-5-20250929", "-3-5-sonnet",
/// "-fable-5.1", "6.2-sol". The first number is the version's, and the one right behind it, where it is no date.
std::optional<Version> version_in(std::string_view rest) {
  constexpr std::size_t kLongest = 2;
  const auto number_at = [&](std::size_t at) -> std::optional<int> {
    std::size_t end = at;
    int value = 0;
    for (; end < rest.size() && is_digit(rest[end]); ++end) {
      if (end - at >= kLongest) return std::nullopt;
      value = value * 10 + (rest[end] - '0');
    }
    return end == at ? std::nullopt : std::optional(value);
  };
  for (std::size_t at = 0; at < rest.size(); ++at) {
    const bool begins = is_digit(rest[at]) && (at == 0 || rest[at - 1] == '-' || rest[at - 1] == '.');
    if (!begins) continue;
    const auto major = number_at(at);
    if (!major) return std::nullopt;
    while (at < rest.size() && is_digit(rest[at])) ++at;
    const bool more = at < rest.size() && (rest[at] == '-' || rest[at] == '.');
    return Version{*major, more ? number_at(at + 1).value_or(0) : 0};
  }
  return std::nullopt;
}

}  // namespace

bool binds_thinking(std::string_view model) {
  std::string name(model);
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const Family& family : kFamilies) {
    const std::size_t at = name.find(family.name);
    if (at == std::string::npos) continue;
    const auto version = version_in(std::string_view(name).substr(at + family.name.size()));
    return version ? *version >= family.since : family.unversioned;
  }
  return false;
}

ThinkingBinding thinking_binding(const wire::Conversation& conversation) {
  const auto last =
      std::ranges::find(conversation.messages.rbegin(), conversation.messages.rend(), true, &wire::Message::thinking);
  if (last == conversation.messages.rend() || !binds_thinking(conversation.model)) return {};
  return {true, last->first_block};
}

}  // namespace headroom::context
