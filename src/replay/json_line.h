#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json_document.h"

namespace headroom::replay {

/// A JSON object of a recording. The text must outlive it.
class JsonLine {
 public:
  /// nullopt for what is no JSON object.
  static std::optional<JsonLine> parse(std::string_view text);

  const base::JsonDocument& document() const { return document_; }
  const base::JsonNode& root() const { return document_.root(); }
  /// Member of an object node; nullptr when there is none, or `object` is null or no object.
  const base::JsonNode* find(const base::JsonNode* object, std::string_view key) const;
  const base::JsonNode* find(std::string_view key) const { return find(&root(), key); }
  /// Text of a string member, else "".
  std::string_view text(const base::JsonNode* object, std::string_view key) const;
  std::string_view text(std::string_view key) const { return text(&root(), key); }
  /// A whole number that is not negative, else 0.
  std::uint64_t number(const base::JsonNode* object, std::string_view key) const;
  bool flag(const base::JsonNode* object, std::string_view key) const;
  /// A time as text or as a number of seconds or milliseconds; 0: none.
  std::int64_t time_ms(std::string_view key) const;

 private:
  explicit JsonLine(base::JsonDocument document) : document_(std::move(document)) {}
  base::JsonDocument document_;
};

}  // namespace headroom::replay
