#include "cli/demo_conversation.h"

#include <set>

#include <fmt/format.h>

#include "base/json_writer.h"

namespace headroom::cli {

std::string DemoConversation::body(wire::Api api) const {
  return api == wire::Api::kOpenAiChat ? openai_body() : anthropic_body();
}

std::string DemoConversation::anthropic_body() const {
  base::JsonWriter json;
  json.begin_object().member("model", "claude-sonnet-4-5").member("max_tokens", 1024).member("system", system_);
  json.key("tools").begin_array();
  std::set<std::string> tools;
  for (const Call& call : calls_) {
    if (!tools.insert(call.tool).second) continue;
    json.begin_object().member("name", call.tool).member("description", call.tool).key("input_schema");
    json.begin_object().member("type", "object").end_object().end_object();
  }
  json.end_array().key("messages").begin_array();
  json.begin_object().member("role", "user").member("content", question_).end_object();
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    const std::string id = fmt::format("toolu_demo{:02}", i);
    json.begin_object().member("role", "assistant").key("content").begin_array();
    json.begin_object().member("type", "tool_use").member("id", id).member("name", calls_[i].tool).key("input");
    json.raw(calls_[i].arguments).end_object().end_array().end_object();
    json.begin_object().member("role", "user").key("content").begin_array();
    json.begin_object().member("type", "tool_result").member("tool_use_id", id).member("content", calls_[i].result);
    json.end_object().end_array().end_object();
  }
  json.end_array().end_object();
  return json.text();
}

std::string DemoConversation::openai_body() const {
  base::JsonWriter json;
  json.begin_object().member("model", "gpt-4o").key("messages").begin_array();
  json.begin_object().member("role", "system").member("content", system_).end_object();
  json.begin_object().member("role", "user").member("content", question_).end_object();
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    const std::string id = fmt::format("call_demo{:02}", i);
    json.begin_object().member("role", "assistant").key("content").raw("null").key("tool_calls").begin_array();
    json.begin_object().member("id", id).member("type", "function").key("function").begin_object();
    json.member("name", calls_[i].tool).member("arguments", calls_[i].arguments).end_object().end_object();
    json.end_array().end_object();
    json.begin_object().member("role", "tool").member("tool_call_id", id).member("content", calls_[i].result);
    json.end_object();
  }
  json.end_array().end_object();
  return json.text();
}

}  // namespace headroom::cli
