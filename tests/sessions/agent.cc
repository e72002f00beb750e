#include "agent.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_string.h"

namespace headroom::sessions {
namespace {

std::string quoted(std::string_view text) {
  return base::encode_json_string(text);
}

constexpr std::size_t kFiles = 3;

}  // namespace

Agent::Agent(wire::Api api, std::mt19937_64& random, bool small_window)
    : api_(api), random_(random), small_window_(small_window), versions_(kFiles, 0), tool_order_{0, 1, 2, 3} {
  has_tools_ = pick(3) > 0;
  has_system_ = pick(4) > 0;
  thinks_ = pick(2) == 0;
  has_ids_ = pick(2) == 0;
  session_ = pick(1000);
  say("user", fmt::format("find out why part {} of the nightly build fails", pick(1000)));
}

std::size_t Agent::pick(std::size_t below) {
  return random_() % below;
}

void Agent::say(std::string role, std::string text) {
  Part part;
  part.text = std::move(text);
  part.list = lists_;
  turns_.push_back({std::move(role), {std::move(part)}});
}

std::string Agent::file_text(std::size_t file) const {
  std::string out;
  for (std::size_t line = 1; line <= 30; ++line) {
    const std::size_t value = line == 11 ? versions_[file] : line * (file + 3);
    out += fmt::format("{:6}\tvalue_{}_{} = compute({}, {})\n", line, file, line, line * 3, value);
  }
  return out;
}

std::string Agent::result_of(const std::string& tool, std::size_t file) {
  std::string out;
  const std::size_t salt = pick(50);
  const std::size_t size = small_window_ ? 4 : 1;
  if (tool == "Read") return file_text(file);
  if (tool == "Grep") {
    for (std::size_t i = 0; i < 30 * size; ++i)
      out += fmt::format("src/f{}.py:{}:  value_{} = compute()\n", i / 6, i * 7, salt + i);
    return out;
  }
  if (tool == "Bash" && file == 0) {
    for (std::size_t i = 0; i < 40 * size; ++i) {
      out += i == 17 ? fmt::format("2026-01-02T03:04:{:02}Z ERROR job {} failed with {}\n", i, salt, salt * 7)
                     : fmt::format("2026-01-02T03:04:{:02}Z INFO tick number {}\n", i % 60, i);
    }
    return out;
  }
  if (tool == "Bash" && file == 1) {
    for (std::size_t i = 0; i < 25 * size; ++i)
      out += fmt::format("FAILED tests/test_{}.py::case_{} - {} is not {}\n", i, salt, i * salt, i);
    return out;
  }
  if (tool == "Bash") {
    out = "[";
    for (std::size_t i = 0; i < 25 * size; ++i) {
      out += fmt::format(R"({}{{"id":{},"name":"item {}","state":"ok","size":{}}})", i > 0 ? "," : "", i, i + salt,
                         i * salt);
    }
    return out + "]";
  }
  return "The file was changed as it was asked for.";
}

void Agent::go_on() {
  if (pick(4) == 0) {
    say("assistant", fmt::format("I have looked at {} of them.", pick(100)));
    say("user", fmt::format("And what about number {}?", pick(100)));
    return;
  }
  static const std::vector<std::string> kTools = {"Read", "Bash", "Grep", "Edit"};
  Said call{"assistant", {}};
  Said results{"user", {}};
  if (thinks_) call.parts.push_back({Part::kThinking, "I should look at it.", {}, {}, {}});
  if (pick(3) == 0) call.parts.push_back({Part::kText, "Let me look.", {}, {}, {}});
  for (std::size_t n = 1 + (pick(4) == 0 ? 1 : 0); n > 0; --n) {
    const std::string tool = kTools[pick(kTools.size())];
    const std::size_t file = pick(kFiles);
    if (tool == "Edit") ++versions_[file];
    const std::string id = fmt::format("call_{}", ++calls_);
    const std::string arguments = tool == "Bash" ? fmt::format(R"({{"command":"run {}"}})", file)
                                                 : fmt::format(R"({{"file_path":"/src/{}.py"}})", file);
    Part made{Part::kCall, {}, id, tool, arguments};
    Part result{Part::kResult, result_of(tool, file), id, tool, arguments};
    result.error = pick(15) == 0;
    result.list = lists_;
    call.parts.push_back(std::move(made));
    results.parts.push_back(std::move(result));
  }
  turns_.push_back(std::move(call));
  turns_.push_back(std::move(results));
}

void Agent::change_the_past() {
  changed_past_ = false;
  switch (pick(24)) {
    case 0:  // the rest is taken back
      if (turns_.size() < 4) return;
      turns_.resize(turns_.size() - 2);
      break;
    case 1:  // compacted
      if (turns_.size() < 6) return;
      turns_.erase(turns_.begin() + 1,
                   turns_.begin() + 3 + static_cast<std::ptrdiff_t>(2 * pick((turns_.size() - 4) / 2)));
      break;
    case 2:  // a message is edited
      turns_[2 * pick((turns_.size() + 1) / 2)].parts.back().text += " (please)";
      break;
    case 3:  // the answer comes back in another shape
      for (Said& said : turns_) {
        if (said.role == "assistant" && said.parts.back().kind == Part::kText) said.parts.back().text += " ";
      }
      break;
    default:
      return;
  }
  changed_past_ = true;
}

void Agent::drift() {
  if (pick(5) == 0) ++day_;
  if (pick(9) == 0) session_ = pick(1000);
  if (pick(9) == 0) ++directory_;
  if (pick(4) == 0) std::ranges::shuffle(tool_order_, random_);
  if (pick(3) == 0) mark_ = pick(turns_.size() + 1);
  if (pick(6) == 0) lists_ = !lists_;
  if (pick(6) == 0) drop_thinking_ = true;
  if (lists_) {
    for (Said& said : turns_) {
      for (Part& part : said.parts) part.list = true;
    }
  }
}

std::string Agent::system() const {
  return fmt::format(
      "You are an agent.\nSession: 3f2a{:04x}-1111-4222-8333-444455556666\nWorking directory: /home/user/work{}\n"
      "Today's date: 2026-11-{:02}\nBe brief.",
      session_, directory_, 1 + day_ % 28);
}

std::string Agent::tools() const {
  static const std::vector<std::string> kNames = {"Read", "Bash", "Grep", "Edit"};
  std::string out;
  for (const std::size_t i : tool_order_) {
    if (!out.empty()) out += ',';
    switch (api_) {
      case wire::Api::kAnthropicMessages:
        out += fmt::format(R"({{"name":"{}","description":"does it","input_schema":{{"type":"object"}}}})", kNames[i]);
        break;
      case wire::Api::kOpenAiChat:
        out += fmt::format(R"({{"type":"function","function":{{"name":"{}","parameters":{{"type":"object"}}}}}})",
                           kNames[i]);
        break;
      case wire::Api::kOpenAiResponses:
        out += fmt::format(R"({{"type":"function","name":"{}","parameters":{{"type":"object"}}}})", kNames[i]);
        break;
      case wire::Api::kGeminiGenerate:
        out += fmt::format(R"({{"name":"{}","description":"does it"}})", kNames[i]);
        break;
      case wire::Api::kBedrockConverse:
        out += fmt::format(R"({{"toolSpec":{{"name":"{}","inputSchema":{{"json":{{"type":"object"}}}}}}}})", kNames[i]);
        break;
      case wire::Api::kVercelMessages:  // of a library, in no request
        break;
    }
  }
  return out;
}

std::string Agent::body() const {
  switch (api_) {
    case wire::Api::kAnthropicMessages:
      return anthropic();
    case wire::Api::kOpenAiChat:
      return openai();
    case wire::Api::kOpenAiResponses:
      return responses();
    case wire::Api::kGeminiGenerate:
      return gemini();
    case wire::Api::kBedrockConverse:
      return converse();
    case wire::Api::kVercelMessages:
      break;
  }
  return {};
}

std::string Agent::anthropic() const {
  std::string out = R"({"model":"claude-sonnet-4-5","max_tokens":100)";
  if (has_system_) out += R"(,"system":[{"type":"text","text":)" + quoted(system()) + "}]";
  if (has_tools_) out += R"(,"tools":[)" + tools() + "]";
  out += R"(,"messages":[)";
  for (std::size_t i = 0; i < turns_.size(); ++i) {
    const Said& said = turns_[i];
    const std::string mark = mark_ == i + 1 ? R"(,"cache_control":{"type":"ephemeral"})" : "";
    out += fmt::format(R"({}{{"role":"{}","content":)", i > 0 ? "," : "", said.role);
    if (said.parts.size() == 1 && said.parts[0].kind == Part::kText && !said.parts[0].list && mark.empty()) {
      out += quoted(said.parts[0].text) + "}";
      continue;
    }
    out += "[";
    bool first = true;
    for (const Part& part : said.parts) {
      if (part.kind == Part::kThinking && drop_thinking_) continue;
      if (!first) out += ',';
      first = false;
      const std::string at = &part == &said.parts.back() ? mark : "";
      const std::string text = quoted(part.text);
      if (part.kind == Part::kText) out += R"({"type":"text","text":)" + text + at + "}";
      if (part.kind == Part::kThinking) out += R"({"type":"thinking","thinking":)" + text + R"(,"signature":"c2ln"})";
      if (part.kind == Part::kCall) {
        out += fmt::format(R"({{"type":"tool_use","id":"{}","name":"{}","input":{}{}}})", part.id, part.tool,
                           part.arguments, at);
      }
      if (part.kind == Part::kResult) {
        out += fmt::format(R"({{"type":"tool_result","tool_use_id":"{}",{}"content":{}{}}})", part.id,
                           part.error ? R"("is_error":true,)" : "",
                           part.list ? R"([{"type":"text","text":)" + text + "}]" : text, at);
      }
    }
    out += "]}";
  }
  return out + "]}";
}

std::string Agent::openai() const {
  std::string out = small_window_ ? R"({"model":"gpt-4","messages":[)" : R"({"model":"gpt-4o","messages":[)";
  if (has_system_) out += R"({"role":"system","content":)" + quoted(system()) + "},";
  bool first = true;
  for (const Said& said : turns_) {
    std::string text, calls;
    for (const Part& part : said.parts) {
      if (part.kind == Part::kText) text = part.text;
      if (part.kind == Part::kCall) {
        calls += fmt::format(R"({}{{"id":"{}","type":"function","function":{{"name":"{}","arguments":{}}}}})",
                             calls.empty() ? "" : ",", part.id, part.tool, quoted(part.arguments));
      }
      if (part.kind != Part::kResult) continue;
      if (!first) out += ',';
      first = false;
      out += fmt::format(R"({{"role":"tool","tool_call_id":"{}","content":{}}})", part.id,
                         part.list ? R"([{"type":"text","text":)" + quoted(part.text) + "}]" : quoted(part.text));
    }
    if (said.parts[0].kind == Part::kResult) continue;
    if (!first) out += ',';
    first = false;
    const bool list = said.parts.back().list && calls.empty();
    out += fmt::format(R"({{"role":"{}","content":{})", said.role,
                       text.empty() ? "null"
                       : list       ? R"([{"type":"text","text":)" + quoted(text) + "}]"
                                    : quoted(text));
    if (!calls.empty()) out += R"(,"tool_calls":[)" + calls + "]";
    out += "}";
  }
  out += "]";
  if (has_tools_) out += R"(,"tools":[)" + tools() + "]";
  return out + "}";
}

std::string Agent::responses() const {
  std::string out = R"({"model":"gpt-5.1","input":[)";
  bool first = true;
  const auto add = [&](const std::string& item) {
    out += (first ? "" : ",") + item;
    first = false;
  };
  for (const Said& said : turns_) {
    for (const Part& part : said.parts) {
      const std::string text = quoted(part.text);
      switch (part.kind) {
        case Part::kThinking:
          if (!drop_thinking_) add(R"({"type":"reasoning","summary":[],"encrypted_content":"c2ln"})");
          break;
        case Part::kText: {
          const std::string_view type = said.role == "assistant" ? "output_text" : "input_text";
          add(fmt::format(R"({{"role":"{}","content":{}}})", said.role,
                          part.list ? fmt::format(R"([{{"type":"{}","text":{}}}])", type, text) : text));
          break;
        }
        case Part::kCall:
          add(fmt::format(R"({{"type":"function_call","call_id":"{}","name":"{}","arguments":{}}})", part.id, part.tool,
                          quoted(part.arguments)));
          break;
        case Part::kResult:
          add(fmt::format(R"({{"type":"function_call_output","call_id":"{}","output":{}}})", part.id,
                          part.list ? R"([{"type":"input_text","text":)" + text + "}]" : text));
          break;
      }
    }
  }
  out += "]";
  if (has_system_) out += R"(,"instructions":)" + quoted(system());
  if (has_tools_) out += R"(,"tools":[)" + tools() + "]";
  out += R"(,"store":false)";  // as agents do that keep the conversation themselves
  return out + "}";
}

std::string Agent::gemini() const {
  std::string out = "{";
  if (has_system_) out += R"("systemInstruction":{"parts":[{"text":)" + quoted(system()) + "}]},";
  if (has_tools_) out += R"("tools":[{"functionDeclarations":[)" + tools() + "]}],";
  out += R"("contents":[)";
  for (std::size_t i = 0; i < turns_.size(); ++i) {
    const Said& said = turns_[i];
    out += fmt::format(R"({}{{"role":"{}","parts":[)", i > 0 ? "," : "", said.role == "assistant" ? "model" : "user");
    bool first = true;
    for (const Part& part : said.parts) {
      if (part.kind == Part::kThinking && drop_thinking_) continue;
      if (!first) out += ',';
      first = false;
      const std::string text = quoted(part.text);
      if (part.kind == Part::kText) out += R"({"text":)" + text + "}";
      if (part.kind == Part::kThinking) out += R"({"thought":true,"text":)" + text + "}";
      // Ids of calls are what only some clients send.
      const std::string id = has_ids_ ? fmt::format(R"("id":"{}",)", part.id) : "";
      if (part.kind == Part::kCall) {
        out += fmt::format(R"({{"functionCall":{{{}"name":"{}","args":{}}}}})", id, part.tool, part.arguments);
      }
      if (part.kind == Part::kResult) {
        out += fmt::format(R"({{"functionResponse":{{{}"name":"{}","response":{{"{}":{}}}}}}})", id, part.tool,
                           part.error ? "error" : "output", text);
      }
    }
    out += "]}";
  }
  return out + "]}";
}

std::string Agent::converse() const {
  std::string out = "{";
  if (has_system_) out += R"("system":[{"text":)" + quoted(system()) + "}],";
  if (has_tools_) out += R"("toolConfig":{"tools":[)" + tools() + "]},";
  out += R"("messages":[)";
  for (std::size_t i = 0; i < turns_.size(); ++i) {
    const Said& said = turns_[i];
    out += fmt::format(R"({}{{"role":"{}","content":[)", i > 0 ? "," : "", said.role);
    std::string blocks;
    for (const Part& part : said.parts) {
      if (part.kind == Part::kThinking && drop_thinking_) continue;
      if (!blocks.empty()) blocks += ',';
      const std::string text = quoted(part.text);
      if (part.kind == Part::kText) blocks += R"({"text":)" + text + "}";
      if (part.kind == Part::kThinking) {
        blocks += R"({"reasoningContent":{"reasoningText":{"text":)" + text + R"(,"signature":"c2ln"}}})";
      }
      if (part.kind == Part::kCall) {
        blocks += fmt::format(R"({{"toolUse":{{"toolUseId":"{}","name":"{}","input":{}}}}})", part.id, part.tool,
                              part.arguments);
      }
      if (part.kind == Part::kResult) {
        blocks += fmt::format(R"({{"toolResult":{{"toolUseId":"{}","content":[{{"text":{}}}],"status":"{}"}}}})",
                              part.id, text, part.error ? "error" : "success");
      }
    }
    if (mark_ == i + 1) blocks += fmt::format(R"({}{{"cachePoint":{{"type":"default"}}}})", blocks.empty() ? "" : ",");
    out += blocks + "]}";
  }
  return out + "]}";
}

}  // namespace headroom::sessions
