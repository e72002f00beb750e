#include "fit/testing/sketch.h"

#include <cstdlib>
#include <sstream>

#include "base/json_string.h"

namespace headroom::fit::testing {
namespace {

class QuarterTokenizer : public tokens::Tokenizer {
 public:
  std::size_t count(std::string_view text) const override { return (text.size() + 3) / 4; }
  std::string_view name() const override { return "quarter"; }
  bool is_estimate() const override { return true; }
};

/// "text *3" is the text and three lines that differ.
std::string grown(const std::string& text) {
  const std::size_t star = text.rfind('*');
  if (star == std::string::npos) return text;
  std::string out = text.substr(0, star);
  const int lines = std::atoi(text.c_str() + star + 1);
  for (int i = 0; i < lines; ++i) out += "\nline " + std::to_string(i) + " of a text that goes on for some time";
  return out;
}

struct Part {
  std::string json;
  bool call = false;
};

class Builder {
 public:
  explicit Builder(wire::Api api) : anthropic_(api == wire::Api::kAnthropicMessages) {}

  void line(const std::string& line) {
    std::istringstream in(line);
    std::string verb, id, tool, rest;
    in >> verb;
    if (verb == "call") in >> id >> tool;
    if (verb == "result" || verb == "error") in >> id;
    std::getline(in >> std::ws, rest);
    const std::string text = base::encode_json_string(grown(rest));
    if (verb == "system") {
      if (anthropic_)
        system_ = text;
      else
        open("system", false), parts_.push_back({text});
    } else if (verb == "user") {
      open("user", false);
      parts_.push_back({anthropic_ ? R"({"type":"text","text":)" + text + "}" : text});
    } else if (verb == "assistant") {
      if (!thinking_) open("assistant", false);
      parts_.push_back({anthropic_ ? R"({"type":"text","text":)" + text + "}" : text});
      thinking_ = false;
      open_calls_ = true;
    } else if (verb == "think" && anthropic_) {
      open("assistant", false);
      parts_.push_back({R"({"type":"thinking","thinking":)" + text + R"(,"signature":"s"})"});
      thinking_ = open_calls_ = true;
    } else if (verb == "mark" && anthropic_ && !parts_.empty()) {
      parts_.back().json.insert(1, R"("cache_control": {"type": "ephemeral"},)");
    } else if (verb == "call") {
      if (!open_calls_) open("assistant", false);
      open_calls_ = true;
      thinking_ = false;
      const std::string input = R"({"path":)" + base::encode_json_string(rest) + "}";
      parts_.push_back(
          {anthropic_ ? R"({"type":"tool_use","id":")" + id + R"(","name":")" + tool + R"(","input":)" + input + "}"
                      : R"({"id":")" + id + R"(","type":"function","function":{"name":")" + tool + R"(","arguments":)" +
                            base::encode_json_string(input) + "}}",
           true});
    } else if (verb == "result" || verb == "error") {
      if (!anthropic_) {
        open("tool", false);
        extra_ = R"("tool_call_id":")" + id + "\",";
        parts_.push_back({text});
        return;
      }
      if (!open_results_) open("user", true);
      parts_.push_back({R"({"type":"tool_result","tool_use_id":")" + id + R"(","is_error":)" +
                        (verb == "error" ? "true" : "false") + R"(,"content":)" + text + "}"});
    }
  }

  std::string body() {
    close();
    std::string out = "{\"model\": \"gpt-4o\",\n";
    if (!system_.empty()) out += "\"system\":" + system_ + ",\n";
    return out + "\"messages\": [" + messages_ + " ] }\n";
  }

 private:
  void open(const std::string& role, bool results) {
    close();
    role_ = role;
    open_results_ = results;
  }

  void close() {
    open_calls_ = open_results_ = thinking_ = false;
    if (parts_.empty()) return;
    std::string text, calls;
    for (const Part& part : parts_) {
      std::string& list = part.call && !anthropic_ ? calls : text;
      if (!list.empty()) list += ", ";
      list += part.json;
    }
    if (!messages_.empty()) messages_ += " ,\n  ";
    messages_ += R"({"role":")" + role_ + "\"," + extra_ + "\"content\":";
    messages_ += anthropic_ ? "[" + text + "]" : text.empty() ? "null" : text;
    if (!calls.empty()) messages_ += ",\"tool_calls\":[" + calls + "]";
    messages_ += "}";
    parts_.clear();
    extra_.clear();
  }

  bool anthropic_;
  std::string system_, messages_, role_, extra_;
  std::vector<Part> parts_;
  bool open_calls_ = false, open_results_ = false, thinking_ = false;
};

}  // namespace

const tokens::Tokenizer& quarter_tokenizer() {
  static const QuarterTokenizer tokenizer;
  return tokenizer;
}

Sketch::Sketch(wire::Api api, std::string_view lines) {
  Builder builder(api);
  std::istringstream in{std::string(lines)};
  for (std::string line; std::getline(in, line);) builder.line(line);
  body_ = builder.body();
  auto read = wire::read_conversation(api, body_);
  if (!read) std::abort();  // the sketch is wrong
  conversation_ = std::move(*read);
  for (const wire::Block& block : conversation_.blocks) {
    sent_.push_back({block.text, quarter_tokenizer().count(block.text)});
  }
}

Window Sketch::window(std::size_t budget) const {
  return {conversation_, sent_, quarter_tokenizer(), budget};
}

}  // namespace headroom::fit::testing
