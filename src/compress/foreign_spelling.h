#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace headroom::compress {

/// How many bytes the character at `at` has; not more than there are.
std::size_t size_at(std::string_view text, std::size_t at);
/// Chinese characters and kana; not their marks.
bool is_sign(std::string_view text, std::size_t at);
/// Letters of Latin scripts, those with accents too.
bool is_spelling(std::string_view text, std::size_t at);
/// Some letter of it has an accent.
bool has_accent(std::string_view word);

/// In lower case and without accents.
std::string plain(std::string_view word);
/// A plain word as it sounds, without its ending: who writes in a hurry writes "redemaré", "reenbolsado", "hoechstens".
std::string sound(std::string_view plain_word);

}  // namespace headroom::compress
