#pragma once

#include <string_view>

#include "proxy/live_settings.h"
#include "proxy/reply.h"

namespace headroom::proxy {

/// POST /admin/runtime-env: {"HEADROOM_MIN_TOKENS": "400", "profile": "aggressive", ...} sets options for the requests
/// to come, all or none; null takes a setting back. GET (and an empty body): what counts now. Options by a name of
/// their environment, of their flag, or of the file.
Reply runtime_env_api(LiveSettings& settings, std::string_view method, std::string_view body);

}  // namespace headroom::proxy
