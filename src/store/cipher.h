#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::store {

/// Seals bytes with AES-256-GCM under one key. Thread-safe; immutable.
class Cipher {
 public:
  static constexpr std::size_t kKeyBytes = 32;

  /// `key`: kKeyBytes.
  explicit Cipher(std::string_view key);
  ~Cipher();
  Cipher(const Cipher&) = delete;
  Cipher& operator=(const Cipher&) = delete;

  /// A random nonce, the bytes enciphered, and a tag. `about` is not sealed but must be the same to open it: what is
  /// moved to another place does not open there.
  base::Result<std::string> seal(std::string_view bytes, std::string_view about) const;
  /// kIo when it was sealed with another key, for something else, or was changed.
  base::Result<std::string> open(std::string_view sealed, std::string_view about) const;

 private:
  std::string key_;
};

/// The key in a file of 64 hex digits, as `openssl rand -hex 32` writes it. kInvalidArgument says what is wrong: it is
/// not there, others may read it, or it holds something else.
base::Result<std::shared_ptr<const Cipher>> read_key_file(const std::string& path);

/// How what people have said is kept: sealed, or, without a cipher, as it is. Sizes, times, kinds, names of tools and
/// projects, and digests (the IDs) are never sealed.
struct Sealing {
  std::shared_ptr<const Cipher> cipher = nullptr;
  bool blind = false;  ///< nothing is to be read or put: whatever the file's key is
};

}  // namespace headroom::store
