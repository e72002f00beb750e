#include "update/release.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json_document.h"
#include "base/text.h"

namespace headroom::update {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

/// PyPI writes keywords into one text, npm into an array.
bool has_keyword(const JsonDocument& doc, const JsonNode& object) {
  const JsonNode* keywords = doc.find_last(object, "keywords");
  if (keywords == nullptr) return false;
  if (keywords->kind == JsonKind::kArray) {
    for (const JsonNode& one : doc.children(*keywords)) {
      if (one.text == kOwnKeyword) return true;
    }
    return false;
  }
  std::string_view left = keywords->text;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find_first_of(", "), left.size());
    if (left.substr(0, end) == kOwnKeyword) return true;
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return false;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A version for comparing: its numbers without zeros at the end, and whether it is one before the release.
struct Order {
  std::vector<std::string> numbers;  // without leading zeros
  bool final = true;
};

Order order_of(std::string_view version) {
  Order order;
  version = version.substr(0, version.find('+'));
  while (!version.empty() && is_digit(version.front())) {
    const auto end = std::ranges::find_if_not(version, is_digit);
    std::string number(version.begin(), end);
    number.erase(0, std::min(number.find_first_not_of('0'), number.size()));
    order.numbers.push_back(std::move(number));
    version.remove_prefix(static_cast<std::size_t>(end - version.begin()));
    if (!version.starts_with('.') || version.size() < 2 || !is_digit(version[1])) break;
    version.remove_prefix(1);
  }
  order.final = version.empty();
  while (!order.numbers.empty() && order.numbers.back().empty()) order.numbers.pop_back();
  return order;
}

bool is_version(std::string_view text) {
  return !text.empty() && is_digit(text.front()) && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '+' || c == '!';
  });
}

/// pip's report has {"install": [{"metadata": {...}}]}, npm's answer is the release, or a list of them.
base::Result<Release> of_json(std::string_view json) {
  const auto doc = JsonDocument::parse(json);
  if (!doc) return std::unexpected(doc.error());
  const JsonNode* object = &doc->root();
  if (object->kind == JsonKind::kObject) {
    const JsonNode* installs = doc->find_last(*object, "install");
    if (installs != nullptr) object = installs;
  }
  if (object->kind == JsonKind::kArray) {
    if (object->size == 0) return Release{};
    object = &*doc->children(*object).begin();
  }
  if (object->kind != JsonKind::kObject) {
    return base::fail(base::ErrorCode::kParse, "this is no description of a release");
  }
  const JsonNode* metadata = doc->find_last(*object, "metadata");
  if (metadata != nullptr && metadata->kind == JsonKind::kObject) object = metadata;
  return Release{std::string(doc->string_member(*object, "version")), has_keyword(*doc, *object)};
}

/// Lines "HASH<tab>refs/tags/v1.2.3".
base::Result<Release> of_tags(std::string_view lines) {
  Release newest{{}, true};
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const std::size_t tag = line.find("\trefs/tags/v");
    if (tag == std::string_view::npos) continue;
    const std::string_view version = base::trim(line.substr(tag + std::string_view("\trefs/tags/v").size()));
    if (is_version(version) && order_of(version).final &&
        (newest.version.empty() || is_newer(version, newest.version))) {
      newest.version = version;
    }
  }
  return newest;
}

bool number_less(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

base::Result<Release> ClientFeed::newest() {
  auto text = run_(command_);
  if (!text) return std::unexpected(text.error());
  auto release = read_release(*text);
  if (release) return release;
  return base::fail(release.error().code, fmt::format("{}: {}", fmt::join(command_, " "), release.error().message));
}

base::Result<Release> read_release(std::string_view text) {
  text = base::trim(text);
  auto release = text.starts_with('{') || text.starts_with('[') ? of_json(text) : of_tags(text);
  // It goes into command lines.
  if (release && !is_version(release->version)) return base::fail(base::ErrorCode::kNotFound, "there is no release");
  return release;
}

bool is_newer(std::string_view version, std::string_view than) {
  const Order a = order_of(version), b = order_of(than);
  if (a.numbers != b.numbers) {
    return std::ranges::lexicographical_compare(b.numbers, a.numbers, number_less);
  }
  return a.final && !b.final;
}

}  // namespace headroom::update
