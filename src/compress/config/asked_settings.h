#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compress/compressor.h"
#include "detect/settings_listing.h"

namespace headroom::compress::config {

/// What a question says about the settings of a listing.
struct AskedSettings {
  std::vector<std::uint8_t> named;  ///< by setting: 1 when the question is about it
  /// Each word of the question that could name a setting names one of `named`, so the others are not meant.
  bool all_said = false;
  /// At least half of these words do.
  bool most_said = false;
};

/// Settings are named by their keys, by words of their keys, by other words for those ("headers": include) and, where
/// no key has the word, by their values. A word that very many keys have names none. `problems` are settings whose
/// values report that something is wrong; they are named, too.
AskedSettings ask_settings(const detect::SettingsListing& listing, std::span<const std::size_t> problems,
                           const Query& query);

}  // namespace headroom::compress::config
