#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace headroom::proxy {

/// Cuts an event stream into its events.
class SseSplitter {
 public:
  /// Calls take(raw, data) for each event that is complete: its bytes with the blank line behind it, and its data
  /// lines joined by line feeds.
  template <typename Take>
  void feed(std::string_view bytes, Take&& take) {
    pending_ += bytes;
    std::size_t begin = 0;
    for (;;) {
      const std::size_t feed = pending_.find('\n', scanned_);
      if (feed == std::string::npos) break;
      const std::size_t length = feed - scanned_;
      const bool blank = length == 0 || (length == 1 && pending_[scanned_] == '\r');
      if (!blank) add_line(std::string_view(pending_).substr(scanned_, length));
      scanned_ = feed + 1;
      if (!blank) continue;
      take(std::string_view(pending_).substr(begin, scanned_ - begin), std::string_view(data_));
      data_.clear();
      has_data_ = false;
      begin = scanned_;
    }
    pending_.erase(0, begin);
    scanned_ -= begin;
  }
  /// What has come of an event that is not complete.
  std::string take_rest();

 private:
  void add_line(std::string_view line);

  std::string pending_;      // from the beginning of the current event
  std::size_t scanned_ = 0;  // of it, whole lines
  std::string data_;         // of the current event
  bool has_data_ = false;
};

/// "event: NAME", "data: JSON" and a blank line; no event line without a name.
std::string sse_event(std::string_view name, std::string_view json);

}  // namespace headroom::proxy
