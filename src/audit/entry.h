#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace headroom::audit {

/// Bytes that went one way: how many, and which by their SHA-256.
struct Passed {
  std::uint64_t bytes = 0;
  std::string sha256;  ///< hex; empty: there were none
};

/// What was made of one tool result.
struct Decision {
  std::string tool, type, strategy, reason;
  std::uint64_t tokens_before = 0, tokens_after = 0;
  std::vector<std::string> ids;  ///< originals that its markers name
};

/// One request: who sent what where, and what was decided. No header, query or content, but where content was asked
/// for.
struct Entry {
  std::int64_t time_ms = 0;
  std::string peer;     ///< "loopback", "elsewhere", "unix socket"
  std::string address;  ///< of the client
  std::string caller;   ///< a digest of its credentials
  std::string project, session;
  std::string method, path;
  std::string upstream;  ///< where it went; empty: answered here
  std::string api, model;
  int status = 0;
  std::string note;  ///< why it was refused or failed
  Passed received;   ///< the body as the client sent it
  Passed sent;       ///< as it went to the provider; no digest: as it was received, or not at all
  Passed answer;     ///< the body of the provider's answer(s), or of our own
  std::int64_t tokens_before = 0, tokens_after = 0;
  std::int64_t billed_input = -1, billed_cached = -1, billed_output = -1;
  std::int64_t total_us = 0;
  std::vector<Decision> decisions;
  std::string received_content, sent_content;  ///< where asked for
};

/// "2026-01-02T03:04:05.678Z"
std::string time_text(std::int64_t time_ms);

/// The entry as the members of a JSON object, without its braces.
std::string members(const Entry& entry);

}  // namespace headroom::audit
