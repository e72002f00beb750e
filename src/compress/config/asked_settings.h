#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "compress/compressor.h"
#include "detect/settings_listing.h"

namespace headroom::compress::config {

/// Which of the words of a question that could name a setting do. Where all do, no others are meant.
enum class Said : std::uint8_t {
  kNothing,    ///< none, or what they name cannot be the answer, or all is asked for
  kSome,       ///< few, or one of the others is a name, or is in very many keys
  kHalf,       ///< at least half
  kNearlyAll,  ///< at least two thirds
  kAll,        ///< all, some as mere parts of other words in the keys
  kSurelyAll,
};

/// What is enough to leave out what is not named. The larger a text, the less of it is what a question is about, and
/// the more does it cost to keep all.
Said enough_said(std::size_t bytes);

/// What a question says about the settings of a listing.
struct AskedSettings {
  std::vector<std::uint8_t> named;    ///< by setting: 1 when the question is about it
  std::vector<std::uint8_t> touched;  ///< by setting: 1 when its key has a word of the question, as many others may
  /// Of long values that have a word of the question these words of theirs, by setting; it is not in `named`.
  std::map<std::size_t, std::string> parts;
  Said said = Said::kNothing;
};

/// Settings are named by their keys, by words of their keys, by other words for those ("headers": include) and, where
/// no key has the word, by their values. A word that very many keys have names none. `problems` are settings whose
/// values report that something is wrong; they are named, too.
AskedSettings ask_settings(const detect::SettingsListing& listing, std::span<const std::size_t> problems,
                           const Query& query);

}  // namespace headroom::compress::config
