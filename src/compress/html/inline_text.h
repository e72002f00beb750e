#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace headroom::compress::html {

/// Collects the text of one block: white space collapsed to single blanks, character references replaced.
class InlineText {
 public:
  /// Text of the page. `raw`: without character references.
  void add(std::string_view text, bool raw);
  /// The same, with white space as it is.
  void add_verbatim(std::string_view text, bool raw);
  /// Marks of markdown that belong to what follows ("`", "[") or to what stands before.
  void open(std::string_view mark);
  void close(std::string_view mark) { text_ += mark; }
  void space() { space_ = true; }
  /// A line break, unless at the start or after another.
  void line_break();

  bool empty() const { return text_.empty(); }
  std::size_t size() const { return text_.size(); }
  std::string_view from(std::size_t at) const { return std::string_view(text_).substr(at); }
  char last() const { return text_.empty() ? ' ' : text_.back(); }
  bool space_pending() const { return space_; }
  void cut(std::size_t at) { text_.resize(at); }
  /// The text without blanks at its end; empty afterwards.
  std::string take();

 private:
  void flush_space();
  std::string text_;
  bool space_ = false;
};

}  // namespace headroom::compress::html
