#pragma once

#include <string_view>

namespace headroom::detect {

/// A page as tools of browsers show it to who cannot see it: lines such as "- button "Save" [ref=e12]" or "uid=1_4
/// button "Save"", by whose references a reader acts on it.
bool is_page_snapshot(std::string_view text);

}  // namespace headroom::detect
