#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#define XXH_INLINE_ALL
#include <algorithm>
#include <array>

#include <xxhash.h>

namespace headroom::base {

std::string hex(std::string_view bytes) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string text(2 * bytes.size(), '\0');
  char* at = text.data();
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *at++ = kHex[byte >> 4];
    *at++ = kHex[byte & 15];
  }
  return text;
}

namespace {

using Sha256 = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Sha256 sha256_of(std::string_view text) {
  // Looked up by its name once, and not again for each text. Freed by the end of the process.
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Sha256 digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, sha256, nullptr);
  return digest;
}

}  // namespace

std::string sha256_hex(std::string_view text) {
  const Sha256 digest = sha256_of(text);
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  Sha256 digest{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), nullptr);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

bool equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string content_id(std::string_view text) {
  static_assert(kContentIdLength % 2 == 0);
  const Sha256 digest = sha256_of(text);
  return hex({reinterpret_cast<const char*>(digest.data()), kContentIdLength / 2});
}

std::uint64_t hash64(std::string_view text, std::uint64_t seed) {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

Hash128 hash128(std::string_view text, std::uint64_t seed) {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(text.data(), text.size(), seed);
  return {hash.high64, hash.low64};
}

Hash128 hash128(const Hash128& before, std::string_view text) {
  return hash128(before, hash128(text));
}

Hash128 hash128(const Hash128& before, const Hash128& own) {
  std::array<XXH128_canonical_t, 2> both;
  XXH128_canonicalFromHash(both.data(), {before.low, before.high});
  XXH128_canonicalFromHash(&both[1], {own.low, own.high});
  return hash128(std::string_view(reinterpret_cast<const char*>(both.data()), sizeof(both)));
}

std::string hash_bytes(const Hash128& hash) {
  XXH128_canonical_t bytes;
  XXH128_canonicalFromHash(&bytes, {hash.low, hash.high});
  return {reinterpret_cast<const char*>(bytes.digest), sizeof(bytes.digest)};
}

bool is_content_id_prefix(std::string_view text) {
  return text.size() >= kMinIdPrefix && text.size() <= 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace headroom::base
