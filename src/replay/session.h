#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "money/prices.h"
#include "wire/conversation.h"

namespace headroom::replay {

/// One request of a recorded session.
struct Turn {
  std::vector<std::uint32_t> messages;  ///< indexes into Session::messages, in order; unless there is a body
  std::string body;                     ///< the request as it was sent, where that is recorded
  std::string model;
  std::int64_t time_ms = 0;            ///< since the Unix epoch; 0: not recorded
  std::vector<std::string> asks;       ///< facts that the answer needs, where the record says so
  std::optional<money::Usage> billed;  ///< what the provider counted
};

/// What an agent sent, request by request, as one conversation with one cache. What the record does not hold (the
/// system prompt and the tools, for most agents) is not there.
struct Session {
  std::string name;    ///< where it is from: "path" or "path#part"
  std::string format;  ///< "claude-code", "codex", "messages", "requests"
  wire::Api api = wire::Api::kOpenAiChat;
  std::string head;  ///< members of the body before its messages: "\"system\":...,\"tools\":...", or empty
  std::vector<std::string> messages;  ///< JSON objects; each once, however many turns send it
  std::vector<Turn> turns;
  bool add_marks = false;   ///< the agent sets cache marks that its record leaves out: body_of() puts them in
  bool long_marks = false;  ///< those ask for the longer time
};

/// The request of a turn as a body. Marks, where they are added, stand at the end of its last message and of the last
/// one of the turn before, as Claude Code sets them.
std::string body_of(const Session& session, std::size_t turn);

/// A message (Anthropic's format) with a cache mark on its last block; as it is when it has none that can carry one.
std::string with_mark(std::string_view message, bool long_mark);

}  // namespace headroom::replay
