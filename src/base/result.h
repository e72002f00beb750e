#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace headroom::base {

/// The one vocabulary of failures. A code says what the caller can do about it; the message is for people.
enum class ErrorCode : std::uint8_t {
  kInvalidArgument,  ///< the caller's input is wrong: say what, and do not retry
  kParse,            ///< bytes from outside are not in the format they claim
  kNotFound,         ///< no such thing (expired things are not found, too)
  kAmbiguous,        ///< a prefix or name fits more than one thing
  kTooLarge,         ///< over a limit that the message names
  kIo,               ///< the operating system refused; the message carries its reason
  kTimeout,          ///< a time budget is spent
  kUnavailable,      ///< a part is not there (upstream down, store closed): the rest goes on
  kInternal,         ///< a mistake of ours
};

/// Lower-case name of a code, as shown in JSON errors: "not_found".
std::string_view error_code_name(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  ///< what, why, what to do; never holds a secret or a body
};

/// Errors are values: no function of ours throws on the request path.
template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace headroom::base
