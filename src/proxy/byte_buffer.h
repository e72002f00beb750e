#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>

#include <boost/asio/buffer.hpp>

namespace headroom::proxy {

/// Bytes that have arrived and are not used up yet.
class ByteBuffer {
 public:
  std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  void consume(std::size_t size) {
    begin_ += size;
    rewind();
  }
  /// Room for `size` more bytes, which stays where it is until commit(); consume() is allowed meanwhile. Moves what is
  /// there, so views die.
  boost::asio::mutable_buffer prepare(std::size_t size) {
    if (capacity_ - end_ < size) make_room(size);
    prepared_ = true;
    return {bytes_.get() + end_, size};
  }
  /// The first `size` of the prepared bytes have arrived.
  void commit(std::size_t size) {
    prepared_ = false;
    end_ += size;
    rewind();
  }
  /// Gives memory back when nothing is held.
  void shrink() {
    if (!empty() || prepared_ || capacity_ <= kSmall) return;
    bytes_.reset();
    capacity_ = 0;
  }

 private:
  static constexpr std::size_t kSmall = 8192;

  void rewind() {
    if (begin_ == end_ && !prepared_) begin_ = end_ = 0;
  }
  void make_room(std::size_t size) {
    const std::size_t held = end_ - begin_;
    if (capacity_ - held >= size) {
      std::copy(bytes_.get() + begin_, bytes_.get() + end_, bytes_.get());
    } else {
      // Not zeroed: what is read was written before.
      auto larger = std::make_unique_for_overwrite<char[]>(held + size);
      std::copy(bytes_.get() + begin_, bytes_.get() + end_, larger.get());
      bytes_ = std::move(larger);
      capacity_ = held + size;
    }
    begin_ = 0;
    end_ = held;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
  bool prepared_ = false;
};

}  // namespace headroom::proxy
