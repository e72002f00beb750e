#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::tokens {

/// Counts tokens of text as a model's provider would. Implementations are immutable and thread-safe.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;
  /// Tokens of `text` (any bytes; special tokens such as <|endoftext|> are plain text).
  virtual std::size_t count(std::string_view text) const = 0;
  /// "o200k_base", "cl100k_base", "claude~" ...
  virtual std::string_view name() const = 0;
  /// True when the provider's real tokenizer is not public; whatever shows the count then says so.
  virtual bool is_estimate() const = 0;
};

/// Exact byte-pair encoding, equal to tiktoken's encode_ordinary().
class BpeTokenizer : public Tokenizer {
 public:
  virtual std::vector<std::uint32_t> encode(std::string_view text) const = 0;
  /// Bytes of the ids; unknown ids give nothing.
  virtual std::string decode(const std::vector<std::uint32_t>& ids) const = 0;
};

/// The two encodings, from tables embedded in the program: no load time, no allocation before the first count.
const BpeTokenizer& o200k_base();
const BpeTokenizer& cl100k_base();

/// The tokenizer for a model name, dated and provider-prefixed names included ("claude-sonnet-4-5-20250929",
/// "openai/gpt-4o"). An unknown model gets an o200k_base estimate (is_estimate() is true).
const Tokenizer& tokenizer_for_model(std::string_view model);

}  // namespace headroom::tokens
