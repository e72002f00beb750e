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
enum class Provider { kAnthropic, kOpenAi, kGemini, kCloudCode, kVertex, kChatGpt, kBedrock };
inline constexpr std::size_t kProviders = 7;

/// The address of each, by Provider; without a host where each region has one of its own.
using Upstreams = std::array<UpstreamUrl, kProviders>;

/// What the options say; the error names the option.
base::Result<Upstreams> read_upstreams(const config::Options& options);

/// Something that can be the name of a provider's region, and nothing else in the name of a host.
bool is_region(std::string_view text);

/// Where the provider is in a region, for those whose address none of the options says.
UpstreamUrl regional_upstream(Provider provider, std::string_view region);

/// "anthropic https://api.anthropic.com openai ...", for the log.
std::string upstreams_line(const config::Options& options);

}  // namespace headroom::proxy
