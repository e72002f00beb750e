#include "align/skeleton.h"

#include <algorithm>
#include <array>

#include "align/pin.h"
#include "base/byte_set.h"
#include "base/text.h"

namespace headroom::align {
namespace {

constexpr base::ByteSet kTokenByte("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-+=");

/// Names of which the value is nobody's business.
constexpr std::array<std::string_view, 6> kSecretNames = {"key", "token", "secret", "password", "passwd", "bearer"};
constexpr std::array<std::string_view, 9> kSecretStarts = {"sk-",  "ghp_", "gho_", "github_pat_", "xox",
                                                           "AKIA", "AIza", "eyJ",  "glpat-"};

bool looks_secret(std::string_view word) {
  if (word.size() >= 8 && std::ranges::any_of(kSecretStarts, [&](auto start) { return word.starts_with(start); })) {
    return true;
  }
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  if (!std::ranges::any_of(word, digit) || !std::ranges::any_of(word, letter)) return false;
  std::size_t run = 0, longest = 0;  // UUIDs and names of models have none as long as keys have
  for (const char c : word) {
    run = digit(c) || letter(c) ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest >= 16;
}

/// Decoded and literal bytes of the escape at the front of `escape`.
std::pair<std::size_t, std::size_t> escape_sizes(std::string_view escape) {
  if (escape.size() < 6 || escape[1] != 'u') return {1, 2};
  unsigned unit = 0;
  for (const char c : escape.substr(2, 4)) {
    const auto digit = static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    unit = unit * 16 + digit;
  }
  if (unit < 0x80) return {1, 6};
  if (unit < 0x800) return {2, 6};
  if (unit >= 0xD800 && unit < 0xDC00) return {4, 12};
  return {3, 6};
}

/// At most `most` bytes of the text, whole characters.
std::string_view head_of(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return text.substr(0, most);
}

}  // namespace

Skeleton skeleton_of(std::string_view text) {
  Skeleton out;
  out.values = volatile_values(text);
  out.text.reserve(text.size() + out.values.size() * 8);
  out.line_starts.push_back(0);
  std::string lengths;
  std::size_t at = 0;
  const auto literal = [&](std::size_t end) {
    const std::string_view piece = text.substr(at, end - at);
    for (std::size_t line = piece.find('\n'); line != std::string_view::npos; line = piece.find('\n', line + 1)) {
      out.line_starts.push_back(at + line + 1);
    }
    out.text += piece;
  };
  for (const Volatile& value : out.values) {
    literal(value.begin);
    lengths += std::to_string(value.begin - at) + ' ';
    out.text += '\x01';
    out.text += static_cast<char>('a' + static_cast<int>(value.kind));
    at = value.end;
  }
  literal(text.size());
  // A text may hold the bytes of a placeholder: the lengths tell them apart.
  if (!lengths.empty()) out.text += '\n' + lengths;
  return out;
}

const Skeleton& Skeletons::of(std::string_view text) {
  const auto same = [&](const auto& made) {
    return made.first.data() == text.data() && made.first.size() == text.size();
  };
  const auto known = std::ranges::find_if(made_, same);
  if (known != made_.end()) return *known->second;
  return *made_.emplace_back(text, std::make_unique<const Skeleton>(skeleton_of(text))).second;
}

std::vector<std::uint32_t> Skeleton::line_hashes() const {
  std::vector<std::uint32_t> hashes;
  std::string_view rest = text;
  for (std::size_t line = 0; line < line_starts.size() && line < Pin::kMaxLines; ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::uint32_t hash = 2166136261U;
    for (const char c : rest.substr(0, end)) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    hashes.push_back(hash);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return hashes;
}

std::vector<std::size_t> offsets_in_literal(std::string_view literal, std::span<const std::size_t> offsets) {
  std::vector<std::size_t> out;
  out.reserve(offsets.size());
  std::size_t decoded = 0, at = 1;
  std::size_t escape = std::min(literal.find('\\', at), literal.size());
  for (const std::size_t offset : offsets) {
    while (decoded < offset && at < literal.size()) {
      const std::size_t plain = std::min(escape - at, offset - decoded);
      at += plain;
      decoded += plain;
      if (decoded == offset || at >= literal.size()) break;
      const auto [bytes, size] = escape_sizes(literal.substr(at));
      decoded += bytes;
      at += size;
      escape = std::min(literal.find('\\', at), literal.size());
    }
    out.push_back(std::min(at, literal.size()));
  }
  return out;
}

std::string shown(std::string_view value) {
  value = head_of(base::trim(value), 400);
  std::string out;
  std::size_t at = 0;
  while (at < value.size() && out.size() < 80) {
    std::size_t end = at;
    while (end < value.size() && kTokenByte.has(value[end])) ++end;
    const std::string_view word = value.substr(at, end - at);
    if (word.empty()) {
      const auto c = static_cast<unsigned char>(value[at++]);
      out += c < 0x20 || c == 0x7F ? ' ' : static_cast<char>(c);
      const bool separator = c == ':' || c == '=' || c == ' ';
      if (separator && std::ranges::any_of(kSecretNames, [&](std::string_view name) {
            std::string_view before = base::trim(value.substr(0, at - 1));
            while (before.ends_with('"') || before.ends_with('\'')) before.remove_suffix(1);
            return (c != ' ' || name == "bearer") && before.size() >= name.size() &&
                   base::equals_ci(before.substr(before.size() - name.size()), name);
          })) {
        return out + "...";
      }
      continue;
    }
    if (const std::size_t assigned = word.find('='); assigned != std::string_view::npos && assigned + 1 < word.size()) {
      const std::string_view name = word.substr(0, assigned);
      if (std::ranges::any_of(kSecretNames, [&](std::string_view secret) { return base::contains_ci(name, secret); })) {
        return out + std::string(name) + "=...";
      }
    }
    out += looks_secret(word) ? std::string(word.substr(0, 6)) + "..." : std::string(word);
    at = end;
  }
  return at < value.size() || out.size() > 80 ? std::string(head_of(out, 77)) + "..." : out;
}

}  // namespace headroom::align
