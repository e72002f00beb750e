#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress::search {

/// The question wants each and every hit ("list all callers", "how many", "rename it everywhere"). `pattern`
/// is what was searched for, where that is known.
bool wants_all(std::string_view question, std::string_view pattern = {});

/// It asks for a set without a word for all: "who calls it", "which files", "the usages". All of it is wanted, unless
/// The question asks for a figure: how long, how large, how many seconds.
bool wants_figure(std::string_view question);

/// the question says more that tells some hits from others.
bool wants_set(std::string_view question);

/// The folder or file that such a question is limited to ("every call in src/net/"); empty when it names none.
std::string_view limited_to(std::string_view question);

/// Hits in tests are not wanted: "in the library itself (not the tests)", "besides tests", "in production code".
bool leaves_out_tests(std::string_view question);

/// Stems of what the wanted rows do not have: "calls without a timeout", "which ones don't pass encoding".
std::vector<std::string> lacked(std::string_view question);

}  // namespace headroom::compress::search
