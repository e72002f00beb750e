#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::proxy {

/// Why a message is refused: the status that says so, and text for people.
struct HttpError {
  int status = 400;
  std::string message;
};

/// Equality without case, for texts of one size.
bool equal_letters(std::string_view a, std::string_view b);

/// Case-insensitive equality for ASCII. Most of what is compared differs in size.
inline bool equals_ci(std::string_view a, std::string_view b) {
  return a.size() == b.size() && equal_letters(a, b);
}

/// One header line. Name and value as they were sent, without white space around the value.
struct Field {
  std::string_view name;
  std::string_view value;
};

/// The fields of a request or response. Order, case and repetition are kept, because a relay may change none of them.
class Fields {
 public:
  void reserve(std::size_t count) { fields_.reserve(count); }
  void add(Field field) { fields_.push_back(field); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }
  template <typename Predicate>
  void erase_if(Predicate predicate) {
    std::erase_if(fields_, predicate);
  }

  /// Gives the first field of that name (any case) another value and takes the others away, or adds one.
  void set(std::string_view name, std::string_view value);

  /// Value of the first field of that name (any case), or "".
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const { return count(name) > 0; }
  std::size_t count(std::string_view name) const;
  /// True when a comma list in any field of that name holds the token (any case).
  bool lists(std::string_view name, std::string_view token) const;

 private:
  std::vector<Field> fields_;
};

/// A request or response head. All views point into `bytes`; moving is fine, copying would dangle.
struct Head {
  Head() = default;
  Head(Head&&) = default;
  Head& operator=(Head&&) = default;

  std::vector<char> bytes;
  int minor = 1;  ///< HTTP/1.minor
  std::optional<std::uint64_t> content_length;
  Fields fields;
};

struct RequestHead : Head {
  std::string_view method;
  std::string_view target;  ///< as sent
  /// Path of an origin-form or absolute-form target, without the query.
  std::string_view path;
  std::string_view query;   ///< without '?'
  std::string sent_path;    ///< the path under which the provider knows it; empty: `path`
  bool keeps_host = false;  ///< the provider gets Host as it came, not its own name
  /// Whom the client means to ask: the authority of an absolute-form target, else the value of Host.
  std::string_view authority;
  /// Keep the connection after this request?
  bool keep_alive() const;
  /// Owns a value that a field is given here.
  std::string_view keep(std::string value) { return made_.emplace_back(std::move(value)); }

 private:
  std::list<std::string> made_;
};

struct ResponseHead : Head {
  int status = 0;
  std::string_view reason;
  bool keep_alive() const;
};

/// Looks for the end of a head in what has arrived so far. `scanned` carries over from call to call.
struct HeadScan {
  enum class State { kNeedMore, kComplete, kMalformed };
  State state = State::kNeedMore;
  std::size_t scanned = 0;  ///< bytes looked at
  std::size_t size = 0;     ///< kComplete: of the head, blank line included
};
/// kMalformed for a line feed without its carriage return: two parsers could disagree about where a line ends.
void scan_head(std::string_view received, HeadScan& scan);

/// Parses a complete head (as measured by scan_head). Strict, RFC 9112: no folded lines, no space before the colon, no
/// control characters, HTTP/1.0 and 1.1 only, exactly one Host in 1.1. Refusals of a response have status 502.
std::expected<RequestHead, HttpError> parse_request_head(std::string_view head);
std::expected<ResponseHead, HttpError> parse_response_head(std::string_view head);

}  // namespace headroom::proxy
