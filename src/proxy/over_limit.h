#pragma once

#include <cstdint>
#include <string>

namespace headroom::proxy {

/// Why a request is not passed on now.
struct OverLimit {
  std::string why;
  std::int64_t retry_after_s = 1;
  bool worth_trying = true;  ///< false: clients should not keep asking until then
};

}  // namespace headroom::proxy
