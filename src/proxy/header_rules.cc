#include "proxy/header_rules.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

namespace headroom::proxy {
namespace {

constexpr std::array<std::string_view, 8> kHopByHop{
    "connection",          "keep-alive", "proxy-connection", "proxy-authenticate",
    "proxy-authorization", "te",         "trailer",          "upgrade"};

constexpr std::string_view kOwnPrefix = "x-headroom-";

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool is_own(std::string_view name) {
  return name.size() > kOwnPrefix.size() && equals_ci(name.substr(0, kOwnPrefix.size()), kOwnPrefix);
}

// Framing cannot be switched off by naming it in Connection.
bool is_framing(std::string_view name) {
  return equals_ci(name, "content-length") || equals_ci(name, "transfer-encoding");
}

/// "/v1" of "/openai/v1": what many providers give as their address ends with it, and so does what clients are told.
std::string_view version_at_end(std::string_view base_path) {
  const std::size_t slash = base_path.rfind('/');
  if (slash == std::string_view::npos || base_path.size() < slash + 3 || base_path[slash + 1] != 'v') return {};
  const char digit = base_path[slash + 2];
  return digit >= '0' && digit <= '9' ? base_path.substr(slash) : std::string_view();
}

// The path and query of the target, behind the upstream's base path, with a version that both have once. An
// absolute-form target loses its authority.
void append_target(std::string& out, const RequestHead& request, const UpstreamUrl& upstream) {
  if (request.target == "*") {
    out += '*';
    return;
  }
  std::string_view path = request.sent_path.empty() ? request.path : std::string_view(request.sent_path);
  const std::string_view version = version_at_end(upstream.base_path);
  if (!version.empty() && path.starts_with(version) && path.substr(version.size()).starts_with('/')) {
    path.remove_prefix(version.size());
  }
  out.append(upstream.base_path).append(path);
  if (request.target.find('?') != std::string_view::npos) out.append("?").append(request.query);
}

}  // namespace

bool is_hop_by_hop(std::string_view name, const Fields& fields) {
  if (is_framing(name)) return false;
  return std::any_of(kHopByHop.begin(), kHopByHop.end(), [&](std::string_view hop) { return equals_ci(name, hop); }) ||
         fields.lists("connection", name);
}

void drop_digests(Fields& fields) {
  static constexpr std::array<std::string_view, 4> kDigests{"content-md5", "digest", "content-digest", "repr-digest"};
  fields.erase_if([](const Field& field) {
    return std::ranges::any_of(kDigests, [&](std::string_view name) { return equals_ci(field.name, name); });
  });
}

std::string upstream_request_head(const RequestHead& request, const UpstreamUrl& upstream,
                                  std::optional<std::size_t> body_size, bool upgrade) {
  std::string out;
  out.reserve(request.bytes.size() + 64);
  out.append(request.method).append(" ");
  append_target(out, request, upstream);
  out += " HTTP/1.1\r\n";
  bool host_written = false;
  for (const Field& field : request.fields) {
    if (equals_ci(field.name, "host")) {
      append_field(out, field.name, request.keeps_host ? field.value : std::string_view(upstream.authority));
      host_written = true;
      continue;
    }
    const bool kept_for_upgrade = upgrade && (equals_ci(field.name, "connection") || equals_ci(field.name, "upgrade"));
    if (!kept_for_upgrade && is_hop_by_hop(field.name, request.fields)) continue;
    if (is_own(field.name) || equals_ci(field.name, "expect")) continue;
    if (body_size && equals_ci(field.name, "transfer-encoding")) {
      append_field(out, "Content-Length", std::to_string(*body_size));
    } else if (body_size && equals_ci(field.name, "content-length")) {
      append_field(out, field.name, std::to_string(*body_size));
    } else {
      append_field(out, field.name, field.value);
    }
  }
  if (!host_written) append_field(out, "Host", upstream.authority);
  out += "\r\n";
  return out;
}

std::string client_response_head(const ResponseHead& response, const std::vector<ExtraField>& extra, bool close,
                                 bool dechunk) {
  std::string out;
  out.reserve(response.bytes.size() + 256);
  const std::string status = std::to_string(1000 + response.status).substr(1);  // three digits
  out.append("HTTP/1.1 ").append(status).append(" ").append(response.reason).append("\r\n");
  const bool switching = response.status == 101;
  for (const Field& field : response.fields) {
    const bool kept = switching && (equals_ci(field.name, "connection") || equals_ci(field.name, "upgrade"));
    if (!kept && is_hop_by_hop(field.name, response.fields)) continue;
    if (dechunk && equals_ci(field.name, "transfer-encoding")) continue;
    append_field(out, field.name, field.value);
  }
  for (const ExtraField& field : extra) append_field(out, field.name, field.value);
  if (close) append_field(out, "Connection", "close");
  out += "\r\n";
  return out;
}

std::string local_response(const Reply& reply, bool head_only, bool close) {
  std::string out = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nX-Content-Type-Options: nosniff\r\n"
      "Cache-Control: no-store\r\n{}",
      reply.status, reason_phrase(reply.status), reply.content_type, reply.body.size(),
      close ? "Connection: close\r\n" : "");
  for (const ExtraField& field : reply.fields) append_field(out, field.name, field.value);
  out += "\r\n";
  if (!head_only) out += reply.body;
  return out;
}

}  // namespace headroom::proxy
