#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/splice.h"

namespace headroom::base {

enum class JsonKind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

/// Bytes behind a JSON text that its parser may read, whatever they are.
inline constexpr std::size_t kJsonPadding = 64;

/// One value of a JsonDocument. Views point into the text that was parsed (or, for decoded strings with escapes, into
/// the document), so the text must outlive the document and must not move.
struct JsonNode {
  std::string_view raw;      ///< exact bytes of the value, no white space around it; numbers keep their spelling
  std::string_view key_raw;  ///< member of an object: the key literal with its quotes; else empty
  std::string_view key;      ///< the key, decoded; a key that has no UTF-8 text (lone surrogate) keeps its raw bytes
  std::string_view text;     ///< string: decoded text; see `decoded`
  std::uint32_t size = 0;    ///< array, object: number of children
  std::uint32_t next = 0;    ///< index of the node after this one's subtree
  JsonKind kind = JsonKind::kNull;
  bool decoded = true;  ///< string: false when it has no UTF-8 text (lone surrogate); `text` is then the raw inside
};

/// A JSON text as a flat list of nodes in document order, numbers and strings as slices of the source. Keeps duplicate
/// keys, key order and number spelling, because it never converts anything. Immutable after parse(), so it may be read
/// from several threads.
class JsonDocument {
 public:
  /// Nesting deeper than this is kTooLarge.
  static constexpr int kMaxDepth = 1024;

  /// Parses one JSON value with nothing but white space around it. kParse for anything else (with the byte offset
  /// where known), kTooLarge past kMaxDepth or 4 GiB. All views point into `text` itself. `expected_nodes`, where it is
  /// known, spares growing. `padded`: kJsonPadding bytes behind the text may be read; otherwise it is copied meanwhile.
  static Result<JsonDocument> parse(std::string_view text, std::size_t expected_nodes = 0, bool padded = false);

  const JsonNode& root() const { return nodes_.front(); }
  const JsonNode& node(std::uint32_t index) const { return nodes_[index]; }
  std::uint32_t index_of(const JsonNode& node) const { return static_cast<std::uint32_t>(&node - nodes_.data()); }
  std::span<const JsonNode> nodes() const { return nodes_; }

  /// Children of an array or object, in order:  for (const JsonNode& child : doc.children(node)) ...
  class ChildRange {
   public:
    class Iterator {
     public:
      Iterator(const JsonNode* base, std::uint32_t at) : base_(base), at_(at) {}
      const JsonNode& operator*() const { return base_[at_]; }
      const JsonNode* operator->() const { return base_ + at_; }
      Iterator& operator++() {
        at_ = base_[at_].next;
        return *this;
      }
      bool operator==(const Iterator& other) const { return at_ == other.at_; }

     private:
      const JsonNode* base_;
      std::uint32_t at_;
    };
    ChildRange(const JsonNode* base, std::uint32_t begin, std::uint32_t end) : base_(base), begin_(begin), end_(end) {}
    Iterator begin() const { return {base_, begin_}; }
    Iterator end() const { return {base_, end_}; }

   private:
    const JsonNode* base_;
    std::uint32_t begin_, end_;
  };
  ChildRange children(const JsonNode& node) const;

  /// First member of that name, or nullptr. With duplicate keys the last one counts for most readers: see find_last.
  const JsonNode* find(const JsonNode& object, std::string_view key) const;
  const JsonNode* find_last(const JsonNode& object, std::string_view key) const;
  /// Text of the last member of that name, if it is a string; else "".
  std::string_view string_member(const JsonNode& object, std::string_view key) const;

  /// Where the node's bytes are in the parsed text.
  Span span(const JsonNode& node) const;

 private:
  friend class JsonDocumentBuilder;
  const char* base_ = nullptr;
  std::vector<JsonNode> nodes_;
  std::unique_ptr<char[]> decoded_;  // strings that differ from their source, one behind the other
};

}  // namespace headroom::base
