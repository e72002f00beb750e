#pragma once

#include <string_view>

namespace headroom::compress::search {

/// The folder with its final separator ('/' or '\\'); empty without one.
std::string_view folder_of(std::string_view path);

/// Longest folder that both paths are in.
std::string_view common_folder(std::string_view a, std::string_view b);

/// A test by its folder or its name: "src/test/x.kt", "web/cart.spec.ts", "CartTest.java", "test_cart.py".
bool is_test_path(std::string_view path);

}  // namespace headroom::compress::search
