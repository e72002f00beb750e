#pragma once

#include <optional>

#include "compress/compressor.h"

namespace headroom::compress::config {

struct SettingsOutput {
  Output output;
  bool named = false;  ///< the question names settings, so that of the others only the keys are told
};

/// The lossy form of a listing of settings (detect/settings_listing.h). Where the question names settings, these stay,
/// and what reports a problem; gaps tell the keys of the others, or how they begin and how many they are. Where it
/// names none, settings stay but for long values, which gaps tell the beginning and the size of, and values that
/// several settings have, which gaps tell once with all their keys. Values of what names a secret are told by no gap.
/// nullopt: no listing.
std::optional<SettingsOutput> compress_settings(const Input& input);

}  // namespace headroom::compress::config
