#include "config/config_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace headroom::config {
namespace {

using base::ErrorCode;

base::Result<std::string> scalar_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return std::string(flag->get() ? "true" : "false");
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  return base::fail(ErrorCode::kInvalidArgument, "expected text, a number, true or false, or a list of text");
}

base::Result<std::string> value_text(const toml::node& node) {
  const toml::array* array = node.as_array();
  if (array == nullptr) return scalar_text(node);
  std::string joined;
  for (const toml::node& item : *array) {
    auto text = scalar_text(item);
    if (!text) return text;
    if (!joined.empty()) joined += ',';
    joined += *text;
  }
  return joined;
}

base::Result<void> collect(const toml::table& table, const std::string& prefix, std::vector<FileSetting>& out) {
  for (const auto& [key, node] : table) {
    const std::string path = prefix.empty() ? std::string(key.str()) : fmt::format("{}.{}", prefix, key.str());
    if (const toml::table* inner = node.as_table()) {
      if (auto done = collect(*inner, path, out); !done) return done;
      continue;
    }
    const int line = static_cast<int>(node.source().begin.line);
    auto text = value_text(node);
    if (!text) return base::fail(text.error().code, fmt::format("line {}: {}: {}", line, path, text.error().message));
    out.push_back({path, *std::move(text), line});
  }
  return {};
}

}  // namespace

base::Result<std::vector<FileSetting>> read_config_file(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return base::fail(ErrorCode::kNotFound, fmt::format("no file {}", path));
  }
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return base::fail(ErrorCode::kIo, fmt::format("cannot read {}", path));
  const toml::parse_result parsed = toml::parse(text, path);
  if (!parsed) {
    const auto& where = parsed.error().source().begin;
    return base::fail(ErrorCode::kParse,
                      fmt::format("{}:{}:{}: {}", path, where.line, where.column, parsed.error().description()));
  }
  std::vector<FileSetting> settings;
  if (auto done = collect(parsed.table(), {}, settings); !done) {
    return base::fail(done.error().code, fmt::format("{}: {}", path, done.error().message));
  }
  return settings;
}

}  // namespace headroom::config
