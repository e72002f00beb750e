#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"

namespace headroom::proxy {

/// What the log says of a request. No query string, header or body ever gets here: they hold secrets.
struct RequestLine {
  std::string_view method, path;
  int status = 0;
  bool compressed_route = false;
  std::int64_t tokens_before = 0, tokens_after = 0;
  std::int64_t total_us = 0;
  std::string_view note;  ///< why it failed, when it did
};

/// Where the server says what it does. Thread-safe; never blocks the caller on a slow reader.
class Log {
 public:
  virtual ~Log() = default;
  virtual void request(const RequestLine& line) = 0;
  virtual void debug(std::string_view text) = 0;
  virtual void info(std::string_view text) = 0;
  virtual void warn(std::string_view text) = 0;
};

/// Lines on stderr. kInvalidArgument for a level that is none of trace, debug, info, warn, error, off.
base::Result<std::unique_ptr<Log>> make_stderr_log(std::string_view level);

}  // namespace headroom::proxy
