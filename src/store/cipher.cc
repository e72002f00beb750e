#include "store/cipher.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include "base/text.h"

namespace headroom::store {
namespace {

using base::ErrorCode;

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

const unsigned char* in(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* out(std::string& bytes, std::size_t at) {
  return reinterpret_cast<unsigned char*>(bytes.data()) + at;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

Cipher::Cipher(std::string_view key) : key_(key) {}

Cipher::~Cipher() {
  OPENSSL_cleanse(key_.data(), key_.size());
}

base::Result<std::string> Cipher::seal(std::string_view bytes, std::string_view about) const {
  std::string sealed(kNonceBytes + bytes.size() + kTagBytes, '\0');
  const Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  const bool done =
      context != nullptr && RAND_bytes(out(sealed, 0), kNonceBytes) == 1 &&
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, in(key_), in(sealed)) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &size, in(about), static_cast<int>(about.size())) == 1 &&
      EVP_EncryptUpdate(context.get(), out(sealed, kNonceBytes), &size, in(bytes), static_cast<int>(bytes.size())) ==
          1 &&
      EVP_EncryptFinal_ex(context.get(), out(sealed, kNonceBytes + bytes.size()), &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, out(sealed, kNonceBytes + bytes.size())) == 1;
  if (!done) return base::fail(ErrorCode::kInternal, "OpenSSL cannot encipher");
  return sealed;
}

base::Result<std::string> Cipher::open(std::string_view sealed, std::string_view about) const {
  const auto wrong = [] {
    return base::fail(ErrorCode::kIo, "it was sealed with another key, or it was changed on the disk");
  };
  if (sealed.size() < kNonceBytes + kTagBytes) return wrong();
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  const std::string_view text = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string bytes(text.size(), '\0');
  const Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  const bool done =
      context != nullptr && EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, in(key_), in(sealed)) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, in(about), static_cast<int>(about.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), out(bytes, 0), &size, in(text), static_cast<int>(text.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), out(tag, 0), &size) == 1;
  if (!done) return wrong();
  return bytes;
}

base::Result<std::shared_ptr<const Cipher>> read_key_file(const std::string& path) {
  const auto refuse = [&](std::string_view why) {
    return base::fail(
        ErrorCode::kInvalidArgument,
        fmt::format("the key file {} {}; make one with: (umask 077; openssl rand -hex 32 > {})", path, why, path));
  };
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return refuse(fmt::format("cannot be read: {}", std::strerror(errno)));
  if ((info.st_mode & 077) != 0) return refuse("may be read by others (chmod 600)");
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::string_view digits = base::trim(text);
  std::string key;
  for (std::size_t i = 0; digits.size() == 2 * Cipher::kKeyBytes && i < digits.size(); i += 2) {
    const int high = digit(digits[i]);
    const int low = digit(digits[i + 1]);
    if (high < 0 || low < 0) break;
    key += static_cast<char>(high * 16 + low);
  }
  OPENSSL_cleanse(text.data(), text.size());
  if (key.size() != Cipher::kKeyBytes) return refuse("does not hold 64 hex digits");
  auto cipher = std::make_shared<const Cipher>(key);
  OPENSSL_cleanse(key.data(), key.size());
  return cipher;
}

}  // namespace headroom::store
