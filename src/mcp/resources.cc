#include "mcp/resources.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace headroom::mcp {
namespace {

constexpr std::string_view kPrefix = "headroom://original/";
constexpr std::size_t kListed = 100;

std::string mime_type_of(std::string_view content_type) {
  if (content_type == "json") return "application/json";
  if (content_type == "html") return "text/html";
  return "text/plain";
}

class OriginalResources final : public Resources {
 public:
  OriginalResources(store::OriginalStore& store, std::string list_path)
      : store_(store), list_path_(std::move(list_path)) {}

  base::Result<std::vector<Resource>> list() override {
    if (list_path_.empty()) return std::vector<Resource>();
    auto recent = store::list_originals(list_path_, kListed);
    if (!recent) return std::unexpected(std::move(recent.error()));
    std::vector<Resource> resources;
    for (const store::OriginalFacts& facts : *recent) {
      const std::string_view from = facts.tool_name.empty() ? std::string_view("a text") : facts.tool_name;
      resources.push_back({.uri = fmt::format("{}{}", kPrefix, facts.id),
                           .name = facts.id,
                           .description = fmt::format("{} of {}, {} tokens", facts.content_type, from, facts.tokens),
                           .mime_type = mime_type_of(facts.content_type),
                           .size = facts.bytes});
    }
    return resources;
  }

  std::vector<ResourceTemplate> templates() override {
    return {{.uri_template = fmt::format("{}{{hash}}", kPrefix),
             .name = "original",
             .description = "The exact text that a marker <<ccr:HASH ...>> stands for.",
             .mime_type = "text/plain"}};
  }

  base::Result<ResourceContent> read(std::string_view uri) override {
    if (!uri.starts_with(kPrefix)) {
      return base::fail(base::ErrorCode::kNotFound, fmt::format("{}HASH is what can be read here", kPrefix));
    }
    auto original = store_.get(uri.substr(kPrefix.size()));
    if (!original) return std::unexpected(std::move(original.error()));
    std::string type =
        base::is_utf8(original->content) ? mime_type_of(original->content_type) : "application/octet-stream";
    return ResourceContent{.mime_type = std::move(type), .bytes = std::move(original->content)};
  }

 private:
  store::OriginalStore& store_;
  const std::string list_path_;
};

}  // namespace

std::unique_ptr<Resources> original_resources(store::OriginalStore& store, std::string list_path) {
  return std::make_unique<OriginalResources>(store, std::move(list_path));
}

}  // namespace headroom::mcp
