#include "tokens/estimate.h"

#include <algorithm>
#include <array>

#include "tokens/pretokenizer.h"
#include "tokens/tables.h"
#include "tokens/vocabulary.h"

namespace headroom::tokens {
namespace {

// The kinds of piece, and what an o200k_base token of each weighs, in 1024ths: the output of
// tools/ranks/fit_estimate.py.
enum Kind : std::uint8_t { kWord, kWordPart, kDigit, kBlank, kMarkup, kWide2, kIndic, kCjk, kAstral, kKinds };
constexpr std::array<std::uint32_t, kKinds> kClaudeWeight = {1090, 1288, 915, 864, 1174, 2050, 2980, 1340, 779};
constexpr std::uint64_t kWeightUnit = 1024;

constexpr Kind kind_of_byte(unsigned byte) {
  if (byte >= 0xf0) return kAstral;
  if (byte >= 0xe3) return kCjk;
  if (byte >= 0xe0) return kIndic;
  if (byte >= 0x80) return kWide2;
  if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') return kWord;
  if (byte >= '0' && byte <= '9') return kDigit;
  return byte == ' ' || (byte >= '\t' && byte <= '\r') ? kBlank : kMarkup;
}

constexpr auto kKindOfByte = [] {
  std::array<Kind, 256> kinds{};
  for (unsigned byte = 0; byte < 256; ++byte) kinds[byte] = kind_of_byte(byte);
  return kinds;
}();

/// By the first byte, or the second one where the first is ASCII (a space or a sign before the word).
Kind piece_kind(std::string_view piece, std::size_t tokens) {
  auto byte = static_cast<unsigned char>(piece[0]);
  if (byte < 0x80 && piece.size() > 1) byte = static_cast<unsigned char>(piece[1]);
  const Kind kind = kKindOfByte[byte];
  return kind == kWord && tokens > 1 ? kWordPart : kind;
}

class ClaudeEstimate final : public Tokenizer {
 public:
  ClaudeEstimate()
      : vocabulary_(RankTable(headroom_o200k_base_table), O200kSplitter(CharClasses(headroom_unicode_classes_table))) {}

  std::size_t count(std::string_view text) const override {
    const std::uint64_t weighted = vocabulary_.weigh_pieces(text, [](std::string_view piece, std::size_t tokens) {
      return tokens * kClaudeWeight[piece_kind(piece, tokens)];
    });
    const std::uint64_t rounded = (weighted + kWeightUnit / 2) / kWeightUnit;
    return text.empty() ? 0 : static_cast<std::size_t>(std::max<std::uint64_t>(rounded, 1));
  }
  std::string_view name() const override { return "claude~"; }
  bool is_estimate() const override { return true; }

 private:
  Vocabulary<O200kSplitter> vocabulary_;
};

/// o200k_base under a name that says it is not the model's own.
class StandIn final : public Tokenizer {
 public:
  explicit StandIn(std::string_view name) : name_(name) {}
  std::size_t count(std::string_view text) const override { return o200k_base().count(text); }
  std::string_view name() const override { return name_; }
  bool is_estimate() const override { return true; }

 private:
  std::string_view name_;
};

}  // namespace

const Tokenizer& claude_estimate() {
  static const ClaudeEstimate tokenizer;
  return tokenizer;
}

const Tokenizer& gemini_estimate() {
  static const StandIn tokenizer("gemini~");
  return tokenizer;
}

const Tokenizer& o200k_estimate() {
  static const StandIn tokenizer("o200k_base~");
  return tokenizer;
}

}  // namespace headroom::tokens
