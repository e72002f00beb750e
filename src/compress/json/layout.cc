#include "compress/json/layout.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_string.h"
#include "base/text.h"
#include "compress/json/cell.h"
#include "compress/json/sequence.h"
#include "compress/json/table_size.h"

namespace headroom::compress::json {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

/// Shorter strings are not worth a look inside.
constexpr std::size_t kMinEmbedded = 160;
constexpr int kMaxEmbedding = 3;

/// NDJSON as one array text; `starts` gets the offset of every line in it.
std::string joined_lines(std::string_view text, std::vector<std::size_t>& starts) {
  std::string out = "[";
  for (std::string_view line : base::split_lines(text)) {
    line = base::trim(line);
    if (line.empty()) continue;
    if (out.size() > 1) out.push_back(',');
    starts.push_back(out.size());
    out.append(line);
  }
  out.push_back(']');
  return out;
}

/// True when every line is one value of its own, not two or half of one.
bool one_value_a_line(const JsonDocument& doc, const std::vector<std::size_t>& starts) {
  if (starts.empty() || doc.root().size != starts.size()) return false;
  std::size_t at = 0;
  for (const JsonNode& line : doc.children(doc.root())) {
    if (doc.span(line).begin != starts[at++]) return false;
  }
  return true;
}

}  // namespace

struct Layout::Output {
  std::string text;
  const std::vector<std::vector<bool>>& keeps;
  Legend legend;
  IdleMembers* idle;
};

base::Result<Layout> Layout::parse(std::string_view text, bool ndjson, bool only_exact) {
  Layout out;
  out.only_exact_ = only_exact;
  out.ndjson_ = ndjson;
  Unit& unit = out.units_.emplace_back();
  std::vector<std::size_t> starts;
  const std::string_view source = text;
  if (ndjson) {
    unit.text = joined_lines(text, starts);
    text = unit.text;
  }
  // simdjson steps over a byte order mark, which would shift every view.
  if (text.starts_with("\xEF\xBB\xBF")) return base::fail(base::ErrorCode::kParse, "a byte order mark");
  base::Result<JsonDocument> doc = JsonDocument::parse(text);
  if (!doc || (ndjson && !one_value_a_line(*doc, starts))) {
    const std::optional<Sequence> sequence = split_sequence(source);
    if (!sequence) return base::fail(base::ErrorCode::kParse, "neither JSON nor JSON values in a row");
    out.ndjson_ = true;
    out.sequence_ = sequence->touching ? kTouching : kApart;
    unit.text = joined(*sequence);
    doc = JsonDocument::parse(unit.text);
    if (!doc) return std::unexpected(doc.error());
    if (doc->root().size != sequence->values.size()) return base::fail(base::ErrorCode::kParse, "stray commas");
  }
  unit.doc = std::move(*doc);
  std::string label;
  out.plan(0, unit.doc.root(), label, 0);
  return out;
}

void Layout::plan(std::uint32_t unit_index, const JsonNode& node, std::string& label, int depth) {
  if (node.kind == JsonKind::kString) return plan_string(unit_index, node, label, depth);
  if (node.kind != JsonKind::kArray && node.kind != JsonKind::kObject) return;
  Unit& unit = units_[unit_index];
  const JsonDocument& doc = unit.doc;
  const std::uint32_t index = doc.index_of(node);
  if (std::optional<Table> table = build_table(doc, node)) {
    table->label = label;
    auto owned = std::make_unique<Table>(std::move(*table));
    table_numbers_.emplace(owned.get(), tables_.size());
    tables_.push_back({&doc, owned.get()});
    unit.tables.emplace(index, std::move(owned));
    return;
  }
  const std::size_t length = label.size();
  std::size_t at = 0;
  for (const JsonNode& child : doc.children(node)) {
    if (node.kind == JsonKind::kArray) {
      label += fmt::format("[{}]", at++);
    } else {
      if (!label.empty()) label.push_back('.');
      append_segment(label, child.key_raw);
    }
    plan(unit_index, child, label, depth);
    label.resize(length);
  }
}

void Layout::plan_string(std::uint32_t unit_index, const JsonNode& node, std::string& label, int depth) {
  if (depth >= kMaxEmbedding || node.raw.size() < kMinEmbedded || !node.decoded) return;
  const std::string_view inside = base::trim(node.text);
  if (inside.empty() || (inside.front() != '{' && inside.front() != '[')) return;
  const auto embedded_index = static_cast<std::uint32_t>(units_.size());
  Unit& embedded = units_.emplace_back();
  embedded.text = std::string(node.text);
  base::Result<JsonDocument> doc = JsonDocument::parse(embedded.text);
  std::string minified;
  if (doc) append_minified(minified, embedded.text);
  std::optional<JsonStyle> style = doc ? json_style_of(embedded.text, minified) : std::nullopt;
  if (style && base::encode_json_string(embedded.text) != node.raw) style.reset();
  if (!doc || (!style && only_exact_)) {
    units_.pop_back();
    return;
  }
  if (!style) {
    style = JsonStyle{.kind = JsonStyle::Kind::kOther};
    exact_ = false;
  }
  embedded.doc = std::move(*doc);
  embedded.style = *style;
  units_[unit_index].embedded.emplace(units_[unit_index].doc.index_of(node), embedded_index);
  plan(embedded_index, embedded.doc.root(), label, depth + 1);
}

void Layout::write_value(Output& output, const Unit& unit, const JsonNode& node) const {
  const std::uint32_t index = unit.doc.index_of(node);
  if (const auto found = unit.tables.find(index); found != unit.tables.end()) {
    static const std::vector<bool> kAll;
    const std::size_t number = table_numbers_.at(found->second.get());
    const std::vector<bool>& keep = number < output.keeps.size() ? output.keeps[number] : kAll;
    write_table(output.text, unit.doc, *found->second, keep, output.legend, output.idle);
    return;
  }
  if (const auto found = unit.embedded.find(index); found != unit.embedded.end()) {
    const Unit& inner = units_[found->second];
    output.text += fmt::format("json-string{}:", style_name(inner.style));
    write_value(output, inner, inner.doc.root());
    return;
  }
  if (node.kind != JsonKind::kArray && node.kind != JsonKind::kObject) {
    output.text.append(node.raw);
    return;
  }
  const bool object = node.kind == JsonKind::kObject;
  output.text.push_back(object ? '{' : '[');
  const std::vector<bool> leaves = output.idle != nullptr ? output.idle->leaving(unit.doc, node) : std::vector<bool>();
  std::size_t at = 0;
  bool first = true;
  for (const JsonNode& child : unit.doc.children(node)) {
    const std::size_t number = at++;
    if (!leaves.empty() && leaves[number]) continue;
    if (!first) output.text.push_back(',');
    first = false;
    if (object) {
      output.text.append(child.key_raw);
      output.text.push_back(':');
    }
    write_value(output, unit, child);
  }
  output.text.push_back(object ? '}' : ']');
}

std::size_t Layout::about_bytes() const {
  std::size_t bytes = units_.front().doc.root().raw.size();
  for (const Part& part : tables_) {
    const std::size_t all = part.doc->node(part.table->node).raw.size();
    bytes -= std::min(bytes, all - std::min(all, about_table_bytes(*part.doc, *part.table)));
  }
  return bytes;
}

std::string Layout::write(const std::vector<std::vector<bool>>& keeps, IdleMembers* idle) const {
  Output output{.text = {}, .keeps = keeps, .legend = {}, .idle = idle};
  const Unit& unit = units_.front();
  const JsonNode& root = unit.doc.root();
  if (!ndjson_) {
    write_value(output, unit, root);
  } else if (unit.tables.contains(0)) {
    output.text = sequence_.empty() ? kLines : sequence_;
    write_value(output, unit, root);
  } else {
    output.text = sequence_ == kTouching ? kTouching : std::string_view();
    bool first = true;
    for (const JsonNode& line : unit.doc.children(root)) {
      if (!first) output.text.push_back('\n');
      first = false;
      write_value(output, unit, line);
    }
  }
  return std::move(output.text);
}

}  // namespace headroom::compress::json
