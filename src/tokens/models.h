#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace headroom::tokens {

/// What is known of a model: a row of models.tsv. The views point into the program's image.
struct ModelInfo {
  std::string_view name;             ///< what a model's name starts with
  std::string_view provider;         ///< "anthropic", "openai", "google", ...
  std::string_view encoding;         ///< name() of its tokenizer; a '~' at the end marks an estimate
  std::uint64_t context_window = 0;  ///< tokens of input; 0: not known
  std::uint64_t max_output = 0;      ///< tokens; 0: not known
  double input_price = 0;            ///< USD per million tokens, as are the next three; 0: not known
  double output_price = 0;
  double cache_read_price = 0;
  double cache_write_price = 0;
  std::string_view source;  ///< where the figures are from; "family": a row that knows only the encoding
  std::string_view date;    ///< of that source
};

/// The row for a model, or null for one of no known family. Takes names as clients write them: any case, dated
/// ("claude-sonnet-4-5-20250929", "...@20250929"), with a provider or region before them ("openai/gpt-4o",
/// "models/...", "us.anthropic.claude-...-v1:0"), fine-tuned ("ft:gpt-4o:..."), Claude versions with a dot. The longest
/// row wins.
const ModelInfo* find_model(std::string_view name);

/// All rows, sorted by name.
std::span<const ModelInfo> all_models();

}  // namespace headroom::tokens
