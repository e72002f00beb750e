#include "base/json_small.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "base/utf8.h"

namespace headroom::base {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t kMostNodes = 128;
constexpr int kDeepest = 64;
constexpr std::uint64_t kHigh = 0x8080808080808080;

using Bytes = unsigned char __attribute__((vector_size(16)));
using Halves = std::array<std::uint64_t, 2>;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Writes the character as UTF-8; gives what is behind it.
char* put_character(std::uint32_t code, char* to) {
  const auto put = [&](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  const auto rest = [&](unsigned shift) { put(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    rest(0);
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    rest(6);
    rest(0);
  } else {
    put(0xF0U | (code >> 18U));
    rest(12);
    rest(6);
    rest(0);
  }
  return to;
}

class SmallJson {
 public:
  explicit SmallJson(std::string_view text)
      : text_(text), begin_(text.data()), end_(text.data() + text.size()), at_(begin_) {}

  bool read() {
    skip_space();
    if (!add({}, {}, 0)) return false;
    skip_space();
    return at_ == end_ && ((beyond_ascii_ & kHigh) == 0 || is_utf8(text_));
  }

  void give(std::vector<JsonNode>& nodes, std::unique_ptr<char[]>& decoded) {
    nodes.assign(nodes_.each.begin(), nodes_.each.begin() + static_cast<std::ptrdiff_t>(count_));
    decoded = std::move(decoded_);
  }

 private:
  void skip_space() {
    while (at_ < end_ && static_cast<unsigned char>(*at_) <= ' ') {
      if (*at_ != ' ' && *at_ != '\n' && *at_ != '\t' && *at_ != '\r') break;
      ++at_;
    }
  }
  bool takes(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  static std::string_view between(const char* from, const char* to) {
    return {from, static_cast<std::size_t>(to - from)};
  }

  bool add(std::string_view key_raw, std::string_view key, int depth) {
    if (at_ == end_ || count_ == kMostNodes) return false;
    const std::size_t index = count_++;
    JsonNode& node = *std::construct_at(&nodes_.each[index]);
    node.key_raw = key_raw;
    node.key = key;
    const char* const from = at_;
    const bool good = *at_ == '"'                  ? add_string(node)
                      : *at_ == '{' || *at_ == '[' ? depth < kDeepest && add_children(node, depth)
                                                   : add_word(node);
    node.raw = between(from, at_);
    node.next = static_cast<std::uint32_t>(count_);
    return good;
  }

  bool add_string(JsonNode& node) {
    node.kind = JsonKind::kString;
    return read_string(node.text);
  }

  bool add_children(JsonNode& node, int depth) {
    const bool members = *at_++ == '{';
    const char close = members ? '}' : ']';
    node.kind = members ? JsonKind::kObject : JsonKind::kArray;
    skip_space();
    if (takes(close)) return true;
    for (;;) {
      std::string_view key_raw, key;
      if (members && !read_key(key_raw, key)) return false;
      if (!add(key_raw, key, depth + 1)) return false;
      ++node.size;
      skip_space();
      if (takes(close)) return true;
      if (!takes(',')) return false;
      skip_space();
    }
  }

  /// With the colon and the space behind it.
  bool read_key(std::string_view& raw, std::string_view& key) {
    if (at_ == end_ || *at_ != '"') return false;
    const char* const from = at_;
    if (!read_string(key)) return false;
    raw = between(from, at_);
    skip_space();
    if (!takes(':')) return false;
    skip_space();
    return true;
  }

  bool add_word(JsonNode& node) {
    switch (*at_) {
      case 'n':
        node.kind = JsonKind::kNull;
        return takes_word("null");
      case 't':
        node.kind = JsonKind::kBool;
        return takes_word("true");
      case 'f':
        node.kind = JsonKind::kBool;
        return takes_word("false");
      default:
        node.kind = JsonKind::kNumber;
        return takes_number();
    }
  }

  bool takes_word(std::string_view word) {
    if (!between(at_, end_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  // What may follow it, the caller looks for.
  bool takes_number() {
    takes('-');
    if (!takes('0') && !takes_digits()) return false;
    if (takes('.') && !takes_digits()) return false;
    if (!takes('e') && !takes('E')) return true;
    if (!takes('+')) takes('-');
    return takes_digits();
  }
  bool takes_digits() {
    const char* const from = at_;
    while (at_ < end_ && is_digit(*at_)) ++at_;
    return at_ > from;
  }

  /// The literal that begins here; `text` is a slice of it, or a copy where something is escaped.
  bool read_string(std::string_view& text) {
    const char* const from = ++at_;
    skip_plain();
    if (at_ == end_) return false;
    text = between(from, at_);
    if (*at_ == '"') {
      ++at_;
      return true;
    }
    return *at_ == '\\' && read_escaped(from, text);
  }

  /// Up to the next byte that is a quote, a backslash or a control character.
  void skip_plain() {
    const char* at = at_;
    for (; static_cast<std::size_t>(end_ - at) >= sizeof(Bytes); at += sizeof(Bytes)) {
      Bytes bytes;
      std::memcpy(&bytes, at, sizeof(bytes));
      const auto found = (bytes < 0x20) | (bytes == '"') | (bytes == '\\');  // of each byte all bits, or none
      Halves halves, seen;
      std::memcpy(&halves, &found, sizeof(found));
      std::memcpy(&seen, &bytes, sizeof(bytes));
      beyond_ascii_ |= seen[0] | seen[1];
      if (halves[0] != 0 || halves[1] != 0) {
        at_ = at + (halves[0] != 0 ? std::countr_zero(halves[0]) : 64 + std::countr_zero(halves[1])) / 8;
        return;
      }
    }
    for (; at < end_; ++at) {
      const auto c = static_cast<unsigned char>(*at);
      if (c < 0x20 || c == '"' || c == '\\') break;
      beyond_ascii_ |= c;
    }
    at_ = at;
  }

  bool read_escaped(const char* from, std::string_view& text) {
    if (decoded_ == nullptr) {
      // No decoded string is longer than its source.
      decoded_ = std::make_unique_for_overwrite<char[]>(static_cast<std::size_t>(end_ - from));
      free_ = decoded_.get();
    }
    char* const begin = free_;
    for (;;) {
      const auto plain = static_cast<std::size_t>(at_ - from);
      std::memcpy(free_, from, plain);
      free_ += plain;
      if (at_ == end_) return false;
      if (*at_ == '"') break;
      if (*at_ != '\\' || !read_escape()) return false;
      from = at_;
      skip_plain();
    }
    ++at_;
    text = between(begin, free_);
    return true;
  }

  bool read_escape() {
    if (end_ - at_ < 2) return false;
    const char kind = at_[1];
    at_ += 2;
    if (kind == 'u') return read_code_point();
    static constexpr std::string_view kNames = R"("\/bfnrt)", kValues = "\"\\/\b\f\n\r\t";
    const std::size_t which = kNames.find(kind);
    if (which == std::string_view::npos) return false;
    *free_++ = kValues[which];
    return true;
  }

  /// Behind the "\u".
  bool read_code_point() {
    const std::int32_t unit = read_unit();
    if (unit < 0) return false;
    auto code = static_cast<std::uint32_t>(unit);
    if (code >= 0xD800 && code <= 0xDFFF) {
      if (code > 0xDBFF || !takes('\\') || !takes('u')) return false;
      const std::int32_t low = read_unit();
      if (low < 0xDC00 || low > 0xDFFF) return false;
      code = 0x10000U + ((code - 0xD800U) << 10U) + (static_cast<std::uint32_t>(low) - 0xDC00U);
    }
    free_ = put_character(code, free_);
    return true;
  }

  /// Four hex digits, or -1.
  std::int32_t read_unit() {
    if (end_ - at_ < 4) return -1;
    std::int32_t unit = 0;
    for (int i = 0; i < 4; ++i) {
      const int digit = hex_digit(*at_++);
      if (digit < 0) return -1;
      unit = unit * 16 + digit;
    }
    return unit;
  }

  std::string_view text_;
  const char* begin_;
  const char* end_;
  const char* at_;
  std::uint64_t beyond_ascii_ = 0;  // all bytes of strings, and some behind them: whether a high bit is set
  std::unique_ptr<char[]> decoded_;
  char* free_ = nullptr;  // in decoded_
  std::size_t count_ = 0;
  // Not made before they are used: that would cost more than most texts.
  union Nodes {
    Nodes() {}
    std::array<JsonNode, kMostNodes> each;
  };
  Nodes nodes_;
};

}  // namespace

bool read_small_json(std::string_view text, std::vector<JsonNode>& nodes, std::unique_ptr<char[]>& decoded) {
  if (text.size() > kSmallJson) return false;
  SmallJson reader(text);
  if (!reader.read()) return false;
  reader.give(nodes, decoded);
  return true;
}

}  // namespace headroom::base
