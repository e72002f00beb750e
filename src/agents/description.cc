#include "agents/description.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "agents/catalog_text.h"
#include "agents/edit/toml_lines.h"
#include "base/json_document.h"

namespace headroom::agents {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

/// Reads members, and notices the first that is not as it should be.
class Reader {
 public:
  Reader(const JsonDocument& doc, const JsonNode& object, std::string& wrong)
      : doc_(doc), object_(object), wrong_(wrong) {}
  ~Reader() {
    for (const JsonNode& member : doc_.children(object_)) {
      if (std::ranges::find(known_, member.key) == known_.end()) refuse(member.key);
    }
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  std::string text(std::string_view key, bool needed = false) {
    const JsonNode* node = find(key);
    if (node == nullptr ? needed : node->kind != JsonKind::kString) refuse(key);
    return node == nullptr ? std::string() : std::string(node->text);
  }
  std::vector<std::string> list(std::string_view key) {
    std::vector<std::string> items;
    const JsonNode* node = find(key);
    if (node == nullptr) return items;
    for (const JsonNode& item : doc_.children(*node)) items.emplace_back(item.text);
    return items;
  }
  bool flag(std::string_view key) {
    const JsonNode* node = find(key);
    return node != nullptr && node->raw == "true";
  }
  std::string json(std::string_view key) {
    const JsonNode* node = find(key);
    return node == nullptr ? std::string() : std::string(node->raw);
  }
  Format format() {
    static constexpr std::array<std::string_view, 4> kNames = {"json", "toml", "yaml", "env"};
    const std::string name = text("format", true);
    const auto found = std::ranges::find(kNames, name);
    if (found == kNames.end()) refuse("format");
    return static_cast<Format>(std::min<std::ptrdiff_t>(found - kNames.begin(), kNames.size() - 1));
  }
  std::vector<const JsonNode*> objects(std::string_view key) {
    std::vector<const JsonNode*> found;
    const JsonNode* node = find(key);
    if (node == nullptr) return found;
    for (const JsonNode& item : doc_.children(*node)) found.push_back(&item);
    return found;
  }
  const JsonNode* find(std::string_view key) {
    known_.push_back(key);
    return doc_.find(object_, key);
  }

 private:
  void refuse(std::string_view key) {
    if (wrong_.empty()) wrong_ = key;
  }
  const JsonDocument& doc_;
  const JsonNode& object_;
  std::string& wrong_;
  std::vector<std::string_view> known_;
};

EnvSetting read_env(Reader reader) {
  return {
      reader.text("name", true), reader.text("value", true), reader.text("upstream"), reader.text("default_upstream"),
      reader.text("when"),       reader.list("unless"),      reader.flag("keep")};
}

FileSetting read_file(Reader reader) {
  FileSetting made;
  made.file = reader.text("file", true);
  made.format = reader.format();
  made.path = reader.text("path", true);
  made.select = reader.text("select");
  made.value = reader.text("value");
  made.upstream = reader.text("upstream", true);
  made.default_upstream = reader.text("default_upstream");
  made.each = reader.flag("each");
  made.when = reader.text("when");
  made.unless = reader.list("unless");
  made.weak = reader.flag("weak");
  made.heeded = reader.flag("heeded");
  made.args = reader.list("args");
  return made;
}

VariablesPlace read_variables(Reader reader) {
  return {reader.text("file", true), reader.format(), reader.text("path", true)};
}

McpPlace read_mcp(Reader reader) {
  McpPlace made;
  made.files = reader.list("file");
  made.format = reader.format();
  made.path = reader.text("path", true);
  made.value = reader.json("value");
  return made;
}

}  // namespace

base::Result<Description> read_description(std::string_view name, std::string_view toml) {
  const auto json = get_toml(toml, {});
  if (!json) return base::fail(json.error().code, fmt::format("{}: {}", name, json.error().message));
  const auto doc = JsonDocument::parse(**json);
  if (!doc) return std::unexpected(doc.error());
  std::string wrong;
  Description made;
  made.name = name;
  {
    Reader reader(*doc, doc->root(), wrong);
    made.title = reader.text("title", true);
    made.binaries = reader.list("binaries");
    made.homes = reader.list("home");
    made.args = reader.list("args");
    made.hold = reader.flag("hold");
    made.probe = reader.text("probe");
    made.guide = reader.list("guide");
    for (const JsonNode* node : reader.objects("env")) made.env.push_back(read_env({*doc, *node, wrong}));
    for (const JsonNode* node : reader.objects("variables")) {
      made.variables.push_back(read_variables({*doc, *node, wrong}));
    }
    for (const JsonNode* node : reader.objects("override")) made.overrides.push_back(read_file({*doc, *node, wrong}));
    for (const JsonNode* node : reader.objects("durable")) made.durable.push_back(read_file({*doc, *node, wrong}));
    for (const JsonNode* node : reader.objects("file")) made.files.push_back(read_file({*doc, *node, wrong}));
    if (const JsonNode* node = reader.find("mcp")) made.mcp = read_mcp({*doc, *node, wrong});
  }
  if (!wrong.empty())
    return base::fail(base::ErrorCode::kParse, fmt::format("{}: '{}' is wrong or missing", name, wrong));
  return made;
}

std::span<const Description> all_agents() {
  static const std::vector<Description> all = [] {
    std::vector<Description> read;
    for (const CatalogEntry& entry : catalog()) {
      // A test reads every one of them.
      if (auto one = read_description(entry.name, entry.text)) read.push_back(*std::move(one));
    }
    return read;
  }();
  return all;
}

const Description* find_agent(std::string_view name) {
  const auto all = all_agents();
  const auto found = std::ranges::find(all, name, &Description::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace headroom::agents
