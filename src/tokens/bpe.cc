#include "tokens/pretokenizer.h"
#include "tokens/tables.h"
#include "tokens/tokenizer.h"
#include "tokens/vocabulary.h"

namespace headroom::tokens {
namespace {

template <typename Splitter>
class Bpe final : public BpeTokenizer {
 public:
  Bpe(std::string_view name, const unsigned char* table)
      : name_(name), vocabulary_(RankTable(table), Splitter(CharClasses(headroom_unicode_classes_table))) {}

  std::size_t count(std::string_view text) const override {
    return vocabulary_.weigh_pieces(text, [](std::string_view, std::size_t tokens) { return tokens; });
  }

  std::vector<std::uint32_t> encode(std::string_view text) const override {
    std::vector<std::uint32_t> ids;
    ids.reserve(text.size() / 3);
    vocabulary_.encode(text, ids);
    return ids;
  }

  std::string decode(const std::vector<std::uint32_t>& ids) const override {
    std::string text;
    for (std::uint32_t id : ids) text += vocabulary_.ranks().bytes(id);
    return text;
  }

  std::string_view name() const override { return name_; }
  bool is_estimate() const override { return false; }

 private:
  std::string_view name_;
  Vocabulary<Splitter> vocabulary_;
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
