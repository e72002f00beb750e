#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compress/log/line.h"

namespace headroom::compress::log {

/// Lines that say of one test that it passed ("✓ adds lines (2 ms)", "--- PASS: TestX", "tests/a.py::x PASSED"), one
/// entry a line; none where nothing failed, or where hardly a test is told.
std::vector<bool> passed_tests(const Document& document);

/// The lines that differ between what a test expected and what it got, where a test runner shows both as a diff of
/// several lines, and the place that follows; and the two lines, or the one, that say in short what was expected and
/// what came ("expected: 2", "got: 0"). In order.
std::vector<std::uint32_t> compared_lines(const Document& document);

}  // namespace headroom::compress::log
