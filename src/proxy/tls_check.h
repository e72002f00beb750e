#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "proxy/tls_files.h"

namespace headroom::proxy {

/// Whether the files that the settings and the environment name can be used, just as the proxy uses them. kIo says
/// which cannot. Gives the seconds until the client's certificate ends, less than 0 when it has; nullopt where none is
/// named.
base::Result<std::optional<std::int64_t>> check_tls(const TlsFiles& files, std::int64_t now_s);

}  // namespace headroom::proxy
