#include "compress/json/smart_crusher.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_cut.h"
#include "base/text.h"
#include "compress/json/exact_frame.h"
#include "compress/json/idle_members.h"
#include "compress/json/layout.h"
#include "compress/json/python_literal.h"
#include "compress/json/question.h"
#include "compress/json/row_choice.h"
#include "compress/json/summary.h"
#include "compress/marker.h"

namespace headroom::compress {
namespace {

using json::Layout;

/// A larger table will lose rows, so writing all of them first would be for nothing.
constexpr std::size_t kWrittenFirst = 8 * 1024;

class Crush {
 public:
  Crush(const Input& input, const Layout& layout) : input_(input), layout_(layout), question_(input.query) {}

  /// Drops rows where there are many: sets `output.text`, which holds the lossless layout or nothing. `lossless_bytes`:
  /// size of that layout, or a guess.
  void drop_rows(Output& output, std::size_t lossless_bytes);
  /// Leaves out members that say nothing, where they are much of a text whose rows all stay.
  void drop_members(Output& output) const;

 private:
  const Input& input_;
  const Layout& layout_;
  json::Question question_;
};

void Crush::drop_rows(Output& output, std::size_t lossless) {
  const json::RowAims aims{.target_tokens = input_.target_tokens,
                           .text_bytes = input_.text.size(),
                           .lossless_bytes = lossless,
                           .tables = layout_.tables().size(),
                           .profile = input_.profile};
  if (json::stays_whole(aims)) return;
  std::vector<std::vector<bool>> keeps(layout_.tables().size());
  std::vector<std::string> summaries, notes;
  std::size_t dropped = 0;
  for (std::size_t at = 0; at < layout_.tables().size(); ++at) {
    if (input_.deadline.expired()) return;
    const auto& [doc, table] = layout_.tables()[at];
    const std::size_t rows = table->rows.size();
    std::optional<json::RowChoice> choice = json::choose_rows(*doc, *table, question_, aims, input_.deadline);
    if (!choice) continue;
    json::Selection& selection = choice->selection;
    const std::size_t kept = selection.rows.size();
    for (const json::KeptRow& row : selection.rows) {
      notes.push_back(fmt::format("{}[{}] kept: {}{}{}", table->label, row.row, json::reason_name(row.reason),
                                  row.detail.empty() ? "" : " in ", row.detail));
    }
    summaries.push_back(json::summarize(*doc, *table, choice->facts, kept, selection.answers));
    keeps[at] = std::move(selection.keep);
    dropped += rows - kept;
  }
  if (dropped == 0 || input_.deadline.expired()) return;
  std::string what;
  for (const std::string& summary : summaries) what += (what.empty() ? "" : " | ") + summary;
  json::IdleMembers idle(question_, input_.query.user);
  std::string text = layout_.write(keeps, &idle);
  if (const std::string left = idle.what(); idle.bytes() > 2 * left.size()) {
    what += " | " + left;
  } else if (idle.bytes() > 0) {
    text = layout_.write(keeps);
  }
  text += "\n" + handle_marker(input_.id, what);
  if (output.text.empty() && text.size() > lossless / 2) output.text = layout_.write({});
  if (!output.text.empty() && text.size() >= output.text.size()) return;
  output.text = std::move(text);
  output.strategy = "json:rows";
  output.lossy = true;
  output.records_kept -= dropped;
  output.notes = std::move(notes);
}

void Crush::drop_members(Output& output) const {
  static constexpr std::size_t kLeastGain = 200, kSmallest = 800;  // bytes
  if (input_.profile == Profile::kGentle || output.text.size() < kSmallest) return;
  json::IdleMembers idle(question_, input_.query.user);
  std::string text = layout_.write({}, &idle);
  if (idle.bytes() < kLeastGain) return;
  text += "\n" + handle_marker(input_.id, idle.what());
  if (text.size() + output.text.size() / 10 > output.text.size()) return;
  output.text = std::move(text);
  output.strategy = "json:members";
  output.lossy = true;
}

/// JSON that was cut off: its whole items are crushed, and what follows them stands below as it came.
std::optional<Output> crush_cut(const SmartCrusher& crusher, const Input& input) {
  const auto cut = base::find_cut(input.text);
  if (!cut) return std::nullopt;
  const std::string closed = std::string(input.text.substr(0, cut->whole)) + cut->closers;
  Input whole = input;
  whole.text = closed;
  auto out = crusher.compress(whole);
  if (!out) return std::nullopt;
  std::string handle = handle_marker(input.id, fmt::format("cut off behind item {} of an array", cut->items - 1));
  const std::size_t at = out->text.rfind("\n<<ccr:");
  if (at != std::string::npos) {
    handle = out->text.substr(at + 1);
    out->text.resize(at);
  }
  out->text += fmt::format("\n{}\n{}", base::trim(input.text.substr(cut->whole)), handle);
  out->lossy = true;
  out->notes.push_back(fmt::format("cut off behind item {} of an array; the rest stays as it is", cut->items - 1));
  if (out->text.size() >= input.text.size()) return std::nullopt;
  return out;
}

/// What a Python program printed is crushed as the JSON that says the same.
std::optional<Output> crush_python(const SmartCrusher& crusher, const Input& input) {
  static constexpr std::string_view kNote = "Python's values are written as JSON";
  const auto json = json::json_of_python(input.text);
  if (!json) return std::nullopt;
  Input same = input;
  same.text = *json;
  auto out = crusher.compress(same);
  if (!out) return std::nullopt;
  const std::size_t handle = out->text.rfind(fmt::format("<<ccr:{}", input.id));
  const std::size_t end = handle == std::string::npos ? handle : out->text.find(">>", handle);
  if (out->lossy && end != std::string::npos) {
    out->text.insert(end, fmt::format(" | {}", kNote));
  } else {
    out->text += "\n" + handle_marker(input.id, kNote);
  }
  out->lossy = true;
  out->notes.emplace_back(kNote);
  if (out->text.size() >= input.text.size()) return std::nullopt;
  return out;
}

}  // namespace

std::optional<Output> SmartCrusher::compress(const Input& input) const {
  const bool may_drop = !input.id.empty();
  const base::Result<Layout> layout = Layout::parse(input.text, input.type == detect::ContentType::kNdjson, !may_drop);
  if (input.deadline.expired()) return std::nullopt;
  if (!layout) {
    if (!may_drop || input.type != detect::ContentType::kJson) return std::nullopt;
    auto python = crush_python(*this, input);
    return python ? std::move(python) : crush_cut(*this, input);
  }
  Output output;
  output.strategy = layout->tables().empty() ? "json:minify" : "json:table";
  for (const Layout::Part& part : layout->tables()) output.records_before += part.table->rows.size();
  output.records_kept = output.records_before;
  const std::size_t about = may_drop ? layout->about_bytes() : 0;
  const bool large = about > kWrittenFirst;
  if (!large) output.text = layout->write({});
  if (may_drop) {
    Crush crush(input, *layout);
    crush.drop_rows(output, large ? about : output.text.size());
    if (output.text.empty()) output.text = layout->write({});
    if (!output.lossy) crush.drop_members(output);
  }
  if (!layout->exact() && !output.lossy) {
    output.text += "\n" + handle_marker(input.id, "JSON in strings is shown without its white space");
    output.lossy = true;
  }
  if (!may_drop) {
    std::optional<std::string> framed = json::frame_exactly(input.text, output.text);
    if (!framed) return std::nullopt;
    output.text = std::move(*framed);
  }
  if (output.text.size() >= input.text.size()) return std::nullopt;
  return output;
}

}  // namespace headroom::compress
