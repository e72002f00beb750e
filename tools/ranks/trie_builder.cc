#include "trie_builder.h"

namespace headroom::tokens {

std::vector<TrieUnit> TrieBuilder::build() {
  add_block();
  units_[0] = 0;  // taken: the root is no one's child
  const TrieUnit root = place(0, tokens_.size(), 0);
  units_[0] = root | kEmptyLabel;
  return std::move(units_);
}

TrieUnit TrieBuilder::place(std::size_t first, std::size_t last, std::size_t depth) {
  const bool is_token = tokens_[first].first.size() == depth;
  if (is_token && last == first + 1) return tokens_[first].second << kTrieValueShift | kTrieToken | kTrieLeaf;

  std::vector<TrieUnit> labels;
  std::vector<std::size_t> starts;
  if (is_token) labels.push_back(kEndLabel);
  if (is_token) starts.push_back(first);
  for (std::size_t i = first + is_token; i < last; ++i) {
    const TrieUnit label = static_cast<unsigned char>(tokens_[i].first[depth]);
    if (!labels.empty() && labels.back() == label) continue;
    labels.push_back(label);
    starts.push_back(i);
  }
  starts.push_back(last);

  const std::size_t base = find_base(labels);
  for (const TrieUnit label : labels) units_[base ^ label] = label;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const TrieUnit value = labels[i] == kEndLabel ? tokens_[first].second << kTrieValueShift | kTrieLeaf
                                                  : place(starts[i], starts[i + 1], depth + 1);
    units_[base ^ labels[i]] = labels[i] | value;
  }
  return static_cast<TrieUnit>(base << kTrieValueShift) | (is_token ? kTrieToken : 0);
}

bool TrieBuilder::fits(std::size_t base, const std::vector<TrieUnit>& labels) const {
  if (base_is_used_[base]) return false;
  for (const TrieUnit label : labels) {
    if (units_[base ^ label] != kEmptyLabel) return false;
  }
  return true;
}

void TrieBuilder::add_block() {
  open_blocks_.push_back({units_.size()});
  units_.resize(units_.size() + kBlock, kEmptyLabel);
  base_is_used_.resize(units_.size());
}

std::size_t TrieBuilder::find_base(const std::vector<TrieUnit>& labels) {
  for (;;) {
    for (std::size_t i = 0; i < open_blocks_.size(); ++i) {
      Block& block = open_blocks_[i];
      for (std::size_t unit = block.start; unit < block.start + kBlock; ++unit) {
        const std::size_t base = unit ^ labels.back();
        if (!fits(base, labels)) continue;
        base_is_used_[base] = true;
        return base;
      }
      if (++block.misses == kTries) open_blocks_.erase(open_blocks_.begin() + static_cast<std::ptrdiff_t>(i--));
    }
    add_block();
  }
}

}  // namespace headroom::tokens
