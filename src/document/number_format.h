#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace headroom::document {

/// What a number stands for, by the format in which its cell shows it.
enum class NumberKind : std::uint8_t { kNumber, kDate, kTime, kDateTime, kDuration, kPercent };

/// By a format's code: "yyyy-mm-dd", "0.0%", "[h]:mm".
NumberKind kind_of_format(std::string_view code);
/// By the number of a built-in format.
NumberKind kind_of_builtin(int id);

/// The number as text: dates and times in ISO 8601, percentages with their sign, others as short as they can be.
/// `days_1904`: days count from 1904, as on old Macintoshes, instead of 1900.
std::string number_text(double value, NumberKind kind, bool days_1904);

}  // namespace headroom::document
