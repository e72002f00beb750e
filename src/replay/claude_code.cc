#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "replay/formats.h"

namespace headroom::replay {
namespace {

using base::JsonKind;
using base::JsonNode;

/// A record that has a place in the tree. Only users' and assistants' records carry a message.
struct Node {
  std::int64_t parent = -1;  ///< index; -1: a root
  bool message = false;
  bool assistant = false;
  bool has_result = false;  ///< holds a tool's result
  bool sidechain = false;
  std::string answer_id;  ///< the same for all records of one answer
  std::string agent;      ///< of a sub-agent's records
  std::string blocks;     ///< of the content, separated by commas
  std::string model;
  std::int64_t time_ms = 0;
  money::Usage billed;
  bool long_writes = false;
};

std::string blocks_of(const JsonLine& line, const JsonNode& content) {
  if (content.kind == JsonKind::kString) return fmt::format(R"({{"type":"text","text":{}}})", content.raw);
  std::string blocks;
  for (const JsonNode& block : line.document().children(content)) {
    if (block.kind != JsonKind::kObject) continue;
    if (!blocks.empty()) blocks += ',';
    blocks += block.raw;
  }
  return blocks;
}

bool has_result(const JsonLine& line, const JsonNode& content) {
  for (const JsonNode& block : line.document().children(content)) {
    if (line.text(&block, "type") == "tool_result") return true;
  }
  return false;
}

class TranscriptReader {
 public:
  explicit TranscriptReader(std::string_view name) : name_(name) { recording_.format = "claude-code"; }

  void take(std::string_view text);
  Recording finish() &&;

 private:
  void take_message(const JsonLine& line, Node& node) const;
  /// The records that were sent for the answer which begins with `answer`, in order.
  std::vector<std::size_t> context_of(std::size_t answer) const;
  void add_turn(std::size_t answer);
  Session& session_for(std::size_t answer);

  std::string name_;
  Recording recording_;
  std::vector<Node> nodes_;
  std::unordered_map<std::string, std::size_t> by_uuid_;
  std::unordered_map<std::string, std::size_t> first_of_answer_;
  std::map<std::string, std::size_t> session_of_;                         ///< main line or sub-agent -> session
  std::vector<std::map<std::vector<std::size_t>, std::uint32_t>> known_;  ///< per session: records -> its message
};

void TranscriptReader::take_message(const JsonLine& line, Node& node) const {
  const JsonNode* message = line.find("message");
  const JsonNode* content = line.find(message, "content");
  if (content == nullptr) return;
  node.model = line.text(message, "model");
  node.answer_id = line.text(message, "id");
  // Errors that the program shows as answers were never sent anywhere.
  if (line.flag(&line.root(), "isApiErrorMessage") || node.model == "<synthetic>") return;
  node.blocks = blocks_of(line, *content);
  node.message = !node.blocks.empty();
  node.has_result = !node.assistant && has_result(line, *content);
  if (const JsonNode* usage = line.find(message, "usage")) {
    const JsonNode* writes = line.find(usage, "cache_creation");
    const std::uint64_t all = line.number(usage, "cache_creation_input_tokens");
    node.billed.written_long = std::min(line.number(writes, "ephemeral_1h_input_tokens"), all);
    node.billed.written = all - node.billed.written_long;
    node.billed.cached = line.number(usage, "cache_read_input_tokens");
    node.billed.uncached = line.number(usage, "input_tokens");
    node.billed.output = line.number(usage, "output_tokens");
    node.long_writes = node.billed.written_long > 0;
  }
}

void TranscriptReader::take(std::string_view text) {
  const auto line = JsonLine::parse(text);
  if (!line) {
    ++recording_.damaged_lines;
    return;
  }
  const std::string uuid(line->text("uuid"));
  if (uuid.empty()) return;  // summaries, snapshots of files and others that are not part of the tree
  Node node;
  if (const auto parent = by_uuid_.find(std::string(line->text("parentUuid"))); parent != by_uuid_.end()) {
    node.parent = static_cast<std::int64_t>(parent->second);
  }
  node.sidechain = line->flag(&line->root(), "isSidechain");
  node.agent = line->text("agentId");
  node.time_ms = line->time_ms("timestamp");
  const std::string_view type = line->text("type");
  node.assistant = type == "assistant";
  if (type == "user" || type == "assistant") take_message(*line, node);
  if (node.assistant && node.answer_id.empty()) node.answer_id = uuid;
  by_uuid_.try_emplace(uuid, nodes_.size());
  nodes_.push_back(std::move(node));
}

std::vector<std::size_t> TranscriptReader::context_of(std::size_t answer) const {
  std::unordered_set<std::size_t> line;
  std::unordered_set<std::string_view> answers;
  for (std::int64_t at = nodes_[answer].parent; at >= 0;) {
    const auto index = static_cast<std::size_t>(at);
    line.insert(index);
    if (nodes_[index].assistant && nodes_[index].message) answers.insert(nodes_[index].answer_id);
    at = nodes_[index].parent;  // an earlier record, always
  }
  // Several calls of one answer branch: each result hangs on the record of its call, and only one is an ancestor.
  std::vector<std::size_t> sent;
  for (std::size_t i = 0; i < answer; ++i) {
    const Node& node = nodes_[i];
    if (!node.message) continue;
    bool part = line.contains(i) || (node.assistant && answers.contains(node.answer_id));
    if (!part && node.has_result && node.parent >= 0) {
      const Node& call = nodes_[static_cast<std::size_t>(node.parent)];
      part = call.assistant && answers.contains(call.answer_id);
    }
    if (part) sent.push_back(i);
  }
  // An answer's records stand together, where its first one is.
  std::ranges::stable_sort(
      sent, {}, [&](std::size_t i) { return nodes_[i].assistant ? first_of_answer_.at(nodes_[i].answer_id) : i; });
  return sent;
}

Session& TranscriptReader::session_for(std::size_t answer) {
  std::string key;
  if (nodes_[answer].sidechain) {
    key = nodes_[answer].agent;
    if (key.empty()) {
      std::size_t root = answer;
      while (nodes_[root].parent >= 0) root = static_cast<std::size_t>(nodes_[root].parent);
      key = std::to_string(root);
    }
  }
  const auto [place, fresh] = session_of_.try_emplace(key, recording_.sessions.size());
  if (fresh) {
    Session& session = recording_.sessions.emplace_back();
    session.name = key.empty() ? name_ : fmt::format("{}#{}", name_, key);
    session.format = "claude-code";
    session.api = wire::Api::kAnthropicMessages;
    session.head = "\"max_tokens\":8192";
    session.add_marks = true;
    known_.emplace_back();
  }
  return recording_.sessions[place->second];
}

void TranscriptReader::add_turn(std::size_t answer) {
  const std::vector<std::size_t> sent = context_of(answer);
  if (sent.empty()) return;
  Session& session = session_for(answer);
  auto& known = known_[static_cast<std::size_t>(&session - recording_.sessions.data())];
  Turn turn;
  turn.model = nodes_[answer].model;
  turn.billed = nodes_[answer].billed;
  turn.time_ms = nodes_[sent.back()].time_ms;
  session.long_marks = session.long_marks || nodes_[answer].long_writes;
  for (std::size_t i = 0; i < sent.size();) {
    const Node& first = nodes_[sent[i]];
    std::vector<std::size_t> group;
    for (; i < sent.size(); ++i) {
      const Node& node = nodes_[sent[i]];
      if (node.assistant != first.assistant || (first.assistant && node.answer_id != first.answer_id)) break;
      group.push_back(sent[i]);
    }
    const auto [place, fresh] = known.try_emplace(group, static_cast<std::uint32_t>(session.messages.size()));
    if (fresh) {
      std::string blocks;
      for (std::size_t index : group) {
        if (!blocks.empty()) blocks += ',';
        blocks += nodes_[index].blocks;
      }
      session.messages.push_back(
          fmt::format(R"({{"role":"{}","content":[{}]}})", first.assistant ? "assistant" : "user", blocks));
    }
    turn.messages.push_back(place->second);
  }
  session.turns.push_back(std::move(turn));
}

Recording TranscriptReader::finish() && {
  std::vector<std::size_t> answers;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Node& node = nodes_[i];
    if (!node.assistant || !node.message) continue;
    const auto [place, fresh] = first_of_answer_.try_emplace(node.answer_id, i);
    if (fresh) {
      answers.push_back(i);
    } else {
      Node& first = nodes_[place->second];  // the count of output grows from record to record
      first.billed.output = std::max(first.billed.output, node.billed.output);
    }
  }
  for (std::size_t answer : answers) add_turn(answer);
  return std::move(recording_);
}

}  // namespace

Recording read_claude_code(const std::vector<std::string_view>& lines, std::string_view name) {
  TranscriptReader reader(name);
  for (std::string_view line : lines) reader.take(line);
  return std::move(reader).finish();
}

}  // namespace headroom::replay
