#pragma once

#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "config/options.h"
#include "config/resolve.h"
#include "telemetry/settings.h"
#include "telemetry/transport.h"

namespace headroom::proxy {

/// OTLP over HTTP/1.1, plain or TLS, through the proxies of the network that providers are reached through. Keeps the
/// connection. kInvalidArgument for an address that is none.
base::Result<std::unique_ptr<telemetry::Transport>> make_otlp_transport(const telemetry::Settings& settings,
                                                                        const config::Options& options,
                                                                        const config::Environment& environment,
                                                                        const base::Clock& clock);

}  // namespace headroom::proxy
