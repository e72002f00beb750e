#include "learned/magika.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "base/json_document.h"

namespace headroom::learned {
namespace {

constexpr double kLeast = 0.8;  // surer than the model's own thresholds: structure has found nothing, so doubt is fair
constexpr std::string_view kSpace = " \t\n\r\f\v";

double number(const base::JsonNode* node, double otherwise) {
  if (node == nullptr || node->kind != base::JsonKind::kNumber) return otherwise;
  double value = otherwise;
  std::from_chars(node->raw.data(), node->raw.data() + node->raw.size(), value);
  return value;
}

std::size_t size(const base::JsonNode* node) {
  const double value = number(node, 0);
  return value > 0 && value < 1e6 ? static_cast<std::size_t>(value) : 0;
}

std::int64_t byte_of(char c) {
  return static_cast<std::int64_t>(static_cast<unsigned char>(c));
}

}  // namespace

base::Result<std::unique_ptr<Magika>> Magika::load(std::shared_ptr<const OnnxRuntime> runtime,
                                                   const std::string& folder) {
  std::ifstream file(folder + "/config.min.json", std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  const std::string text = bytes.str();
  const auto config = base::JsonDocument::parse(text);
  if (!config) return base::fail(base::ErrorCode::kUnavailable, "the model's configuration cannot be read");
  const base::JsonNode& root = config->root();
  auto magika = std::make_unique<Magika>();
  magika->begin_size_ = size(config->find(root, "beg_size"));
  magika->end_size_ = size(config->find(root, "end_size"));
  magika->block_size_ = size(config->find(root, "block_size"));
  magika->padding_ = static_cast<std::int64_t>(number(config->find(root, "padding_token"), 256));
  const double threshold = number(config->find(root, "medium_confidence_threshold"), 0.5);
  const base::JsonNode* labels = config->find(root, "target_labels_space");
  const base::JsonNode* thresholds = config->find(root, "thresholds");
  if (labels != nullptr && labels->kind == base::JsonKind::kArray) {
    for (const base::JsonNode& label : config->children(*labels)) {
      magika->labels_.emplace_back(label.text);
      const base::JsonNode* own = thresholds != nullptr && thresholds->kind == base::JsonKind::kObject
                                      ? config->find(*thresholds, label.text)
                                      : nullptr;
      magika->thresholds_.push_back(number(own, threshold));
    }
  }
  const bool known = magika->begin_size_ > 0 && magika->end_size_ > 0 && magika->block_size_ > 0 &&
                     !magika->labels_.empty() && size(config->find(root, "mid_size")) == 0;
  if (!known) return base::fail(base::ErrorCode::kUnavailable, "the model is of a version that is not known");
  auto model = OnnxModel::load(std::move(runtime), folder + "/model.onnx");
  if (!model) return std::unexpected(model.error());
  magika->model_ = std::move(*model);
  return magika;
}

base::Result<Magika::Answer> Magika::ask(std::string_view text) const {
  // The first bytes and the last ones, without the white space at the very ends.
  const std::size_t block = std::min(block_size_, text.size());
  std::string_view begin = text.substr(0, block);
  std::string_view end = text.substr(text.size() - block);
  begin.remove_prefix(std::min(begin.find_first_not_of(kSpace), begin.size()));
  end = end.substr(0, end.find_last_not_of(kSpace) + 1);
  begin = begin.substr(0, begin_size_);
  end = end.substr(end.size() - std::min(end.size(), end_size_));
  OnnxInput input{.name = model_->input_names().front(),
                  .shape = {1, static_cast<std::int64_t>(begin_size_ + end_size_)},
                  .values = std::vector<std::int64_t>(begin_size_ + end_size_, padding_)};
  std::ranges::transform(begin, input.values.begin(), byte_of);
  std::ranges::transform(end, input.values.end() - static_cast<std::ptrdiff_t>(end.size()), byte_of);
  const auto output = model_->run({&input, 1});
  if (!output) return std::unexpected(output.error());
  if (output->values.size() != labels_.size()) {
    return base::fail(base::ErrorCode::kUnavailable, "the model knows other labels than its configuration");
  }
  const auto best = static_cast<std::size_t>(std::ranges::max_element(output->values) - output->values.begin());
  const double score = static_cast<double>(output->values[best]);
  return Answer{labels_[best], score, score >= thresholds_[best]};
}

detect::ContentType type_of_label(std::string_view label) {
  static constexpr std::array<std::string_view, 57> kCode = {
      "asm",   "autohotkey", "awk",        "batch",  "c",          "clojure", "cobol",    "coffeescript", "cpp",
      "cs",    "css",        "dart",       "elixir", "erlang",     "fortran", "go",       "groovy",       "haskell",
      "java",  "javascript", "julia",      "kotlin", "lisp",       "lua",     "m4",       "matlab",       "objectivec",
      "ocaml", "pascal",     "perl",       "php",    "powershell", "prolog",  "proto",    "python",       "r",
      "ruby",  "rust",       "scala",      "scss",   "shell",      "smali",   "solidity", "sql",          "swift",
      "tcl",   "tsx",        "typescript", "vba",    "verilog",    "vhdl",    "vue",      "wasm",         "zig",
      "cmake", "makefile",   "jinja"};
  static constexpr std::array<std::string_view, 9> kConfig = {
      "yaml", "toml", "ini", "hcl", "dockerfile", "bazel", "ignorefile", "htaccess", "gitattributes"};
  static constexpr std::array<std::string_view, 3> kProse = {"markdown", "rst", "latex"};
  if (std::ranges::find(kCode, label) != kCode.end()) return detect::ContentType::kCode;
  if (std::ranges::find(kConfig, label) != kConfig.end()) return detect::ContentType::kConfig;
  if (std::ranges::find(kProse, label) != kProse.end()) return detect::ContentType::kProse;
  if (label == "html") return detect::ContentType::kHtml;
  if (label == "xml" || label == "svg") return detect::ContentType::kXml;
  return detect::ContentType::kOther;
}

void MagikaClassifier::load() const {
  std::call_once(once_, [this] {
    const std::string folder = find_magika(places_);
    if (folder.empty()) {
      why_not_ = "Magika is not installed";
      return;
    }
    auto runtime = OnnxRuntime::open(runtime_candidates(places_));
    if (!runtime) {
      why_not_ = runtime.error().message;
      return;
    }
    auto magika = Magika::load(*runtime, folder);
    if (!magika) {
      why_not_ = "Magika: " + magika.error().message;
      return;
    }
    magika_ = std::move(*magika);
  });
}

std::optional<detect::Detection> MagikaClassifier::classify(std::string_view text) const {
  load();
  if (magika_ == nullptr) return std::nullopt;
  const auto answer = magika_->ask(text);
  if (!answer || !answer->sure || answer->score < kLeast) return std::nullopt;
  const detect::ContentType type = type_of_label(answer->label);
  if (type == detect::ContentType::kOther) return std::nullopt;
  return detect::Detection{type, answer->score, fmt::format("Magika says {} ({:.2f})", answer->label, answer->score)};
}

std::string MagikaClassifier::unavailable() const {
  load();
  return why_not_;
}

}  // namespace headroom::learned
