#include "wire/spoken_results.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/json_document.h"
#include "base/json_string.h"
#include "base/text.h"

namespace headroom::wire {
namespace {

constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
constexpr std::size_t kLongestHead = 4000;                   // it may hold the whole command
constexpr std::size_t kLongestArgument = 2000;               // longer ones are what is written, not what is asked for
constexpr std::size_t kLongestCall = std::size_t{64} << 10;  // of longer ones the beginning is read
constexpr int kMostElements = 64;
constexpr int kDeepest = 4;

/// Through these the user speaks.
constexpr std::array<std::string_view, 6> kSpeech = {"ask_followup_question", "attempt_completion", "new_task",
                                                     "plan_mode_respond",     "switch_mode",        "condense"};

/// A call as it stands in the assistant's text.
struct Call {
  std::string_view name;
  std::string arguments;  ///< JSON
};

/// A text that gives a result: what it calls the tool, and where the result stands in it.
struct Given {
  std::string_view name;
  std::size_t begin = 0, end = 0;
};

std::size_t name_end(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(kNameCharacters, at), text.size());
}

std::string_view between(std::string_view text, std::string_view open, std::string_view close) {
  const std::size_t at = text.find(open);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + open.size();
  return text.substr(begin, std::min(text.find(close, begin), text.size()) - begin);
}

void add_argument(std::string& json, std::string_view name, std::string_view value) {
  value = base::trim(value);
  if (value.empty() || value.size() > kLongestArgument) return;
  json += json.empty() ? '{' : ',';
  base::append_json_string(json, name);
  json += ':';
  base::append_json_string(json, value);
}

/// Of <path>a.cc</path> and <args><file><path>a.cc</path></file></args> the innermost.
void add_elements(std::string_view text, int depth, std::string& json) {
  int left = kMostElements;
  for (std::size_t at = text.find('<'); at != std::string_view::npos && left > 0; at = text.find('<', at)) {
    const std::size_t end = name_end(text, at + 1);
    const std::string_view name = text.substr(at + 1, end - at - 1);
    if (name.empty() || end == text.size() || text[end] != '>') {
      ++at;
      continue;
    }
    --left;
    const std::string close = "</" + std::string(name) + ">";
    const std::size_t closes = text.find(close, end);
    if (closes == std::string_view::npos) {
      at = end;
      continue;
    }
    const std::string_view value = text.substr(end + 1, closes - end - 1);
    if (base::trim(value).starts_with('<') && depth < kDeepest) {
      add_elements(value, depth + 1, json);
    } else {
      add_argument(json, name, value);
    }
    at = closes + close.size();
  }
}

std::string closed(std::string json) {
  return json.empty() ? json : json + "}";
}

/// "<read_file><path>a.cc</path></read_file>"
std::optional<Call> element_call(std::string_view said, std::string_view name) {
  const std::string open = "<" + std::string(name) + ">";
  if (said.find(open) == std::string_view::npos) return std::nullopt;
  std::string json;
  add_elements(between(said, open, "</" + std::string(name) + ">").substr(0, kLongestCall), 0, json);
  return Call{name, closed(std::move(json))};
}

/// "<function=execute_bash><parameter=command>ls</parameter></function>"
std::optional<Call> function_call(std::string_view said, std::string_view name) {
  static constexpr std::string_view kParameter = "<parameter=";
  const std::string open = "<function=" + std::string(name) + ">";
  if (said.find(open) == std::string_view::npos) return std::nullopt;
  std::string_view rest = between(said, open, "</function>").substr(0, kLongestCall);
  std::string json;
  int left = kMostElements;
  for (std::size_t at = rest.find(kParameter); at != std::string_view::npos && left-- > 0; at = rest.find(kParameter)) {
    rest.remove_prefix(at + kParameter.size());
    const std::size_t end = name_end(rest, 0);
    add_argument(json, rest.substr(0, end), between(rest.substr(end), ">", "</parameter>"));
  }
  return Call{name, closed(std::move(json))};
}

/// <tool_call>{"name": "ls", "arguments": {}}</tool_call>
std::optional<Call> json_call(std::string_view said, std::deque<std::string>& names) {
  const auto document = base::JsonDocument::parse(base::trim(between(said, "<tool_call>", "</tool_call>")));
  if (!document || document->root().kind != base::JsonKind::kObject) return std::nullopt;
  const std::string_view name = document->string_member(document->root(), "name");
  const base::JsonNode* arguments = document->find_last(document->root(), "arguments");
  if (name.empty()) return std::nullopt;
  return Call{names.emplace_back(name), arguments == nullptr ? std::string() : std::string(arguments->raw)};
}

/// "Action: search" and "Action Input: words"
std::optional<Call> action_call(std::string_view said) {
  const std::size_t at = said.rfind("Action:");
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view name = base::trim(between(said.substr(at), "Action:", "\n"));
  std::string_view input = base::trim(between(said.substr(at), "Action Input:", "\nObservation:"));
  if (name.empty()) return std::nullopt;
  std::string json;
  if (input.starts_with('{')) return Call{name, std::string(input.substr(0, kLongestArgument))};
  add_argument(json, "input", input);
  return Call{name, closed(std::move(json))};
}

/// The last block of code of a text that has one.
std::optional<Call> fenced_call(std::string_view said) {
  const std::size_t close = said.rfind("\n```");
  const std::size_t open = close == std::string_view::npos ? close : said.rfind("```", close - 1);
  if (open == std::string_view::npos) return std::nullopt;
  std::string json;
  add_argument(json, "command", between(said.substr(open, close - open), "\n", "\n```"));
  return Call{"bash", closed(std::move(json))};
}

/// "[read_file for 'a.cc'] Result:", alone or with the result behind it.
std::optional<Given> headed(std::string_view text) {
  static constexpr std::string_view kEnd = "] Result:";
  const std::size_t at = text.substr(0, kLongestHead).find(kEnd);
  const std::size_t end = name_end(text, 1);
  if (at == std::string_view::npos || end == 1 || (text[end] != ' ' && text[end] != ']')) return std::nullopt;
  std::size_t begin = at + kEnd.size();
  if (begin < text.size() && text[begin] != '\n') return std::nullopt;
  if (begin < text.size()) ++begin;
  return Given{text.substr(1, end - 1), begin, text.size()};
}

/// A text with `open` in front, and `close` behind where that is given.
std::optional<Given> enclosed(std::string_view text, std::string_view open, std::string_view close) {
  if (!text.starts_with(open)) return std::nullopt;
  std::size_t begin = open.size();
  while (begin < text.size() && (text[begin] == '\n' || text[begin] == ' ')) ++begin;
  std::size_t end = text.size();
  if (!close.empty()) {
    end = text.rfind(close);
    if (end == std::string_view::npos || end < begin || !base::trim(text.substr(end + close.size())).empty())
      return std::nullopt;
    if (end > begin && text[end - 1] == '\n') --end;
  }
  return Given{{}, begin, end};
}

/// The call that the text answers, and where the result stands in it.
std::optional<std::pair<Call, Given>> read_result(std::string_view text, std::string_view said,
                                                  std::deque<std::string>& names) {
  const auto answering = [](std::optional<Call> call, const Given& given) -> std::optional<std::pair<Call, Given>> {
    if (!call) return std::nullopt;
    return std::pair{*std::move(call), given};
  };
  if (text.starts_with('[')) {
    const std::optional<Given> given = headed(text);
    if (!given || std::ranges::find(kSpeech, given->name) != kSpeech.end()) return std::nullopt;
    return answering(element_call(said, given->name), *given);
  }
  static constexpr std::string_view kExecution = "EXECUTION RESULT of [";
  if (text.starts_with(kExecution)) {
    const std::size_t end = name_end(text, kExecution.size());
    if (!text.substr(end).starts_with("]:\n")) return std::nullopt;
    return answering(function_call(said, text.substr(kExecution.size(), end - kExecution.size())),
                     {{}, end + 3, text.size()});
  }
  if (const auto given = enclosed(text, "<tool_response>", "</tool_response>")) {
    // Several in one text would have to be told apart.
    if (text.find("<tool_response>", 1) != std::string_view::npos) return std::nullopt;
    return answering(json_call(said, names), *given);
  }
  if (text.starts_with("<returncode>")) {
    static constexpr std::string_view kOutput = "<output>\n";
    const std::size_t open = text.substr(0, kLongestHead).find(kOutput);
    const std::size_t close = text.rfind("</output>");
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
    return answering(fenced_call(said), {{}, open + kOutput.size(), close});
  }
  if (const auto given = enclosed(text, "Observation:", {})) return answering(action_call(said), *given);
  return std::nullopt;
}

/// The text may be what a client says in the user's name.
bool may_be_result(const Block& block) {
  return block.kind == BlockKind::kText && block.role == Role::kUser && block.exact && !block.text.empty();
}

class Finder {
 public:
  Finder(Conversation& conversation, std::deque<std::string>& names) : blocks_(conversation.blocks), names_(names) {}

  void find() {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      Block& block = blocks_[i];
      if (block.kind == BlockKind::kText && block.role == Role::kAssistant) said_ = block.text;
      if (!said_.empty() && may_be_result(block)) take(i);
    }
  }

 private:
  void take(std::size_t i) {
    Block& block = blocks_[i];
    auto result = read_result(block.text, said_, names_);
    if (!result) return;
    const auto& [call, given] = *result;
    if (given.begin < given.end) return make_result(block, call, given);
    // A head that stands alone: it says nothing by itself, and the next text is the result.
    block.role = Role::kTool;
    if (i + 1 == blocks_.size() || blocks_[i + 1].message != block.message || !may_be_result(blocks_[i + 1])) return;
    Block& next = blocks_[i + 1];
    if (next.text.starts_with("<environment_details>") || read_result(next.text, said_, names_)) return;
    make_result(next, call, {{}, 0, next.text.size()});
  }

  void make_result(Block& block, const Call& call, const Given& given) {
    block.kind = BlockKind::kToolResult;
    block.role = Role::kTool;
    block.editable = true;
    block.spoken = true;
    block.tool_name = call.name;
    block.tool_arguments = names_.emplace_back(call.arguments);
    block.before = block.text.substr(0, given.begin);
    block.after = block.text.substr(given.end);
    block.text = block.text.substr(given.begin, given.end - given.begin);
  }

  std::vector<Block>& blocks_;
  std::deque<std::string>& names_;
  std::string_view said_;
};

}  // namespace

void read_spoken_results(Conversation& conversation, std::deque<std::string>& names) {
  Finder(conversation, names).find();
}

}  // namespace headroom::wire
