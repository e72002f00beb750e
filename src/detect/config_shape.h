#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "detect/content_type.h"

namespace headroom::detect {

/// Recognises configuration by the grammar that nearly all of its lines follow: YAML (nested keys, documents, lists),
/// sections of "key = value" (TOML, INI, unit files), .env and properties, "key value" under many comments
/// (sshd_config), directives in braces or angle brackets (nginx, named, apache) and HCL. nullopt for everything else:
/// aligned "Name:   value" listings, logs, code, prose.
std::optional<Detection> config_shape(std::span<const std::string_view> lines);

}  // namespace headroom::detect
