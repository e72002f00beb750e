#include "agents/edit/edit.h"

#include <fmt/format.h>

#include "agents/edit/dotenv.h"
#include "agents/edit/jsonc.h"
#include "agents/edit/toml_lines.h"
#include "agents/edit/yaml.h"
#include "base/json_canonical.h"
#include "base/json_document.h"
#include "base/json_string.h"

namespace headroom::agents {
namespace {

using base::ErrorCode;

base::Result<std::optional<std::string>> get_jsonc(std::string_view text, const KeyPath& path) {
  const auto tree = parse_jsonc(text);
  if (!tree && tree.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!tree) return std::unexpected(tree.error());
  const Walk walked = walk(*tree, path);
  if (walked.steps < path.size()) return std::nullopt;
  return strict_json(*tree, text, walked.last());
}

constexpr const char* kReadOnly = "files of variables are read only";

base::Result<std::optional<std::string>> get_variable(std::string_view text, const KeyPath& path) {
  if (path.size() != 1 || path[0].kind != Step::Kind::kMember) return std::nullopt;
  const auto value = dotenv_value(text, path[0].key);
  return value ? std::optional(base::encode_json_string(*value)) : std::nullopt;
}

base::Result<std::string> set_in(Format format, std::string_view text, const KeyPath& path, std::string_view json) {
  switch (format) {
    case Format::kJson:
      return set_jsonc(text, path, json);
    case Format::kToml:
      return set_toml(text, path, json);
    case Format::kYaml:
      return set_yaml(text, path, json);
    case Format::kEnv:
      return base::fail(ErrorCode::kInvalidArgument, kReadOnly);
  }
  return base::fail(ErrorCode::kInternal, "an unknown format");
}

}  // namespace

base::Result<std::optional<std::string>> get_key(Format format, std::string_view text, const KeyPath& path) {
  switch (format) {
    case Format::kJson:
      return get_jsonc(text, path);
    case Format::kToml:
      return get_toml(text, path);
    case Format::kYaml:
      return get_yaml(text, path);
    case Format::kEnv:
      return get_variable(text, path);
  }
  return base::fail(ErrorCode::kInternal, "an unknown format");
}

base::Result<std::string> set_key(Format format, std::string_view text, const KeyPath& path, std::string_view json) {
  if (path.empty()) return base::fail(ErrorCode::kInvalidArgument, "no key to set");
  const auto wanted = canonical_json(json);
  if (!wanted) return std::unexpected(wanted.error());
  auto out = set_in(format, text, path, json);
  if (!out) return out;
  // What cannot be read back as it was meant is not written.
  const auto there = get_key(format, *out, path);
  const bool good = there && *there && canonical_json(**there).value_or("") == *wanted;
  // An element that is set by its name may have been given the name.
  const bool named = path.back().kind == Step::Kind::kWhere && there && *there;
  if (!good && !named) {
    return base::fail(ErrorCode::kParse,
                      fmt::format("'{}' cannot be set without changing more than that", key_path_text(path)));
  }
  return out;
}

base::Result<std::string> remove_key(Format format, std::string_view text, const KeyPath& path) {
  if (path.empty()) return base::fail(ErrorCode::kInvalidArgument, "no key to remove");
  base::Result<std::string> out = base::fail(ErrorCode::kInternal, "an unknown format");
  if (format == Format::kJson) out = remove_jsonc(text, path);
  if (format == Format::kToml) out = remove_toml(text, path);
  if (format == Format::kYaml) out = remove_yaml(text, path);
  if (format == Format::kEnv) out = base::fail(ErrorCode::kInvalidArgument, kReadOnly);
  if (!out) return out;
  const auto there = get_key(format, *out, path);
  if (!there || (*there && path.back().kind == Step::Kind::kMember)) {
    return base::fail(ErrorCode::kParse,
                      fmt::format("'{}' cannot be removed without changing more than that", key_path_text(path)));
  }
  return out;
}

base::Result<std::string> canonical_json(std::string_view json) {
  const auto doc = base::JsonDocument::parse(json);
  if (!doc) return std::unexpected(doc.error());
  std::string out;
  base::append_canonical_json(*doc, doc->root(), out);
  return out;
}

}  // namespace headroom::agents
