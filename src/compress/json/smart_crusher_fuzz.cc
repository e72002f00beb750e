#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "compress/json/cell.h"
#include "compress/json/expand.h"
#include "compress/json/sequence.h"
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

/// What expand() promises: the values of the text without white space, one a line where there are several, or with
/// nothing between them where nothing was.
std::string minified(std::string_view text, bool ndjson) {
  std::vector<std::string_view> values;
  std::string_view between = "\n";
  if (const std::optional<json::Sequence> sequence = json::split_sequence(text)) {
    values = sequence->values;
    if (sequence->touching) between = "";
  } else if (ndjson) {
    for (std::string_view line : headroom::base::split_lines(text)) values.push_back(headroom::base::trim(line));
    std::erase(values, std::string_view());
  } else {
    values.push_back(text);
  }
  std::string out;
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (at > 0) out += between;
    json::append_minified(out, values[at]);
  }
  return out;
}

}  // namespace

/// First line: the question. The rest: the text. Nothing may crash, and what is written without an id must expand to
/// the minified text again.
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
      const auto back = json::expand(output->text);
      if (!back || *back != minified(text, ndjson)) std::abort();
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
