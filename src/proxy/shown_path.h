#pragma once

#include <string>
#include <string_view>

namespace headroom::proxy {

/// A request's path for logs and the audit trail: without what may be a parameter after all (";key=...", "%3Fkey=..."),
/// and with every byte beyond ASCII as %XX, as terminals take some for orders.
std::string shown_path(std::string_view path);

}  // namespace headroom::proxy
