#include "base/json_document.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_string.h"

namespace headroom::base {

namespace {

/// Of one document. A value costs fifty times its shortest spelling ("0,") in memory, so their number is bounded, too.
constexpr std::size_t kMaxNodes = std::size_t{1} << 21;

/// Of a text with many nodes; with fewer, some of the room for them is reserved and never touched.
constexpr std::size_t kBytesOfNode = 12;

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The number grammar of RFC 8259; simdjson hands out raw number tokens unchecked.
bool is_json_number(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at > start;
  };
  if (at < text.size() && text[at] == '-') ++at;
  if (at < text.size() && text[at] == '0') {
    ++at;
  } else if (!digits()) {
    return false;
  }
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (!digits()) return false;
  }
  return at == text.size();
}

std::string_view trim_right(std::string_view text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

/// Walks once over what simdjson's first stage has found (the bytes of structure, and where scalars begin) and appends
/// nodes. That stage has checked UTF-8 and that strings end and hold no control characters; the grammar is checked
/// here. simdjson's own ways through the same list cost twice as much, because they do not hand out what a node needs.
class JsonDocumentBuilder {
 public:
  using Stage = simdjson::internal::dom_parser_implementation;

  /// `padded` is the text's first byte, or a copy's, with kJsonPadding readable bytes behind the text.
  JsonDocumentBuilder(std::string_view text, const char* padded, const Stage& stage, JsonDocument& out)
      : text_(text),
        padded_(padded),
        stage_(stage),
        tokens_(stage.structural_indexes.get(), stage.n_structural_indexes),
        escapes_(text.contains('\\')),
        out_(out) {}

  std::optional<Error> build() {
    if (!add({}, {}, 0)) return std::move(error_);
    if (at_ < tokens_.size()) fails("unexpected bytes after the value");
    return std::move(error_);
  }

 private:
  bool fails(std::string_view what, std::size_t offset) {
    error_ = Error{ErrorCode::kParse, fmt::format("not valid JSON: {} at byte {}", what, offset)};
    return false;
  }
  bool fails(std::string_view what) { return fails(what, begin()); }
  bool too_large(std::string what) {
    error_ = Error{ErrorCode::kTooLarge, std::move(what)};
    return false;
  }

  std::size_t begin() const { return at_ < tokens_.size() ? tokens_[at_] : text_.size(); }
  /// The first byte of the token; 0 behind the last one.
  char byte() const { return at_ < tokens_.size() ? text_[tokens_[at_]] : '\0'; }
  /// All bytes of the token, and goes on to the next one.
  std::string_view take() {
    const std::size_t from = tokens_[at_++];
    return trim_right(text_.substr(from, begin() - from));
  }
  std::size_t offset(std::string_view view) const { return static_cast<std::size_t>(view.data() - text_.data()); }

  bool add(std::string_view key_raw, std::string_view key, int depth) {
    if (out_.nodes_.size() >= kMaxNodes) return too_large(fmt::format("JSON of more than {} values", kMaxNodes));
    const char first = byte();
    const auto index = static_cast<std::uint32_t>(out_.nodes_.size());
    JsonNode& node = out_.nodes_.emplace_back();
    node.key_raw = key_raw;
    node.key = key;
    if (first != '{' && first != '[') {
      node.next = index + 1;
      return read_scalar(node);
    }
    if (depth >= JsonDocument::kMaxDepth) {
      return too_large(fmt::format("JSON nested deeper than {} levels", JsonDocument::kMaxDepth));
    }
    node.kind = first == '[' ? JsonKind::kArray : JsonKind::kObject;
    const std::size_t from = tokens_[at_++];
    std::uint32_t size = 0;
    if (!(first == '[' ? add_items(depth, size) : add_members(depth, size))) return false;
    JsonNode& done = out_.nodes_[index];
    done.raw = text_.substr(from, tokens_[at_++] + 1 - from);
    done.size = size;
    done.next = static_cast<std::uint32_t>(out_.nodes_.size());
    return true;
  }

  /// Up to the closing bracket.
  bool add_items(int depth, std::uint32_t& size) {
    if (byte() == ']') return true;
    while (true) {
      if (!add({}, {}, depth + 1)) return false;
      ++size;
      if (byte() == ']') return true;
      if (byte() != ',') return fails("expected ',' or ']'");
      ++at_;
    }
  }

  /// Up to the closing bracket.
  bool add_members(int depth, std::uint32_t& size) {
    if (byte() == '}') return true;
    while (true) {
      if (byte() != '"') return fails("expected a key");
      const std::string_view key_raw = take();
      std::string_view key;
      bool decoded = true;
      if (!decode(key_raw, key, decoded)) return false;
      if (byte() != ':') return fails("expected ':'");
      ++at_;
      if (!add(key_raw, key, depth + 1)) return false;
      ++size;
      if (byte() == '}') return true;
      if (byte() != ',') return fails("expected ',' or '}'");
      ++at_;
    }
  }

  bool read_scalar(JsonNode& node) {
    if (at_ == tokens_.size()) return fails("a value is missing");
    const std::string_view raw = node.raw = take();
    switch (raw.front()) {
      case '"':
        node.kind = JsonKind::kString;
        return decode(raw, node.text, node.decoded);
      case 'n':
        node.kind = JsonKind::kNull;
        return raw == "null" || fails("bad value", offset(raw));
      case 't':
      case 'f':
        node.kind = JsonKind::kBool;
        return raw == "true" || raw == "false" || fails("bad value", offset(raw));
      default:
        node.kind = JsonKind::kNumber;
        return is_json_number(raw) || fails("bad value", offset(raw));
    }
  }

  /// Eight bytes at a time, which may run into the padding.
  bool has_backslash(const char* inside, std::size_t size) const {
    static_assert(std::endian::native == std::endian::little);
    static constexpr std::uint64_t kOnes = ~std::uint64_t{0} / 255;
    for (;; inside += 8, size -= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, inside, 8);
      word ^= kOnes * '\\';
      // The lowest bit that is set is right, so bytes behind the string can be cut off.
      const std::uint64_t found = (word - kOnes) & ~word & (kOnes << 7U);
      if (size <= 8) return size > 0 && found << (64 - 8 * size) != 0;
      if (found != 0) return true;
    }
  }

  /// `text` becomes the decoded literal: a slice of the source where nothing is escaped, else a copy in the arena.
  bool decode(std::string_view literal, std::string_view& text, bool& decoded) {
    if (literal.size() < 2 || literal.back() != '"') return fails("unfinished string", offset(literal));
    text = {literal.data() + 1, literal.size() - 2};
    return !escapes_ || !has_backslash(padded_ + offset(text), text.size()) || unescape(literal, text, decoded);
  }

  bool unescape(std::string_view literal, std::string_view& text, bool& decoded) {
    if (next_ == nullptr) {
      // No decoded string is longer than its source; simdjson writes whole registers, so there is some room behind.
      out_.decoded_ = std::make_unique_for_overwrite<char[]>(text_.size() - offset(literal) + kRoom);
      next_ = reinterpret_cast<std::uint8_t*>(out_.decoded_.get());
    }
    const auto* const inside = reinterpret_cast<const std::uint8_t*>(padded_ + offset(literal) + 1);
    if (std::uint8_t* const end = stage_.parse_string(inside, next_, false); end != nullptr) {
      text = {reinterpret_cast<const char*>(next_), static_cast<std::size_t>(end - next_)};
      next_ = end;
      return true;
    }
    const auto copy = decode_json_string(literal);
    if (!copy && copy.error().message.starts_with("lone")) {
      decoded = false;
      return true;
    }
    return fails("bad escape in a string", offset(literal));
  }

  std::string_view text_;
  const char* padded_;
  const Stage& stage_;
  std::span<const std::uint32_t> tokens_;  // where each begins
  const bool escapes_;                     // there are any
  JsonDocument& out_;
  static constexpr std::size_t kRoom = 2 * simdjson::SIMDJSON_PADDING;
  std::uint8_t* next_ = nullptr;  // where the next decoded string goes
  std::size_t at_ = 0;            // in tokens_
  std::optional<Error> error_;
};

namespace {

Error parse_error(simdjson::error_code error) {
  return {ErrorCode::kParse, fmt::format("not valid JSON: {}", simdjson::error_message(error))};
}

}  // namespace

Result<JsonDocument> JsonDocument::parse(std::string_view text, std::size_t expected_nodes, bool padded) {
  static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    return fail(ErrorCode::kTooLarge, "JSON text of 4 GiB or more");
  }
  if (text.starts_with("\xEF\xBB\xBF")) return fail(ErrorCode::kParse, "not valid JSON: a byte order mark");
  const simdjson::padded_string copy = padded ? simdjson::padded_string() : simdjson::padded_string(text);
  const char* const bytes = padded ? text.data() : copy.data();
  std::unique_ptr<JsonDocumentBuilder::Stage> stage;
  auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(text.size(), 1, stage);
  if (error) return std::unexpected(parse_error(error));
  error = stage->stage1(reinterpret_cast<const std::uint8_t*>(bytes), text.size(), simdjson::stage1_mode::regular);
  if (error) return std::unexpected(parse_error(error));
  JsonDocument out;
  out.base_ = text.data();
  // Each node but the first has two bytes of structure at least: what opens and closes it, or itself and a comma.
  const std::size_t most = std::min<std::size_t>(stage->n_structural_indexes / 2 + 1, kMaxNodes);
  out.nodes_.reserve(std::min(expected_nodes > 0 ? expected_nodes : text.size() / kBytesOfNode + 4, most));
  JsonDocumentBuilder builder(text, bytes, *stage, out);
  if (auto failure = builder.build()) return std::unexpected(std::move(*failure));
  return out;
}

JsonDocument::ChildRange JsonDocument::children(const JsonNode& node) const {
  const std::uint32_t index = index_of(node);
  if (node.kind != JsonKind::kArray && node.kind != JsonKind::kObject) return {nodes_.data(), index, index};
  return {nodes_.data(), index + 1, node.next};
}

const JsonNode* JsonDocument::find(const JsonNode& object, std::string_view key) const {
  if (object.kind != JsonKind::kObject) return nullptr;
  for (const JsonNode& child : children(object)) {
    if (child.key == key) return &child;
  }
  return nullptr;
}

const JsonNode* JsonDocument::find_last(const JsonNode& object, std::string_view key) const {
  if (object.kind != JsonKind::kObject) return nullptr;
  const JsonNode* last = nullptr;
  for (const JsonNode& child : children(object)) {
    if (child.key == key) last = &child;
  }
  return last;
}

std::string_view JsonDocument::string_member(const JsonNode& object, std::string_view key) const {
  const JsonNode* member = find_last(object, key);
  return member != nullptr && member->kind == JsonKind::kString ? member->text : std::string_view();
}

Span JsonDocument::span(const JsonNode& node) const {
  const auto begin = static_cast<std::size_t>(node.raw.data() - base_);
  return {begin, begin + node.raw.size()};
}

}  // namespace headroom::base
