#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::proxy {

/// What a stream has most of: events in JSON that are byte for byte like one before, but for the text of one string.
/// Who has read that one knows all of them without reading JSON.
class RepeatedEvent {
 public:
  /// Events to come may be like this one. `text` is the part of it between the quotes of the string.
  void learn(std::string_view event, std::string_view text);
  void forget() { before_.clear(); }
  /// Of an event like the one that was learned: what stands between the quotes, which is well-formed and whose escapes
  /// are characters by themselves. nullopt for other events.
  std::optional<std::string_view> text_of(std::string_view event) const;

 private:
  std::string before_, behind_;  // the text; nothing is learned where nothing is before it
};

/// The text that stands so between quotes, as text_of() gives it.
std::string unescaped(std::string_view text);

}  // namespace headroom::proxy
