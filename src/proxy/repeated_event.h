#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::proxy {

/// What a stream has most of: events whose data is JSON, and which are byte for byte like one before, but for the text
/// of one string and blanks before the last bracket. Who has read that one knows all of them without reading lines and
/// JSON.
class RepeatedEvent {
 public:
  /// Events to come may be like this one, with the blank line behind it. `text` is the part of it between the quotes of
  /// the string; nothing is learned where it is no part of it.
  void learn(std::string_view event, std::string_view text);
  /// Events to come are likely to be these bytes with a text in between.
  void expect(std::string_view before, std::string_view behind);
  void forget() { before_.clear(); }

  struct Found {
    /// What stands between the quotes: it is well-formed, and its escapes are characters by themselves.
    std::string_view text;
    std::string_view event;
  };
  /// The event that the stream goes on with, where it is like the one that was learned and all of it is there.
  std::optional<Found> next(std::string_view stream) const;

 private:
  std::string before_, behind_;  // the text; nothing is learned where nothing is before it
  std::string end_;              // from the last bracket on: providers hide lengths by blanks before it
};

/// The text that stands so between quotes, as next() gives it.
std::string unescaped(std::string_view text);

}  // namespace headroom::proxy
