#include "learned/testing/tiny_kompress.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "base/json_writer.h"
#include "learned/tokenizer_file.h"

namespace headroom::learned::testing {
namespace {

// Protocol buffers, as far as an ONNX file of three nodes needs them: field numbers are those of onnx.proto.

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  return out + static_cast<char>(value);
}

std::string number(unsigned field, std::uint64_t value) {
  return varint(field << 3) + varint(value);
}

std::string bytes(unsigned field, std::string_view value) {
  return varint(field << 3 | 2) + varint(value.size()) + std::string(value);
}

constexpr unsigned kFloat = 1;
constexpr unsigned kInt64 = 7;

/// A value of shape [batch, sequence], both left open.
std::string value_info(std::string_view name, unsigned type) {
  const std::string shape = bytes(1, bytes(2, "batch")) + bytes(1, bytes(2, "sequence"));
  return bytes(1, name) + bytes(2, bytes(1, number(1, type) + bytes(2, shape)));
}

std::string node(std::string_view operation, std::initializer_list<std::string_view> inputs, std::string_view output,
                 std::string_view attribute = {}) {
  std::string out;
  for (std::string_view input : inputs) out += bytes(1, input);
  out += bytes(2, output) + bytes(4, operation);
  return attribute.empty() ? out : out + bytes(5, attribute);
}

std::string onnx_model(std::span<const float> values) {
  std::string table(values.size() * sizeof(float), '\0');
  std::memcpy(table.data(), values.data(), table.size());
  const std::string tensor = number(1, values.size()) + number(2, kFloat) + bytes(8, "values") + bytes(9, table);
  const std::string to_float = bytes(1, "to") + number(3, kFloat) + number(20, 2);  // an attribute of type INT
  const std::string graph = bytes(1, node("Gather", {"values", "input_ids"}, "looked_up")) +
                            bytes(1, node("Cast", {"attention_mask"}, "mask", to_float)) +
                            bytes(1, node("Mul", {"looked_up", "mask"}, "final_scores")) + bytes(2, "tiny") +
                            bytes(5, tensor) + bytes(11, value_info("input_ids", kInt64)) +
                            bytes(11, value_info("attention_mask", kInt64)) +
                            bytes(12, value_info("final_scores", kFloat));
  return number(1, 8) + bytes(7, graph) + bytes(8, bytes(1, "") + number(2, 13));
}

void special(base::JsonWriter& json, std::string_view content, std::uint64_t id) {
  json.begin_object().member("id", id).member("content", content).member("special", true).end_object();
}

void template_step(base::JsonWriter& json, std::string_view kind, std::string_view id) {
  json.begin_object().key(kind).begin_object().member("id", id).member("type_id", std::uint64_t{0}).end_object();
  json.end_object();
}

/// `tokens[i]` has the id i; `merges` in the order of their ranks.
std::string tokenizer_json(const std::vector<std::string>& tokens, const std::vector<std::string>& merges) {
  const std::uint64_t cls = tokens.size();
  base::JsonWriter json;
  json.begin_object().member("version", "1.0").key("added_tokens").begin_array();
  special(json, "[CLS]", cls);
  special(json, "[SEP]", cls + 1);
  json.end_array();
  json.key("pre_tokenizer").begin_object().member("type", "ByteLevel").member("add_prefix_space", false);
  json.member("use_regex", true).end_object();
  json.key("post_processor").begin_object().member("type", "TemplateProcessing").key("single").begin_array();
  template_step(json, "SpecialToken", "[CLS]");
  template_step(json, "Sequence", "A");
  template_step(json, "SpecialToken", "[SEP]");
  json.end_array().key("special_tokens").begin_object();
  for (std::uint64_t i = 0; i < 2; ++i) {
    json.key(i == 0 ? "[CLS]" : "[SEP]").begin_object().key("ids").begin_array().value(cls + i).end_array();
    json.end_object();
  }
  json.end_object().end_object();
  json.key("model").begin_object().member("type", "BPE").key("vocab").begin_object();
  for (std::uint64_t id = 0; id < tokens.size(); ++id) json.member(tokens[id], id);
  json.end_object().key("merges").begin_array();
  for (const std::string& merge : merges) json.value(merge);
  json.end_array().end_object().end_object();
  return json.text();
}

}  // namespace

bool write_tiny_kompress(const std::string& folder, std::span<const std::string_view> telling) {
  std::vector<std::string> tokens;
  std::vector<std::string> merges;
  for (unsigned byte = 0; byte < 256; ++byte) tokens.push_back(spelling_of_byte(byte));
  std::vector<float> values(tokens.size(), 0.1f);
  for (std::string_view word : telling) {
    for (std::size_t length = 2; length <= word.size(); ++length) {
      std::string merge = std::string(word.substr(0, length - 1)) + " " + word[length - 1];
      if (std::find(merges.begin(), merges.end(), merge) == merges.end()) {
        merges.push_back(std::move(merge));
        tokens.emplace_back(word.substr(0, length));
        values.push_back(0.1f);
      }
      if (length < word.size()) continue;
      for (std::size_t id = 0; id < tokens.size(); ++id) {
        if (tokens[id] == word) values[id] = 0.9f;
      }
    }
  }
  const std::string json = tokenizer_json(tokens, merges);
  values.insert(values.end(), 2, 0.0f);  // [CLS], [SEP]
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  std::ofstream(folder + "/kompress-int8-wo.onnx", std::ios::binary) << onnx_model(values);
  std::ofstream(folder + "/tokenizer.json", std::ios::binary) << json;
  return std::filesystem::file_size(folder + "/tokenizer.json", failed) == json.size();
}

}  // namespace headroom::learned::testing
