#include "base/json_document.h"

#include <algorithm>
#include <limits>
#include <optional>
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

/// Walks a simdjson on-demand document once and appends nodes. On-demand checks commas, colons and brackets as it goes;
/// scalars come as raw tokens and are checked here.
class JsonDocumentBuilder {
 public:
  JsonDocumentBuilder(std::string_view text, const char* padded, const simdjson::ondemand::parser& parser,
                      JsonDocument& out)
      : text_(text), padded_(padded), parser_(parser), out_(out) {}

  std::optional<Error> build(simdjson::ondemand::document& document) {
    simdjson::ondemand::json_type type{};
    if (auto error = document.type().get(type)) return parse_error(error, 0);
    if (type == simdjson::ondemand::json_type::array || type == simdjson::ondemand::json_type::object) {
      simdjson::ondemand::value value;
      if (auto error = document.get_value().get(value)) return parse_error(error, 0);
      if (auto failure = add(value, {}, {}, 0)) return failure;
      if (!trim_right(text_.substr(end_)).empty()) return offset_error("unexpected bytes after the value", end_);
      return std::nullopt;
    }
    std::string_view token = text_;
    while (!token.empty() && is_space(token.front())) token.remove_prefix(1);
    token = trim_right(token);
    // simdjson does not look past the first token of a scalar document, so two strings in a row must be told from one.
    if (token.starts_with('"')) {
      const auto whole = decode_json_string(token);
      if (!whole && !whole.error().message.starts_with("lone"))
        return offset_error(whole.error().message, offset(token));
    }
    return add_scalar(token, {}, {});
  }

 private:
  using Failure = std::optional<Error>;

  static Failure offset_error(std::string_view what, std::size_t offset) {
    return Error{ErrorCode::kParse, fmt::format("not valid JSON: {} at byte {}", what, offset)};
  }
  static Failure parse_error(simdjson::error_code error, std::size_t offset) {
    return offset_error(simdjson::error_message(error), offset);
  }

  /// The same bytes in the caller's text.
  std::string_view in_text(std::string_view padded_view) const {
    return text_.substr(static_cast<std::size_t>(padded_view.data() - padded_), padded_view.size());
  }
  std::size_t offset(std::string_view view) const { return static_cast<std::size_t>(view.data() - text_.data()); }

  Failure add(simdjson::ondemand::value value, std::string_view key_raw, std::string_view key, int depth) {
    using simdjson::ondemand::json_type;
    json_type type{};
    if (auto error = value.type().get(type)) return parse_error(error, end_);
    if (out_.nodes_.size() >= kMaxNodes) {
      return Error{ErrorCode::kTooLarge, fmt::format("JSON of more than {} values", kMaxNodes)};
    }
    if (type != json_type::array && type != json_type::object) {
      return add_scalar(in_text(trim_right(value.raw_json_token())), key_raw, key);
    }
    if (depth >= JsonDocument::kMaxDepth) {
      return Error{ErrorCode::kTooLarge, fmt::format("JSON nested deeper than {} levels", JsonDocument::kMaxDepth)};
    }
    const std::string_view open = in_text(value.raw_json_token());
    const std::size_t begin = offset(open);
    const auto index = static_cast<std::uint32_t>(out_.nodes_.size());
    JsonNode node;
    node.kind = type == json_type::array ? JsonKind::kArray : JsonKind::kObject;
    node.key_raw = key_raw;
    node.key = key;
    out_.nodes_.push_back(node);
    end_ = begin + 1;
    std::uint32_t size = 0;
    if (auto failure = type == json_type::array ? add_items(value, depth, size) : add_members(value, depth, size)) {
      return failure;
    }
    while (end_ < text_.size() && is_space(text_[end_])) ++end_;
    ++end_;  // the closing bracket
    begin_ = begin;
    JsonNode& done = out_.nodes_[index];
    done.raw = text_.substr(begin, end_ - begin);
    done.size = size;
    done.next = static_cast<std::uint32_t>(out_.nodes_.size());
    return std::nullopt;
  }

  Failure add_items(simdjson::ondemand::value& value, int depth, std::uint32_t& size) {
    simdjson::ondemand::array array;
    if (auto error = value.get_array().get(array)) return parse_error(error, end_);
    for (auto item : array) {
      simdjson::ondemand::value child;
      if (auto error = std::move(item).get(child)) return parse_error(error, end_);
      const std::size_t expected = child_begin(size);
      if (auto failure = add(child, {}, {}, depth + 1)) return failure;
      if (begin_ != expected || !child_ends(']')) return offset_error("expected ',' or ']'", end_);
      ++size;
    }
    return closes(']') ? std::nullopt : offset_error("expected ']'", end_);
  }

  Failure add_members(simdjson::ondemand::value& value, int depth, std::uint32_t& size) {
    simdjson::ondemand::object object;
    if (auto error = value.get_object().get(object)) return parse_error(error, end_);
    for (auto member : object) {
      simdjson::ondemand::field field;
      if (auto error = std::move(member).get(field)) return parse_error(error, end_);
      const std::string_view key_raw = key_literal(field.key().raw());
      if (offset(key_raw) != child_begin(size)) return offset_error("expected ',' or '}'", end_);
      std::string_view key;
      bool decoded = true;
      if (auto failure = decode(key_raw, key, decoded)) return failure;
      std::size_t expected = skip_space(offset(key_raw) + key_raw.size());
      if (expected >= text_.size() || text_[expected] != ':') return offset_error("expected ':'", expected);
      expected = skip_space(expected + 1);
      if (auto failure = add(field.value(), key_raw, key, depth + 1)) return failure;
      if (begin_ != expected || !child_ends('}')) return offset_error("expected ',' or '}'", end_);
      ++size;
    }
    return closes('}') ? std::nullopt : offset_error("expected '}'", end_);
  }

  std::size_t skip_space(std::size_t at) const {
    while (at < text_.size() && is_space(text_[at])) ++at;
    return at;
  }

  // On-demand does not look at what follows a scalar that it has only been asked the raw token of, so the grammar
  // between children is checked here.

  /// Where the next child (or key) must begin: after the opening bracket or a comma.
  std::size_t child_begin(std::uint32_t children_before) const {
    return skip_space(children_before == 0 ? end_ : skip_space(end_) + 1);
  }
  /// What follows the child that ends at end_ may follow it.
  bool child_ends(char close) const {
    const std::size_t at = skip_space(end_);
    return at < text_.size() && (text_[at] == ',' || text_[at] == close);
  }
  bool closes(char close) const {
    const std::size_t at = skip_space(end_);
    return at < text_.size() && text_[at] == close;
  }

  /// The key literal with quotes, from simdjson's pointer to the byte after the opening quote.
  std::string_view key_literal(const char* inside) const {
    const auto begin = static_cast<std::size_t>(inside - padded_) - 1;
    std::size_t end = begin + 1;
    while (text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    return text_.substr(begin, end + 1 - begin);
  }

  /// `text` becomes the decoded literal: a slice of the source where nothing is escaped, else a copy in the arena.
  Failure decode(std::string_view literal, std::string_view& text, bool& decoded) {
    text = literal.substr(1, literal.size() - 2);
    if (text.find('\\') == std::string_view::npos) return std::nullopt;
    if (next_ == nullptr) {
      // No decoded string is longer than its source; simdjson writes whole registers, so there is some room behind.
      out_.decoded_ = std::make_unique_for_overwrite<char[]>(text_.size() - offset(literal) + kRoom);
      next_ = reinterpret_cast<std::uint8_t*>(out_.decoded_.get());
    }
    const auto* const inside = reinterpret_cast<const std::uint8_t*>(padded_ + offset(literal) + 1);
    if (!parser_.unescape(simdjson::ondemand::raw_json_string(inside), next_).get(text)) return std::nullopt;
    text = literal.substr(1, literal.size() - 2);
    const auto copy = decode_json_string(literal);
    if (!copy && copy.error().message.starts_with("lone")) {
      decoded = false;
      return std::nullopt;
    }
    return offset_error("bad escape in a string", offset(literal));
  }

  Failure add_scalar(std::string_view raw, std::string_view key_raw, std::string_view key) {
    JsonNode node;
    node.raw = raw;
    node.key_raw = key_raw;
    node.key = key;
    const char first = raw.empty() ? '\0' : raw.front();
    if (first == '"') {
      node.kind = JsonKind::kString;
      if (raw.size() < 2 || raw.back() != '"') return offset_error("unfinished string", offset(raw));
      if (auto failure = decode(raw, node.text, node.decoded)) return failure;
    } else if (raw == "null") {
      node.kind = JsonKind::kNull;
    } else if (raw == "true" || raw == "false") {
      node.kind = JsonKind::kBool;
    } else if (is_json_number(raw)) {
      node.kind = JsonKind::kNumber;
    } else {
      return offset_error("bad value", raw.empty() ? end_ : offset(raw));
    }
    begin_ = offset(raw);
    end_ = begin_ + raw.size();
    node.next = static_cast<std::uint32_t>(out_.nodes_.size()) + 1;
    out_.nodes_.push_back(node);
    return std::nullopt;
  }

  std::string_view text_;
  const char* padded_;
  const simdjson::ondemand::parser& parser_;
  JsonDocument& out_;
  static constexpr std::size_t kRoom = 2 * simdjson::SIMDJSON_PADDING;
  std::uint8_t* next_ = nullptr;  // where the next decoded string goes
  std::size_t begin_ = 0;         // first byte of the value that was read last
  std::size_t end_ = 0;           // first byte after what has been read
};

Result<JsonDocument> JsonDocument::parse(std::string_view text, std::size_t expected_nodes, bool padded) {
  static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    return fail(ErrorCode::kTooLarge, "JSON text of 4 GiB or more");
  }
  if (text.starts_with("\xEF\xBB\xBF")) return fail(ErrorCode::kParse, "not valid JSON: a byte order mark");
  const simdjson::padded_string copy = padded ? simdjson::padded_string() : simdjson::padded_string(text);
  const char* const bytes = padded ? text.data() : copy.data();
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  if (auto error = parser.iterate(bytes, text.size(), text.size() + simdjson::SIMDJSON_PADDING).get(document)) {
    return fail(ErrorCode::kParse, fmt::format("not valid JSON: {}", simdjson::error_message(error)));
  }
  JsonDocument out;
  out.base_ = text.data();
  out.nodes_.reserve(std::min(expected_nodes > 0 ? expected_nodes : text.size() / kBytesOfNode + 4, kMaxNodes));
  JsonDocumentBuilder builder(text, bytes, parser, out);
  if (auto failure = builder.build(document)) return std::unexpected(std::move(*failure));
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
