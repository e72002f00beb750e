#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "wire/conversation.h"

namespace headroom::sessions {

/// A client with habits that chance has given it: what it says, calls and reads, and how it writes all that down.
class Agent {
 public:
  /// `small_window`: of a model that has one, with results that do not fit it for long.
  Agent(wire::Api api, std::mt19937_64& random, bool small_window);

  /// The next step of the conversation: a call and its result, or words.
  void go_on();
  /// Something that clients do to what was said before; most of the time nothing.
  void change_the_past();
  /// The date moves on, the working directory changes, tools come in another order, marks move.
  void drift();

  std::string body() const;
  /// A result names the call that it answers.
  bool has_ids() const { return api_ != wire::Api::kGeminiGenerate || has_ids_; }
  bool changed_past() const { return changed_past_; }
  std::size_t messages() const { return turns_.size(); }

 private:
  struct Part {
    enum Kind { kText, kCall, kResult, kThinking } kind = kText;
    std::string text, id, tool, arguments;
    bool error = false;
    bool list = false;  ///< content written as a list of texts
  };
  struct Said {
    std::string role;
    std::vector<Part> parts;
  };

  std::size_t pick(std::size_t below);
  std::string result_of(const std::string& tool, std::size_t file);
  std::string file_text(std::size_t file) const;
  std::string anthropic() const;
  std::string openai() const;
  std::string responses() const;
  std::string gemini() const;
  std::string converse() const;
  std::string system() const;
  std::string tools() const;
  void say(std::string role, std::string text);

  wire::Api api_;
  std::mt19937_64& random_;
  bool small_window_;
  std::vector<Said> turns_;
  std::vector<std::size_t> versions_;
  std::vector<std::size_t> tool_order_;
  std::size_t calls_ = 0, day_ = 1, session_ = 0, directory_ = 0, mark_ = 0;
  bool has_tools_, has_system_, thinks_, has_ids_, lists_ = false, drop_thinking_ = false, changed_past_ = false;
};

}  // namespace headroom::sessions
