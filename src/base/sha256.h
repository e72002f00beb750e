#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace headroom::base {

/// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void add(std::string_view bytes);
  std::uint64_t bytes() const { return bytes_; }
  /// Lower-case hex of what was added so far; more may be added after it.
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::uint64_t bytes_ = 0;
};

}  // namespace headroom::base
