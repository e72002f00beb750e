#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/sources.h"

namespace headroom::aws {

/// An http(s) URL, taken apart as far as it matters here.
struct Endpoint {
  std::string url;  ///< without a final '/'
  bool tls = true;
  std::string host;       ///< without port and brackets
  std::string authority;  ///< as Host says it
  std::string path;       ///< without a final '/'
};
/// nullopt for another scheme, for credentials in it, and without a host.
std::optional<Endpoint> read_endpoint(std::string_view url);

/// Of a service of AWS: AWS_ENDPOINT_URL_`variable` where it is set, else https://`name`.REGION.amazonaws.com.
base::Result<Endpoint> service_endpoint(const Sources& sources, std::string_view variable_name, std::string_view name,
                                        std::string_view region);

}  // namespace headroom::aws
