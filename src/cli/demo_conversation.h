#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/conversation.h"

namespace headroom::cli {

/// Builds a request body in either format: a question, tool calls with their results, and a last question.
class DemoConversation {
 public:
  DemoConversation(std::string system, std::string question)
      : system_(std::move(system)), question_(std::move(question)) {}
  /// `arguments` is a JSON object.
  DemoConversation& call(std::string tool, std::string arguments, std::string result) {
    calls_.push_back({std::move(tool), std::move(arguments), std::move(result)});
    return *this;
  }
  std::string body(wire::Api api) const;

 private:
  struct Call {
    std::string tool, arguments, result;
  };
  std::string anthropic_body() const;
  std::string openai_body() const;

  std::string system_, question_;
  std::vector<Call> calls_;
};

}  // namespace headroom::cli
