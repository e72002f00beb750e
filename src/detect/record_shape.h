#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "detect/content_type.h"

namespace headroom::detect {

/// Lines that all begin with the same label and a colon, which a tool puts before what it says; or nearly all with the
/// same "key=", which numbers or times them.
std::optional<Detection> labelled_shape(std::span<const std::string_view> lines);

/// Records of fields, "Key: value" a line, several of which have the same keys: what is told of packages, processors,
/// devices. The fields may stand indented below the name of each. Settings are told apart before.
std::optional<Detection> record_shape(std::span<const std::string_view> lines);

/// Rows that begin at the margin, their cells apart by tabs or several blanks: lists of names and numbers as systems
/// keep them, remarks between.
std::optional<Detection> row_shape(std::span<const std::string_view> lines);

/// "[FILE] name", "[DIR] name" a line: what servers of files give of a folder. Each name is a find, none repeats
/// another.
std::optional<Detection> folder_shape(std::span<const std::string_view> lines);

/// Lines of a few kinds that say something else each time by their numbers: frames of stacks, loaded images, maps of
/// memory, tables without alignment. A kind is the row of words and numbers that a line begins with.
std::optional<Detection> numbers_shape(std::span<const std::string_view> lines);

/// Lines that nearly all begin with one of a few words, or go on with a text in quotes: catalogues of translations,
/// exports of address books. What stands behind the words is told.
std::optional<Detection> keyword_shape(std::span<const std::string_view> lines);

}  // namespace headroom::detect
