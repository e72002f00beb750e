#pragma once

#include <functional>
#include <stop_token>

#include "aws/sources.h"
#include "base/result.h"
#include "config/options.h"

namespace headroom::proxy {

/// What asks a service for credentials: one request over a connection of its own, by way of the proxy of the network
/// that the options name and with the authorities that they trust. It blocks, at most for HttpCall::timeout (a name
/// that the system looks up may take longer), or until it is stopped; redirections are not followed, and an answer may
/// have 1 MiB. Any thread. kInvalidArgument as ForwardProxies::make().
base::Result<decltype(aws::Sources::http)> make_http_caller(const config::Options& options);

}  // namespace headroom::proxy
