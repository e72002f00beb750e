#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "tokens/char_class.h"

namespace headroom::learned {

/// How byte-level vocabularies spell a byte: as itself where it is visible in Latin-1, else as a letter from U+0100 on.
std::string spelling_of_byte(unsigned byte);

/// The tokenizer of a language model as its tokenizer.json tells it: byte-level BPE, as ModernBERT has it. Reads single
/// words, the way in which a text that was split into words is read. Text is taken as composed (NFC) already.
/// Thread-safe.
class TokenizerFile {
 public:
  /// kUnavailable: no tokenizer.json, or one of another kind.
  static base::Result<std::unique_ptr<TokenizerFile>> parse(std::string_view json);
  static base::Result<std::unique_ptr<TokenizerFile>> load(const std::string& path);

  /// Appends the ids of a word (no white space in it), at most `most` of them; of an endless word the rest is left out.
  void encode_word(std::string_view word, std::size_t most, std::vector<std::int64_t>& ids) const;

  /// What stands before and after every text: [CLS], [SEP].
  const std::vector<std::int64_t>& prefix() const { return prefix_; }
  const std::vector<std::int64_t>& suffix() const { return suffix_; }
  std::size_t merge_count() const { return merges_.size(); }

 private:
  using Id = std::uint32_t;
  struct Merge {
    std::uint32_t rank = 0;
    Id id = 0;
  };
  struct Added {
    std::string content;
    Id id = 0;
  };

  TokenizerFile();
  base::Result<void> read(std::string_view json);
  void encode_plain(std::string_view text, bool at_start, std::size_t end, std::vector<std::int64_t>& ids) const;
  void encode_piece(std::string_view piece, std::size_t end, std::vector<std::int64_t>& ids) const;
  std::size_t run_length(std::string_view text) const;

  tokens::CharClasses classes_;
  std::array<Id, 256> byte_ids_{};
  std::unordered_map<std::uint64_t, Merge> merges_;  // by left << 32 | right
  std::vector<Added> added_;                         // longest first; found before anything else
  std::vector<std::int64_t> prefix_, suffix_;
  bool space_first_ = false;  // every word gets a space in front
};

}  // namespace headroom::learned
