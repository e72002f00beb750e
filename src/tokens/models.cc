#include "tokens/models.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "base/tsv.h"
#include "tokens/estimate.h"
#include "tokens/tables.h"
#include "tokens/tokenizer.h"

namespace headroom::tokens {
namespace {

constexpr std::size_t kColumns = 11;

ModelInfo parse_row(const std::vector<std::string_view>& cell) {
  return {cell[0],
          cell[1],
          cell[2],
          base::number_in<std::uint64_t>(cell[3]),
          base::number_in<std::uint64_t>(cell[4]),
          base::number_in<double>(cell[5]),
          base::number_in<double>(cell[6]),
          base::number_in<double>(cell[7]),
          base::number_in<double>(cell[8]),
          cell[9],
          cell[10]};
}

std::vector<ModelInfo> parse_table() {
  const std::string_view table(reinterpret_cast<const char*>(headroom_models_table),
                               static_cast<std::size_t>(headroom_models_table_end - headroom_models_table));
  std::vector<ModelInfo> rows;
  for (const auto& cells : base::tsv_rows(table, kColumns)) rows.push_back(parse_row(cells));
  std::sort(rows.begin(), rows.end(), [](const ModelInfo& a, const ModelInfo& b) { return a.name < b.name; });
  return rows;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

/// A name without what stands before it: path, "ft:", and regions and providers, each of them letters and hyphens up to
/// a dot ("us.anthropic.claude-..."). `owner` gets the last one of those ("anthropic"), or nothing.
std::string_view without_owner(std::string_view name, std::string_view& owner) {
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  if (name.starts_with("ft:")) name.remove_prefix(3);
  for (;;) {
    const auto end = std::find_if_not(name.begin(), name.end(), [](char c) { return is_lower(c) || c == '-'; });
    if (end == name.end() || *end != '.') return name;
    owner = name.substr(0, static_cast<std::size_t>(end - name.begin()));
    name.remove_prefix(owner.size() + 1);
  }
}

/// True where a row's name may end inside a model's name: "gpt-4" is no prefix of "gpt-4o" or "gpt-4.1", but "llama" is
/// one of "llama3".
bool ends_at(std::string_view name, std::size_t at) {
  if (at == name.size()) return true;
  if (is_digit(name[at])) return is_lower(name[at - 1]);
  return !is_lower(name[at]) && name[at] != '.';
}

const ModelInfo* find_longest(std::string_view model) {
  const std::span<const ModelInfo> rows = all_models();
  for (std::string_view prefix = model; !prefix.empty();) {
    const auto after = std::ranges::upper_bound(rows, prefix, {}, &ModelInfo::name);
    if (after == rows.begin()) return nullptr;
    const std::string_view name = std::prev(after)->name;
    const auto common = static_cast<std::size_t>(std::ranges::mismatch(name, prefix).in1 - name.begin());
    if (common == name.size() && ends_at(model, common)) return &*std::prev(after);
    // A row whose name the model begins with is the beginning of the one here, too.
    prefix = model.substr(0, common == name.size() ? common - 1 : common);
  }
  return nullptr;
}

}  // namespace

std::span<const ModelInfo> all_models() {
  static const std::vector<ModelInfo> rows = parse_table();
  return rows;
}

const ModelInfo* find_model(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  std::string_view owner;
  const std::string_view model = without_owner(lower, owner);
  const auto begin = lower.begin() + (model.data() - lower.data());
  if (model.starts_with("claude")) std::replace(begin, lower.end(), '.', '-');
  if (const ModelInfo* found = find_longest(model); found != nullptr || owner.empty()) return found;
  return find_longest(std::string(owner).append("-").append(model));  // "deepseek.v3.2"
}

const Tokenizer& tokenizer_for_model(std::string_view model) {
  const ModelInfo* info = find_model(model);
  const std::string_view encoding = info != nullptr ? info->encoding : std::string_view();
  if (encoding == "o200k_base") return o200k_base();
  if (encoding == "cl100k_base") return cl100k_base();
  if (encoding == "claude~") return claude_estimate();
  if (encoding == "gemini~") return gemini_estimate();
  return o200k_estimate();
}

}  // namespace headroom::tokens
