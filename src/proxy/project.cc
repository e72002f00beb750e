#include "proxy/project.h"

#include <string_view>

#include <fmt/format.h>

#include "base/project_name.h"
#include "proxy/query_string.h"

namespace headroom::proxy {
namespace {

constexpr std::string_view kPrefix = "/p/";

std::expected<std::string, HttpError> checked(std::string name) {
  if (base::is_project_name(name)) return name;
  return std::unexpected(HttpError{400, std::string(base::kProjectNameRule)});
}

// As percent_decode(), but a '+' in a path is a '+'.
std::string path_decode(std::string_view text) {
  std::string plus;
  for (const char c : text) c == '+' ? plus.append("%2B") : plus.append(1, c);
  return percent_decode(plus);
}

}  // namespace

std::expected<std::string, HttpError> take_project(RequestHead& head) {
  if (head.path.starts_with(kPrefix)) {
    const std::string_view rest = head.path.substr(kPrefix.size());
    const std::size_t slash = rest.find('/');
    if (slash != std::string_view::npos) {
      head.path = rest.substr(slash);
      return checked(path_decode(rest.substr(0, slash)));
    }
  }
  for (const std::string_view name : {"x-headroom-project", "x-headroom-project-id"}) {
    if (const std::string_view value = head.fields.get(name); !value.empty()) return checked(std::string(value));
  }
  return std::string();
}

}  // namespace headroom::proxy
