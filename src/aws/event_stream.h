#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::aws {

/// A message of "application/vnd.amazon.eventstream". The views are valid during the call that gives them.
struct StreamMessage {
  std::string_view headers;  ///< encoded; see stream_header()
  std::string_view payload;
};

/// The value of a header that is a string ("" without one); of the first of that name.
std::string_view stream_header(const StreamMessage& message, std::string_view name);

/// Cuts a stream of messages: each has its length and that of its headers in front, with a checksum of both, and a
/// checksum of everything behind it. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
class StreamSplitter {
 public:
  /// The largest message that is read; AWS sends none that is larger.
  static constexpr std::size_t kLargest = 16 << 20;

  /// Calls take(StreamMessage) for each that is complete. False from the first one on that is broken.
  template <typename Take>
  bool feed(std::string_view bytes, Take&& take) {
    if (broken_) return false;
    pending_ += bytes;
    std::size_t begin = 0;
    while (const auto size = next_size(std::string_view(pending_).substr(begin))) {
      const auto message = read(std::string_view(pending_).substr(begin, *size));
      if (!message) break;
      take(*message);
      begin += *size;
    }
    pending_.erase(0, begin);
    return !broken_;
  }

 private:
  /// Of a message that is there as a whole; marks what cannot be one.
  std::optional<std::size_t> next_size(std::string_view bytes);
  std::optional<StreamMessage> read(std::string_view message);

  std::string pending_;
  bool broken_ = false;
};

/// A message, its checksums too. `headers` are string headers, name and value in turn.
std::string stream_message(std::initializer_list<std::string_view> headers, std::string_view payload);

}  // namespace headroom::aws
