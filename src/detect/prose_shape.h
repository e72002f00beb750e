#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "detect/detect.h"

namespace headroom::detect {

/// Running text with what belongs to it: Markdown and reStructuredText documents, manual pages, articles, notes. What
/// is fenced off in them does not count, whatever it is. nullopt for logs, settings and source code, comments and all.
/// `lines` are those of the sample.
std::optional<Detection> prose_shape(std::span<const std::string_view> lines);

/// A manual page as it is shown, whatever tables and code stand in it.
std::optional<Detection> manual_shape(std::span<const std::string_view> lines);

/// What documentation tools print of a package: declarations at the margin, indented sentences below each.
std::optional<Detection> reference_shape(std::span<const std::string_view> lines);

/// Lines that are nearly all rows of words, though not of sentences: what changed in a version, one a line.
std::optional<Detection> wordy_shape(std::span<const std::string_view> lines);

}  // namespace headroom::detect
