#include "aws/event_stream.h"

#include <boost/crc.hpp>

namespace headroom::aws {
namespace {

constexpr std::size_t kPrelude = 12;  // two lengths and their checksum
constexpr std::size_t kChecksum = 4;
constexpr std::size_t kSmallest = kPrelude + kChecksum;
constexpr unsigned char kString = 7;

std::size_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::size_t number = 0;
  for (const char c : bytes.substr(at, size)) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

std::uint32_t checksum(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

/// Bytes of a header's value that stands at the beginning, its length in front where it has one.
std::optional<std::size_t> value_size(unsigned char type, std::string_view rest) {
  static constexpr std::size_t kFixed[] = {0, 0, 1, 2, 4, 8};  // true, false, and numbers
  if (type < std::size(kFixed)) return kFixed[type];
  if (type == 6 || type == kString) return rest.size() < 2 ? std::nullopt : std::optional(2 + number_at(rest, 0, 2));
  if (type == 8) return 8;   // a time
  if (type == 9) return 16;  // a UUID
  return std::nullopt;
}

void append_number(std::string& out, std::size_t number, std::size_t size) {
  while (size-- > 0) out += static_cast<char>(number >> (8 * size) & 0xFF);
}

}  // namespace

std::string_view stream_header(const StreamMessage& message, std::string_view name) {
  std::string_view rest = message.headers;
  while (!rest.empty()) {
    const std::size_t length = number_at(rest, 0, 1);
    if (rest.size() < length + 2) return {};
    const std::string_view found = rest.substr(1, length);
    const auto type = static_cast<unsigned char>(rest[length + 1]);
    rest.remove_prefix(length + 2);
    const auto size = value_size(type, rest);
    if (!size || *size > rest.size()) return {};
    if (found == name) return type == kString ? rest.substr(2, *size - 2) : std::string_view();
    rest.remove_prefix(*size);
  }
  return {};
}

std::optional<std::size_t> StreamSplitter::next_size(std::string_view bytes) {
  if (bytes.size() < kPrelude) return std::nullopt;
  const std::size_t size = number_at(bytes, 0, 4);
  const std::size_t headers = number_at(bytes, 4, 4);
  broken_ = size < kSmallest || size > kLargest || headers > size - kSmallest ||
            checksum(bytes.substr(0, 8)) != number_at(bytes, 8, 4);
  if (broken_ || bytes.size() < size) return std::nullopt;
  return size;
}

std::optional<StreamMessage> StreamSplitter::read(std::string_view message) {
  const std::string_view checked = message.substr(0, message.size() - kChecksum);
  broken_ = checksum(checked) != number_at(message, checked.size(), kChecksum);
  if (broken_) return std::nullopt;
  const std::size_t headers = number_at(message, 4, 4);
  return StreamMessage{checked.substr(kPrelude, headers), checked.substr(kPrelude + headers)};
}

std::string stream_message(std::initializer_list<std::string_view> headers, std::string_view payload) {
  std::string encoded;
  bool is_name = true;
  for (const std::string_view text : headers) {
    if (!is_name) encoded += static_cast<char>(kString);
    append_number(encoded, text.size(), is_name ? 1 : 2);
    encoded += text;
    is_name = !is_name;
  }
  std::string out;
  append_number(out, kSmallest + encoded.size() + payload.size(), 4);
  append_number(out, encoded.size(), 4);
  append_number(out, checksum(out), 4);
  out += encoded;
  out += payload;
  append_number(out, checksum(out), 4);
  return out;
}

}  // namespace headroom::aws
