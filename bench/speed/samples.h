#pragma once

#include <cstddef>
#include <string>

namespace headroom::bench {

/// A JSON array of records, the same bytes on every machine.
std::string json_records(std::size_t count);

/// An application log of at least `bytes` bytes, with an error now and then.
std::string application_log(std::size_t bytes);

/// An OpenAI request whose one tool result is `text`.
std::string request_with(const std::string& text);

}  // namespace headroom::bench
