#include "agents/journal/record.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/json_document.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace headroom::agents {
namespace {

using base::ErrorCode;

constexpr std::array<std::string_view, 3> kFormats = {"json", "toml", "yaml"};

std::string_view format_name(Format format) {
  return kFormats[static_cast<std::size_t>(format)];
}

void write_list(base::JsonWriter& json, std::string_view name, const std::vector<std::string>& items) {
  json.key(name).begin_array();
  for (const std::string& item : items) json.value(item);
  json.end_array();
}

std::vector<std::string> read_list(const base::JsonDocument& doc, std::string_view name) {
  std::vector<std::string> items;
  const base::JsonNode* list = doc.find(doc.root(), name);
  if (list == nullptr || list->kind != base::JsonKind::kArray) return items;
  for (const base::JsonNode& item : doc.children(*list)) items.emplace_back(item.text);
  return items;
}

std::int64_t read_number(const base::JsonDocument& doc, std::string_view name) {
  const base::JsonNode* node = doc.find(doc.root(), name);
  std::int64_t number = 0;
  if (node != nullptr) std::from_chars(node->raw.data(), node->raw.data() + node->raw.size(), number);
  return number;
}

base::Result<OwnedEdit> read_edit(const base::JsonDocument& doc, const base::JsonNode& node) {
  OwnedEdit edit;
  edit.owner = doc.string_member(node, "owner");
  if (const base::JsonNode* content = doc.find(node, "content")) {
    edit.content = std::string(content->text);
    return edit;
  }
  const auto format = std::ranges::find(kFormats, doc.string_member(node, "format"));
  const auto path = parse_key_path(doc.string_member(node, "path"));
  if (format == kFormats.end() || !path) return base::fail(ErrorCode::kParse, "an edit of an unknown form");
  edit.key = {static_cast<Format>(format - kFormats.begin()), *path, std::string(doc.string_member(node, "json"))};
  return edit;
}

/// True when what we left at the path is there still.
base::Result<bool> is_ours(std::string_view text, const KeyEdit& key) {
  const auto there = get_key(key.format, text, key.path);
  if (!there) return std::unexpected(there.error());
  if (key.json.empty()) return !*there;
  return *there && canonical_json(**there).value_or("?") == canonical_json(key.json).value_or("");
}

/// Objects and lists on the way to the path that are empty now, and were not there before, go as well.
base::Result<std::string> prune(std::string text, const std::string& original, const KeyEdit& key) {
  for (std::size_t length = key.path.size() - 1; length > 0; --length) {
    const KeyPath above(key.path.begin(), key.path.begin() + static_cast<std::ptrdiff_t>(length));
    const auto now = get_key(key.format, text, above);
    if (!now || !*now || (**now != "{}" && **now != "[]")) break;
    const auto before = get_key(key.format, original, above);
    if (!before || *before) break;
    auto less = remove_key(key.format, text, above);
    if (!less) return less;
    text = *std::move(less);
  }
  return text;
}

base::Result<std::string> without_key(std::string text, const std::string& original, const KeyEdit& key) {
  const auto before = get_key(key.format, original, key.path);
  if (before && *before) return set_key(key.format, text, key.path, **before);
  auto less = remove_key(key.format, text, key.path);
  if (!less) return less;
  return prune(*std::move(less), original, key);
}

}  // namespace

std::string write_record(const Record& record) {
  base::JsonWriter json;
  json.begin_object().member("file", record.file).member("time_ms", record.time_ms);
  json.member("existed", record.existed).member("mode", static_cast<std::int64_t>(record.mode));
  json.member("original", base::base64_encode(record.original));
  write_list(json, "folders", record.folders);
  write_list(json, "states", record.states);
  json.key("edits").begin_array();
  for (const OwnedEdit& edit : record.edits) {
    json.begin_object().member("owner", edit.owner);
    if (edit.content) {
      json.member("content", *edit.content);
    } else {
      json.member("format", format_name(edit.key.format)).member("path", key_path_text(edit.key.path));
      json.member("json", edit.key.json);
    }
    json.end_object();
  }
  json.end_array().end_object();
  return std::move(json).take() + "\n";
}

base::Result<Record> read_record(std::string_view text) {
  const auto doc = base::JsonDocument::parse(text);
  if (!doc || doc->root().kind != base::JsonKind::kObject) return base::fail(ErrorCode::kParse, "no journal record");
  Record record;
  record.file = doc->string_member(doc->root(), "file");
  record.time_ms = read_number(*doc, "time_ms");
  record.mode = static_cast<unsigned>(read_number(*doc, "mode"));
  const base::JsonNode* existed = doc->find(doc->root(), "existed");
  record.existed = existed != nullptr && existed->raw == "true";
  const auto original = base::base64_decode(doc->string_member(doc->root(), "original"));
  const base::JsonNode* edits = doc->find(doc->root(), "edits");
  if (record.file.empty() || !original || edits == nullptr) return base::fail(ErrorCode::kParse, "no journal record");
  record.original = *original;
  record.folders = read_list(*doc, "folders");
  record.states = read_list(*doc, "states");
  for (const base::JsonNode& node : doc->children(*edits)) {
    auto edit = read_edit(*doc, node);
    if (!edit) return std::unexpected(edit.error());
    record.edits.push_back(*std::move(edit));
  }
  return record;
}

base::Result<std::string> with_edits(std::string text, const std::vector<OwnedEdit>& edits) {
  for (const OwnedEdit& edit : edits) {
    if (edit.content) {
      text = *edit.content;
      continue;
    }
    auto changed = edit.key.json.empty() ? remove_key(edit.key.format, text, edit.key.path)
                                         : set_key(edit.key.format, text, edit.key.path, edit.key.json);
    if (!changed) return changed;
    text = *std::move(changed);
  }
  return text;
}

base::Result<std::string> without_edits(std::string text, const std::string& original, std::vector<OwnedEdit>& edits,
                                        std::vector<std::string>& notes) {
  std::map<std::string, bool> ours_at;  // of several edits of one key, the last has made what is there
  std::vector<OwnedEdit> kept;
  for (std::size_t i = edits.size(); i-- > 0;) {
    const OwnedEdit& edit = edits[i];
    if (edit.content) {
      notes.push_back("the file was changed since it was written: it is left as it is");
      continue;
    }
    const std::string path = key_path_text(edit.key.path);
    auto known = ours_at.find(path);
    if (known == ours_at.end()) {
      const auto ours = is_ours(text, edit.key);
      if (!ours) return std::unexpected(ours.error());
      known = ours_at.emplace(path, *ours).first;
      if (*ours) {
        auto less = without_key(text, original, edit.key);
        if (!less) return less;
        text = *std::move(less);
      } else {
        notes.push_back(fmt::format("{} was changed since: it is left as it is", path));
      }
    }
    if (known->second) kept.insert(kept.begin(), edit);
  }
  edits = std::move(kept);
  return text;
}

bool says_nothing(std::string_view text) {
  const std::string_view content = base::trim(text);
  return content.empty() || content == "{}" || content == "[]";
}

}  // namespace headroom::agents
