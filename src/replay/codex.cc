#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json_string.h"
#include "replay/formats.h"

namespace headroom::replay {
namespace {

using base::JsonKind;
using base::JsonNode;

/// A content of the Responses API as one of chat: a string as it is, parts as text parts.
std::string chat_content(const JsonLine& line, const JsonNode* content) {
  if (content == nullptr) return "\"\"";
  if (content->kind == JsonKind::kString) return std::string(content->raw);
  if (content->kind == JsonKind::kObject) {  // {"content": ..., "success": ...}
    const JsonNode* inner = line.find(content, "content");
    return inner != nullptr && inner->kind == JsonKind::kString ? std::string(inner->raw)
                                                                : base::encode_json_string(content->raw);
  }
  std::vector<std::string> parts;
  for (const JsonNode& part : line.document().children(*content)) {
    const JsonNode* text = line.find(&part, "text");
    if (text != nullptr && text->kind == JsonKind::kString) {
      parts.push_back(fmt::format(R"({{"type":"text","text":{}}})", text->raw));
    } else if (line.text(&part, "type").find("image") != std::string_view::npos) {
      parts.emplace_back(R"({"type":"image_url","image_url":{"url":"data:"}})");
    }
  }
  return fmt::format("[{}]", fmt::join(parts, ","));
}

class RolloutReader {
 public:
  explicit RolloutReader(std::string_view name) {
    recording_.format = "codex";
    session_.name = name;
    session_.format = "codex";
    session_.api = wire::Api::kOpenAiChat;
  }

  void take(std::string_view text);
  Recording finish() &&;

 private:
  void take_item(const JsonLine& line, const JsonNode& item, std::int64_t time_ms, bool replayed);
  void take_meta(const JsonLine& line, const JsonNode& meta);
  void take_usage(const JsonLine& line, const JsonNode& info);
  void add_message(std::string message);
  void add_call(std::string_view id, std::string_view name, std::string_view arguments);
  /// Something of an answer: the request for it is what there is so far.
  void begin_answer(std::int64_t time_ms, bool replayed);
  void end_answer();

  Recording recording_;
  Session session_;
  std::vector<std::uint32_t> history_;
  bool instructions_ = false;  ///< the first message of all is the instructions, which every request has
  std::string model_ = "gpt-5-codex";
  bool answering_ = false;
  std::string answer_text_ = "null";
  std::vector<std::string> answer_calls_;
  std::int64_t last_time_ms_ = 0;
};

void RolloutReader::add_message(std::string message) {
  history_.push_back(static_cast<std::uint32_t>(session_.messages.size()));
  session_.messages.push_back(std::move(message));
}

void RolloutReader::begin_answer(std::int64_t time_ms, bool replayed) {
  if (!answering_ && !replayed && !history_.empty()) {
    session_.turns.push_back(
        {.messages = history_, .model = model_, .time_ms = last_time_ms_ != 0 ? last_time_ms_ : time_ms});
  }
  answering_ = true;
}

void RolloutReader::end_answer() {
  if (!answering_) return;
  answering_ = false;
  if (answer_text_ != "null" || !answer_calls_.empty()) {
    std::string calls;
    if (!answer_calls_.empty()) calls = fmt::format(R"(,"tool_calls":[{}])", fmt::join(answer_calls_, ","));
    add_message(fmt::format(R"({{"role":"assistant","content":{}{}}})", answer_text_, calls));
  }
  answer_text_ = "null";
  answer_calls_.clear();
}

void RolloutReader::add_call(std::string_view id, std::string_view name, std::string_view arguments) {
  answer_calls_.push_back(fmt::format(R"({{"id":{},"type":"function","function":{{"name":{},"arguments":{}}}}})",
                                      base::encode_json_string(id), base::encode_json_string(name),
                                      base::encode_json_string(arguments)));
}

void RolloutReader::take_item(const JsonLine& line, const JsonNode& item, std::int64_t time_ms, bool replayed) {
  const std::string_view type = line.text(&item, "type");
  const std::string_view role = line.text(&item, "role");
  if (type == "message" && role == "assistant") {
    begin_answer(time_ms, replayed);
    if (answer_text_ != "null") {  // a second text of the same answer
      end_answer();
      answering_ = true;
    }
    answer_text_ = chat_content(line, line.find(&item, "content"));
    return;
  }
  if (type == "function_call") {
    begin_answer(time_ms, replayed);
    add_call(line.text(&item, "call_id"), line.text(&item, "name"), line.text(&item, "arguments"));
    return;
  }
  if (type == "custom_tool_call") {
    begin_answer(time_ms, replayed);
    add_call(line.text(&item, "call_id"), line.text(&item, "name"),
             fmt::format(R"({{"input":{}}})", base::encode_json_string(line.text(&item, "input"))));
    return;
  }
  if (type == "local_shell_call") {
    begin_answer(time_ms, replayed);
    const JsonNode* action = line.find(&item, "action");
    add_call(line.text(&item, "call_id"), "local_shell", action == nullptr ? "{}" : action->raw);
    return;
  }
  if (type == "reasoning" || type == "web_search_call") {
    begin_answer(time_ms, replayed);
    return;
  }
  end_answer();
  if (type == "message") {
    add_message(fmt::format(R"({{"role":{},"content":{}}})",
                            base::encode_json_string(role == "developer" ? "system"
                                                     : role.empty()      ? "user"
                                                                         : role),
                            chat_content(line, line.find(&item, "content"))));
  } else if (type == "function_call_output" || type == "custom_tool_call_output") {
    add_message(fmt::format(R"({{"role":"tool","tool_call_id":{},"content":{}}})",
                            base::encode_json_string(line.text(&item, "call_id")),
                            chat_content(line, line.find(&item, "output"))));
  } else {
    return;
  }
  last_time_ms_ = time_ms;
}

void RolloutReader::take_meta(const JsonLine& line, const JsonNode& meta) {
  std::string_view instructions = line.text(&meta, "instructions");
  if (instructions.empty()) instructions = line.text(line.find(&meta, "base_instructions"), "text");
  if (!instructions.empty() && history_.empty()) {
    add_message(fmt::format(R"({{"role":"system","content":{}}})", base::encode_json_string(instructions)));
    instructions_ = true;
  }
}

void RolloutReader::take_usage(const JsonLine& line, const JsonNode& info) {
  const JsonNode* last = line.find(&info, "last_token_usage");
  if (last == nullptr || session_.turns.empty()) return;
  money::Usage billed;
  const std::uint64_t input = line.number(last, "input_tokens");
  billed.cached = std::min(line.number(last, "cached_input_tokens"), input);
  billed.uncached = input - billed.cached;
  billed.output = line.number(last, "output_tokens");
  if (input > 0) session_.turns.back().billed = billed;
}

void RolloutReader::take(std::string_view text) {
  const auto line = JsonLine::parse(text);
  if (!line) {
    ++recording_.damaged_lines;
    return;
  }
  const std::string_view type = line->text("type");
  const std::int64_t time_ms = line->time_ms("timestamp");
  const JsonNode* payload = line->find("payload");
  if (payload == nullptr) {  // the first format: items as they are, after a line of meta data
    if (type.empty()) {
      take_meta(*line, line->root());
    } else {
      take_item(*line, line->root(), time_ms, false);
    }
    return;
  }
  if (type == "session_meta") {
    take_meta(*line, *payload);
  } else if (type == "response_item") {
    take_item(*line, *payload, time_ms, false);
  } else if (type == "turn_context") {
    if (const std::string_view model = line->text(payload, "model"); !model.empty()) model_ = model;
  } else if (type == "event_msg" && line->text(payload, "type") == "token_count") {
    if (const JsonNode* info = line->find(payload, "info")) take_usage(*line, *info);
  } else if (type == "compacted") {
    end_answer();
    history_.clear();
    if (instructions_) history_.push_back(0);
    const JsonNode* replacement = line->find(payload, "replacement_history");
    if (replacement != nullptr && replacement->kind == JsonKind::kArray) {
      for (const JsonNode& item : line->document().children(*replacement)) take_item(*line, item, time_ms, true);
      end_answer();
    } else {
      add_message(
          fmt::format(R"({{"role":"user","content":{}}})", base::encode_json_string(line->text(payload, "message"))));
    }
  }
}

Recording RolloutReader::finish() && {
  if (!session_.turns.empty()) recording_.sessions.push_back(std::move(session_));
  return std::move(recording_);
}

}  // namespace

Recording read_codex(const std::vector<std::string_view>& lines, std::string_view name) {
  RolloutReader reader(name);
  for (std::string_view line : lines) reader.take(line);
  return std::move(reader).finish();
}

}  // namespace headroom::replay
