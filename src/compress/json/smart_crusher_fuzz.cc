#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "compress/json/exact_frame.h"
#include "compress/json/expand.h"
#include "compress/json/smart_crusher.h"
#include "tokens/tokenizer.h"

namespace {

using headroom::compress::Input;
using headroom::compress::Query;
using headroom::compress::SmartCrusher;
namespace detect = headroom::detect;
namespace json = headroom::compress::json;

class LengthTokenizer final : public headroom::tokens::Tokenizer {
 public:
  std::size_t count(std::string_view text) const override { return text.size() / 4; }
  std::string_view name() const override { return "length"; }
  bool is_estimate() const override { return true; }
};

}  // namespace

/// First line: the question. The rest: the text. Nothing may crash, and what is written without an id must expand to
/// the same bytes again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t line = all.find('\n');
  if (line == std::string_view::npos) return 0;
  const Query query{.user = std::string(all.substr(0, line)), .intent = {}, .tool_name = {}, .tool_arguments = {}};
  const std::string text(all.substr(line + 1));
  const LengthTokenizer tokenizer;
  for (const bool ndjson : {false, true}) {
    Input input{.text = text,
                .type = ndjson ? detect::ContentType::kNdjson : detect::ContentType::kJson,
                .query = query,
                .tokenizer = tokenizer,
                .id = {}};
    const SmartCrusher crusher;
    if (const auto output = crusher.compress(input)) {
      const auto back = json::expand_exactly(output->text);
      if (!back || *back != text) std::abort();
    }
    input.id = "0123456789abcdef01234567";
    input.target_tokens = 20;
    if (const auto output = crusher.compress(input); output && output->lossy) {
      static_cast<void>(json::expand(output->text));
    }
  }
  static_cast<void>(json::expand(text));
  return 0;
}
