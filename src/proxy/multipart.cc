#include "proxy/multipart.h"

#include <algorithm>

#include "base/text.h"
#include "proxy/http_head.h"

namespace headroom::proxy {
namespace {

constexpr std::size_t kMaxBoundary = 70;
constexpr std::size_t kMaxParts = 64;
constexpr std::size_t kMaxHead = 4096;

/// The parameters of a header's value, one after the other: `name=value` or `name="value"`.
class Parameters {
 public:
  /// Behind the first word.
  explicit Parameters(std::string_view header) : rest_(header.substr(std::min(header.find(';'), header.size()))) {}

  bool next() {
    rest_ = base::trim(rest_);
    if (!rest_.starts_with(';')) return false;
    rest_ = base::trim(rest_.substr(1));
    const std::size_t equals = rest_.find('=');
    if (equals == std::string_view::npos) return false;
    name = base::trim(rest_.substr(0, equals));
    rest_ = base::trim(rest_.substr(equals + 1));
    return take_value();
  }
  /// After the last one: whether nothing is left over.
  bool at_end() const { return base::trim(rest_).empty(); }

  std::string_view name;
  std::string value;

 private:
  bool take_value() {
    value.clear();
    if (!rest_.starts_with('"')) {
      const std::size_t end = std::min(rest_.find(';'), rest_.size());
      value = base::trim(rest_.substr(0, end));
      rest_.remove_prefix(end);
      return !value.contains('"');
    }
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return true;
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      value += rest_[i];
    }
    return false;
  }

  std::string_view rest_;
};

std::string boundary_of(std::string_view content_type) {
  if (!equals_ci(base::trim(content_type.substr(0, content_type.find(';'))), "multipart/form-data")) return {};
  std::string boundary;
  Parameters parameters(content_type);
  while (parameters.next()) {
    if (!equals_ci(parameters.name, "boundary")) continue;
    if (!boundary.empty()) return {};
    boundary = parameters.value;
  }
  return parameters.at_end() && boundary.size() <= kMaxBoundary ? boundary : std::string();
}

bool read_disposition(std::string_view value, FormPart& part) {
  if (!equals_ci(base::trim(value.substr(0, value.find(';'))), "form-data") || !part.name.empty()) return false;
  Parameters parameters(value);
  while (parameters.next()) {
    if (equals_ci(parameters.name, "name")) {
      if (!part.name.empty()) return false;
      part.name = parameters.value;
    }
    part.is_file = part.is_file || equals_ci(parameters.name, "filename") || equals_ci(parameters.name, "filename*");
  }
  return parameters.at_end() && !part.name.empty();
}

/// The lines before a part's content, each with its end.
bool read_head(std::string_view head, FormPart& part) {
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || line.find_first_of(" \t\r\n") < colon) return false;
    const std::string_view name = line.substr(0, colon), value = base::trim(line.substr(colon + 1));
    if (equals_ci(name, "content-disposition") && !read_disposition(value, part)) return false;
    if (equals_ci(name, "content-transfer-encoding")) {
      part.encoded =
          part.encoded || !(equals_ci(value, "binary") || equals_ci(value, "8bit") || equals_ci(value, "7bit"));
    }
  }
  return !part.name.empty();
}

}  // namespace

std::optional<std::vector<FormPart>> read_form(std::string_view content_type, std::string_view body) {
  const std::string boundary = boundary_of(content_type);
  if (boundary.empty()) return std::nullopt;
  const std::string delimiter = "\r\n--" + boundary;
  // The first one may stand at the very beginning.
  if (!body.starts_with(std::string_view(delimiter).substr(2))) return std::nullopt;
  std::size_t at = delimiter.size() - 2;
  std::vector<FormPart> parts;
  while (!body.substr(at).starts_with("--")) {
    if (!body.substr(at).starts_with("\r\n") || parts.size() >= kMaxParts) return std::nullopt;
    at += 2;
    FormPart part;
    const std::size_t head_end = body.substr(at, kMaxHead).find("\r\n\r\n");
    if (head_end == std::string_view::npos || !read_head(body.substr(at, head_end), part)) return std::nullopt;
    part.content.begin = at + head_end + 4;
    // An empty content's line end is that of the head.
    part.content.end = body.find(delimiter, part.content.begin - 2);
    if (part.content.end == std::string_view::npos) return std::nullopt;
    at = part.content.end + delimiter.size();
    part.content.end = std::max(part.content.end, part.content.begin);
    parts.push_back(std::move(part));
  }
  const std::string_view rest = body.substr(at + 2);
  if (!rest.empty() && rest != "\r\n") return std::nullopt;
  return parts;
}

}  // namespace headroom::proxy
