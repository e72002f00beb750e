#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/options.h"
#include "proxy/upstream_url.h"

namespace headroom::proxy {

/// Whom a request is meant for.
enum class Provider { kAnthropic, kOpenAi, kGemini, kCloudCode, kVertex, kChatGpt };
inline constexpr std::size_t kProviders = 6;

/// The address of each, by Provider.
using Upstreams = std::array<UpstreamUrl, kProviders>;

/// What the options say; the error names the option.
base::Result<Upstreams> read_upstreams(const config::Options& options);

/// "anthropic https://api.anthropic.com openai ...", for the log.
std::string upstreams_line(const config::Options& options);

}  // namespace headroom::proxy
