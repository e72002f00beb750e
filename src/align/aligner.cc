#include "align/aligner.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "align/skeleton.h"
#include "align/tool_list.h"
#include "base/hash.h"
#include "base/json_string.h"
#include "base/text.h"

namespace headroom::align {
namespace {

/// What has more new values than this is data, not a stamp: then the text counts as changed.
constexpr std::size_t kMaxTold = 24;
constexpr std::size_t kMaxToldBytes = 8192;
constexpr std::size_t kMaxNames = 16;

/// A value as the client sends it now.
struct Current {
  Kind kind = Kind::kId;
  std::string_view text;
  std::string_view label, id_name;
  bool silent = false;
  base::Span place;  ///< in the body
};

/// What the model has to know of a value that is pinned.
struct Note {
  std::string label;
  std::string above, now;
  bool fresh = false;
};

std::string squashed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

std::string names_of(const std::vector<ToolShape>& tools) {
  std::string names;
  for (const ToolShape& tool : tools) {
    if (!names.empty()) names += ", ";
    names += tool.name;
    if (names.size() > 100) break;
  }
  return names;
}

class Aligner {
 public:
  Aligner(const wire::Conversation& conversation, std::string_view body, const Pin* pin, Skeletons& skeletons)
      : body_(body), pin_(pin), skeletons_(skeletons) {
    for (const wire::Block& block : conversation.blocks) {
      if (block.role != wire::Role::kSystem || system_.size() == Pin::kMaxBlocks) break;
      system_.push_back(&block);
    }
    if (!conversation.tools.empty()) {
      tools_span_ = {conversation.tools.front().element.begin, conversation.tools.back().element.end};
    }
    tools_ = body.substr(tools_span_.begin, tools_span_.size());
  }

  Alignment run() && {
    out_.pin.turn = pin_ == nullptr ? 1 : pin_->turn + (pin_->turn < UINT32_MAX ? 1 : 0);
    align_tools();
    for (std::size_t at = 0; at < system_.size(); ++at) align_block(at);
    if (pin_ != nullptr && pin_->blocks.size() > system_.size()) {
      drift("system", "instructions", "", "(a text fewer)", {}, Action::kAccepted);
      for (std::size_t at = system_.size(); at < pin_->blocks.size(); ++at) drop(pin_->blocks[at].values);
    }
    write_tell();
    return std::move(out_);
  }

 private:
  void drift(std::string where, std::string_view what, std::string_view before, std::string_view now, base::Span place,
             Action action) {
    out_.drifts.push_back({std::move(where), std::string(what), shown(before), shown(now), place.begin, place.size(),
                           out_.pin.turn, action});
  }

  /// Values of a text that is sent as it comes from now on.
  void drop(const std::vector<PinnedValue>& values) {
    for (const PinnedValue& value : values) stale_ = stale_ || value.told != value.pinned;
  }

  /// The name stands somewhere else, too, so something may ask for its value.
  bool mentioned(std::string_view id_name) {
    const std::string name = squashed(id_name);
    if (name.empty()) return false;
    if (const auto known = mentions_.find(name); known != mentions_.end()) return known->second;
    if (mentions_.size() == kMaxNames) return true;
    if (all_.empty()) {
      for (const wire::Block* block : system_) all_ += squashed(block->text) + '\n';
      all_ += squashed(tools_);
    }
    const std::size_t first = all_.find(name);
    const bool again = first != std::string::npos && all_.find(name, first + 1) != std::string::npos;
    mentions_.emplace(name, again);
    return again;
  }

  bool is_silent(const Current& current) { return current.silent && !mentioned(current.id_name); }

  /// Whether so much is new that telling it makes no sense.
  bool too_much(const std::vector<PinnedValue>& values, const std::vector<Current>& now) {
    std::size_t count = 0, bytes = 0;
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (now[i].text == values[i].told || is_silent(now[i])) continue;
      ++count;
      bytes += now[i].text.size();
    }
    return count > kMaxTold || bytes > kMaxToldBytes;
  }

  /// Keeps a value as it is pinned, and notes what there is to tell.
  void settle(PinnedValue& value, const Current& now, const std::string& where) {
    if (is_silent(now)) {
      if (now.text != value.pinned)
        drift(where, kind_name(now.kind), value.pinned, now.text, now.place, Action::kPinned);
      return;
    }
    const bool fresh = now.text != value.told;
    if (fresh) {
      drift(where, kind_name(now.kind), value.told, now.text, now.place, Action::kTold);
      value.told = now.text;
    }
    if (fresh || value.told != value.pinned) {
      std::string label(now.label.empty() ? kind_name(now.kind) : now.label);
      if (where != "system") label.insert(0, where + ", ");
      notes_.push_back({std::move(label), value.pinned, value.told, fresh});
    }
  }

  // -- tools

  void align_tools() {
    if (pin_ == nullptr) {
      out_.pin.tools = tools_;
      return;
    }
    const bool told = std::ranges::any_of(pin_->tool_values, [](const PinnedValue& v) { return v.told != v.pinned; });
    if (tools_ == pin_->tools && !told) {
      out_.pin.tools = tools_;
      out_.pin.tool_values = pin_->tool_values;
      return;
    }
    const std::vector<ToolShape> before = tool_shapes(pin_->tools);
    const std::vector<ToolShape> now = tool_shapes(tools_);
    if (!keep_tools(before, now)) accept_tools(before, now);
  }

  void accept_tools(const std::vector<ToolShape>& before, const std::vector<ToolShape>& now) {
    drift("tools", "tools", names_of(before), names_of(now), tools_span_, Action::kAccepted);
    drop(pin_->tool_values);
    out_.pin.tools = tools_;
    out_.pin.tool_values.clear();
    broken_ = true;
  }

  /// For each pinned tool the one of now that equals it; nothing when they are not the same tools.
  static std::optional<std::vector<std::size_t>> matched(const std::vector<ToolShape>& before,
                                                         const std::vector<ToolShape>& now) {
    if (before.empty() || before.size() != now.size()) return std::nullopt;
    std::unordered_map<std::string_view, std::deque<std::size_t>> places;
    for (std::size_t i = 0; i < now.size(); ++i) places[now[i].digest].push_back(i);
    std::vector<std::size_t> match;
    for (const ToolShape& tool : before) {
      const auto found = places.find(tool.digest);
      if (found == places.end() || found->second.empty()) return std::nullopt;
      const std::size_t at = found->second.front();
      found->second.pop_front();
      if (now[at].values.size() != tool.values.size()) return std::nullopt;
      match.push_back(at);
    }
    return match;
  }

  bool keep_tools(const std::vector<ToolShape>& before, const std::vector<ToolShape>& now) {
    const auto match = matched(before, now);
    if (!match) return false;
    std::vector<PinnedValue> values;
    std::vector<Current> current;
    std::vector<std::string> where;
    for (std::size_t i = 0; i < before.size(); ++i) {
      const ToolShape& tool = now[(*match)[i]];
      for (std::size_t k = 0; k < tool.values.size(); ++k) {
        const ToolValue& value = tool.values[k];
        const base::Span place = {tools_span_.begin + value.literal.begin, tools_span_.begin + value.literal.end};
        values.push_back({value.kind, before[i].values[k].text, before[i].values[k].text});
        current.push_back({value.kind, value.text, value.label, value.id_name, value.silent, place});
        where.push_back("tool " + tool.name);
      }
    }
    if (values.size() > kMaxValues) return false;
    if (pin_->tool_values.size() == values.size()) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i].told = pin_->tool_values[i].told;
    }
    const bool same_marks = std::ranges::equal(before, now, {}, &ToolShape::mark, &ToolShape::mark);
    const bool same_order = std::ranges::is_sorted(*match);
    if (!same_marks) {
      // The client moved a mark, which is its own to place: its bytes go out, and the prefix reads the same.
      const bool same_values = std::ranges::equal(values, current, {}, &PinnedValue::pinned, &Current::text);
      if (!same_order || !same_values) return false;
      out_.pin.tools = tools_;
      out_.pin.tool_values = pin_->tool_values;
      return true;
    }
    if (too_much(values, current)) return false;
    const std::size_t reported = out_.drifts.size();
    for (std::size_t i = 0; i < values.size(); ++i) settle(values[i], current[i], where[i]);
    if (tools_ != pin_->tools) {
      if (!same_order || reported == out_.drifts.size()) {
        drift("tools", same_order ? "order of keys" : "order", names_of(before), names_of(now), tools_span_,
              Action::kReordered);
      }
      out_.edits.push_back({tools_span_, pin_->tools});
    }
    out_.pin.tools = pin_->tools;
    const bool told = std::ranges::any_of(values, [](const PinnedValue& v) { return v.told != v.pinned; });
    if (told) out_.pin.tool_values = std::move(values);
    return true;
  }

  // -- system prompt

  void align_block(std::size_t at) {
    const wire::Block& block = *system_[at];
    Skeleton whole;
    if (!block.exact) {
      whole.text = block.text;
      whole.line_starts = {0};
    }
    const Skeleton& skeleton = block.exact ? skeletons_.of(block.text) : whole;
    const PinnedBlock* before = pin_ != nullptr && at < pin_->blocks.size() ? &pin_->blocks[at] : nullptr;
    PinnedBlock& now = out_.pin.blocks.emplace_back();
    now.skeleton = base::content_id(skeleton.text);
    const bool same =
        before != nullptr && before->skeleton == now.skeleton && before->values.size() == skeleton.values.size();
    if (!same) {
      accept_block(block, skeleton, before, now);
      return;
    }
    now = *before;
    const std::vector<Current> current = current_values(block, skeleton);
    if (broken_ || too_much(now.values, current)) {
      renew(now, current);
      return;
    }
    for (std::size_t i = 0; i < current.size(); ++i) {
      settle(now.values[i], current[i], "system");
      if (current[i].text == now.values[i].pinned) continue;
      std::string literal = base::encode_json_string(now.values[i].pinned);
      out_.edits.push_back({current[i].place, literal.substr(1, literal.size() - 2)});
    }
  }

  std::vector<Current> current_values(const wire::Block& block, const Skeleton& skeleton) const {
    std::vector<std::size_t> ends;
    for (const Volatile& value : skeleton.values) {
      ends.push_back(value.begin);
      ends.push_back(value.end);
    }
    const std::vector<std::size_t> places = offsets_in_literal(literal_of(block), ends);
    std::vector<Current> current;
    for (std::size_t i = 0; i < skeleton.values.size(); ++i) {
      const Volatile& value = skeleton.values[i];
      const base::Span place = {block.literal.begin + places[2 * i], block.literal.begin + places[2 * i + 1]};
      current.push_back({value.kind, std::string_view(block.text).substr(value.begin, value.end - value.begin),
                         value.label, value.id_name, value.silent, place});
    }
    return current;
  }

  std::string_view literal_of(const wire::Block& block) const {
    return body_.substr(block.literal.begin, block.literal.size());
  }

  /// The prefix ends before or in this block anyway: its values may as well be the true ones.
  void renew(PinnedBlock& pinned, const std::vector<Current>& current) {
    for (std::size_t i = 0; i < current.size(); ++i) {
      PinnedValue& value = pinned.values[i];
      if (current[i].text != value.pinned) {
        drift("system", kind_name(value.kind), value.pinned, current[i].text, current[i].place, Action::kAccepted);
        broken_ = true;
      }
      stale_ = stale_ || (value.told != value.pinned && current[i].text != value.told);
      value.pinned = value.told = current[i].text;
    }
  }

  void accept_block(const wire::Block& block, const Skeleton& skeleton, const PinnedBlock* before, PinnedBlock& now) {
    now.lines = skeleton.line_hashes();
    for (const Volatile& value : skeleton.values) {
      const std::string text(block.text.substr(value.begin, value.end - value.begin));
      now.values.push_back({value.kind, text, text});
    }
    if (pin_ == nullptr) return;
    broken_ = true;
    std::size_t line = 0;
    if (before != nullptr) {
      drop(before->values);
      while (line < now.lines.size() && line < before->lines.size() && now.lines[line] == before->lines[line]) ++line;
    }
    line = std::min(line, skeleton.line_starts.size() - 1);
    const std::size_t begin = skeleton.line_starts[line];
    const std::size_t end = line + 1 < skeleton.line_starts.size() ? skeleton.line_starts[line + 1] : block.text.size();
    const std::vector<std::size_t> ends = {begin, end};
    const std::vector<std::size_t> places = offsets_in_literal(literal_of(block), ends);
    const base::Span place = {block.literal.begin + places[0], block.literal.begin + places[1]};
    drift("system", "instructions", "", std::string_view(block.text).substr(begin, end - begin), place,
          Action::kAccepted);
  }

  void write_tell() {
    std::string list;
    for (const Note& note : notes_) {
      if (!note.fresh && !stale_) continue;
      if (!list.empty()) list += list.find('\n') == std::string::npos ? "; " : "\n";
      const std::string_view now = base::trim(note.now);
      const bool lines = now.find('\n') != std::string_view::npos;
      list += note.label + (lines ? ":\n" : ": ");
      list += now.empty() ? "(none)" : now;
      if (lines) {
        list += '\n';
      } else if (note.above == note.now) {
        list += " (as above)";
      } else if (const std::string_view above = base::trim(note.above);
                 above.size() <= 64 && above.find('\n') == std::string_view::npos) {
        list += " (above: " + std::string(above.empty() ? "none" : above) + ")";
      }
    }
    if (stale_) {
      out_.tell = "[The instructions at the top are up to date again; earlier notes of current values no longer hold.";
      if (!list.empty()) out_.tell += " Except for: " + list;
      out_.tell += ']';
    } else if (!list.empty()) {
      out_.tell = "[Current values, in place of those in the instructions above: " + list + "]";
    }
  }

  std::string_view body_;
  const Pin* pin_;
  Skeletons& skeletons_;
  std::vector<const wire::Block*> system_;
  base::Span tools_span_;
  std::string_view tools_;
  Alignment out_;
  std::vector<Note> notes_;
  std::unordered_map<std::string, bool> mentions_;
  std::string all_;      // what mentioned() searches
  bool broken_ = false;  // the cached prefix has ended
  bool stale_ = false;   // a tell of an earlier request is wrong now
};

}  // namespace

std::string_view action_name(Action action) {
  switch (action) {
    case Action::kPinned:
      return "pinned";
    case Action::kTold:
      return "told";
    case Action::kReordered:
      return "reordered";
    case Action::kAccepted:
      return "accepted";
  }
  return "unknown";
}

Alignment align(const wire::Conversation& conversation, std::string_view body, const Pin* pin, Skeletons& skeletons) {
  return Aligner(conversation, body, pin, skeletons).run();
}

Alignment align(const wire::Conversation& conversation, std::string_view body, const Pin* pin) {
  Skeletons skeletons;
  return align(conversation, body, pin, skeletons);
}

}  // namespace headroom::align
