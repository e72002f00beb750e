#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace headroom::base {

/// Characters of a content id: 96 bits of SHA-256 as lower-case hex.
inline constexpr std::size_t kContentIdLength = 24;
/// The shortest prefix of an id that a lookup takes.
inline constexpr std::size_t kMinIdPrefix = 12;

/// First 24 hex characters of SHA-256(text): the name of an original everywhere (markers, store, API).
std::string content_id(std::string_view text);

/// Lower-case hex of the whole SHA-256.
std::string sha256_hex(std::string_view text);

/// HMAC-SHA256 of the text: 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);

/// Lower-case hex of bytes.
std::string hex(std::string_view bytes);

/// Equal, found out in a time that depends on the sizes alone.
bool equal_secrets(std::string_view a, std::string_view b);

/// Fast 64-bit hash (XXH3) for in-memory caches; not stable across versions, never stored.
std::uint64_t hash64(std::string_view text, std::uint64_t seed = 0);

/// A stable 128-bit hash (XXH3) for names of things that outlive a process; quick, and no defence against someone who
/// looks for two texts of one hash.
struct Hash128 {
  std::uint64_t high = 0, low = 0;
  bool operator==(const Hash128&) const = default;
};
Hash128 hash128(std::string_view text, std::uint64_t seed = 0);
/// Of what went before and the text, or the text's own hash.
Hash128 hash128(const Hash128& before, std::string_view text);
Hash128 hash128(const Hash128& before, const Hash128& own);
/// Its 16 bytes, most significant first.
std::string hash_bytes(const Hash128& hash);

/// True for 12 to 64 lower-case hex characters.
bool is_content_id_prefix(std::string_view text);

}  // namespace headroom::base
