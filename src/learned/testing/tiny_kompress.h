#pragma once

#include <span>
#include <string>
#include <string_view>

namespace headroom::learned::testing {

/// Writes a model of Kompress's interface into the folder: kompress-int8-wo.onnx (inputs input_ids and attention_mask,
/// output final_scores) and tokenizer.json (byte-level BPE, [CLS] and [SEP] around). It looks up a value for each
/// token: 0.9 for words of the list (lower-case letters only), 0.1 for everything else. False: the files cannot be
/// written.
bool write_tiny_kompress(const std::string& folder, std::span<const std::string_view> telling);

}  // namespace headroom::learned::testing
