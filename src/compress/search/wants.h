#pragma once

#include <string_view>

namespace headroom::compress::search {

/// The question wants each and every hit ("list all callers", "how many", "rename it everywhere").
bool wants_all(std::string_view question);

/// The folder or file that such a question is limited to ("every call in src/net/"); empty when it names none.
std::string_view limited_to(std::string_view question);

}  // namespace headroom::compress::search
