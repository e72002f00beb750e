#include "tokens/merge.h"
#include "tokens/pretokenizer.h"
#include "tokens/rank_table.h"
#include "tokens/tables.h"
#include "tokens/tokenizer.h"

namespace headroom::tokens {
namespace {

template <typename Splitter>
class Bpe final : public BpeTokenizer {
 public:
  Bpe(std::string_view name, const unsigned char* table)
      : name_(name), ranks_(table), splitter_(CharClasses(headroom_unicode_classes_table)) {}

  std::size_t count(std::string_view text) const override {
    std::size_t total = 0;
    const char* end = text.data() + text.size();
    for (const char* at = text.data(); at < end;) {
      const char* next = splitter_.split(at, end);
      const auto length = static_cast<std::size_t>(next - at);
      if (length == 1 || find(at, length, end) != kNoRank) {
        ++total;
      } else {
        total += merge_piece(ranks_, at, length);
      }
      at = next;
    }
    return total;
  }

  std::vector<std::uint32_t> encode(std::string_view text) const override {
    std::vector<std::uint32_t> ids;
    ids.reserve(text.size() / 3);
    const char* end = text.data() + text.size();
    for (const char* at = text.data(); at < end;) {
      const char* next = splitter_.split(at, end);
      const auto length = static_cast<std::size_t>(next - at);
      if (const std::uint32_t whole = find(at, length, end); whole != kNoRank) {
        ids.push_back(whole);
      } else {
        merge_piece(ranks_, at, length, &ids);
      }
      at = next;
    }
    return ids;
  }

  std::string decode(const std::vector<std::uint32_t>& ids) const override {
    std::string text;
    for (std::uint32_t id : ids) text += ranks_.bytes(id);
    return text;
  }

  std::string_view name() const override { return name_; }
  bool is_estimate() const override { return false; }

 private:
  /// RankTable::find for a piece of a text that goes on to `end`: one load where that stays inside the text.
  std::uint32_t find(const char* at, std::size_t length, const char* end) const {
    if (length > 8) return ranks_.find_long(at, length);
    if (end - at < 8) return ranks_.find(at, length);
    return ranks_.find_short(load_word(at) & (~std::uint64_t{0} >> (64 - 8 * length)), length);
  }

  std::string_view name_;
  RankTable ranks_;
  Splitter splitter_;
};

}  // namespace

const BpeTokenizer& o200k_base() {
  static const Bpe<O200kSplitter> tokenizer("o200k_base", headroom_o200k_base_table);
  return tokenizer;
}

const BpeTokenizer& cl100k_base() {
  static const Bpe<Cl100kSplitter> tokenizer("cl100k_base", headroom_cl100k_base_table);
  return tokenizer;
}

}  // namespace headroom::tokens
