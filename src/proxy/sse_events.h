#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace headroom::proxy {

/// Cuts an event stream into its events.
class SseSplitter {
 public:
  /// Calls take(raw, data) for each event that is complete: its bytes with the blank line behind it, and its data
  /// lines joined by line feeds. Before that it calls known(stream) with what has come from an event's beginning on,
  /// where no line of it was read before: who knows that event says how many bytes it has, else 0, and take() is not
  /// called for it.
  template <typename Take, typename Known>
  void feed(std::string_view bytes, Take&& take, Known&& known) {
    // Events that come whole are read where they stand; only what is not complete is kept.
    const bool kept = !pending_.empty();
    if (kept) pending_ += bytes;
    const std::string_view text = kept ? std::string_view(pending_) : bytes;
    std::size_t begin = 0, at = scanned_;
    for (;;) {
      if (at == begin) {
        if (at == text.size()) break;
        if (const std::size_t size = known(text.substr(begin)); size > 0) {
          at = begin += size;
          continue;
        }
      }
      const std::size_t feed = text.find('\n', at);
      if (feed == std::string_view::npos) break;
      const std::string_view line = text.substr(at, feed - at);
      at = feed + 1;
      const std::string_view event = text.substr(begin, at - begin);
      if (!line.empty() && line != "\r") {
        add_line(event, line);
        continue;
      }
      take(event, data_of(event));
      data_lines_ = 0;
      begin = at;
    }
    if (kept) {
      pending_.erase(0, begin);
    } else if (begin < text.size()) {
      pending_.assign(text.substr(begin));
    }
    scanned_ = at - begin;
  }
  template <typename Take>
  void feed(std::string_view bytes, Take&& take) {
    feed(bytes, std::forward<Take>(take), [](std::string_view) { return std::size_t{0}; });
  }
  /// What has come of an event that is not complete.
  std::string take_rest();

 private:
  /// The last line of what has come of the event.
  void add_line(std::string_view event, std::string_view line);
  std::string_view data_of(std::string_view event) const {
    if (data_lines_ == 0) return {};
    return data_lines_ == 1 ? event.substr(data_at_, data_size_) : std::string_view(joined_);
  }

  std::string pending_;                      // from the beginning of the current event
  std::size_t scanned_ = 0;                  // of it, whole lines
  std::size_t data_lines_ = 0;               // of the current event
  std::size_t data_at_ = 0, data_size_ = 0;  // in the event, where there is one
  std::string joined_;                       // where there are more
};

/// "event: NAME", "data: JSON" and a blank line; no event line without a name.
std::string sse_event(std::string_view name, std::string_view json);

}  // namespace headroom::proxy
