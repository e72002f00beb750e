#include "proxy/aws_signing.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "aws/sigv4.h"
#include "base/hash.h"
#include "proxy/header_rules.h"

namespace headroom::proxy {
namespace {

constexpr std::string_view kService = "bedrock";
/// As far as AWS lets clocks be apart.
constexpr std::int64_t kMostSkewMs = 15 * 60'000;

constexpr std::string_view kDate = "x-amz-date", kToken = "x-amz-security-token", kHash = "x-amz-content-sha256";

void add_fields(std::vector<aws::Header>& headers, const Fields& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (equals_ci(field.name, name)) headers.push_back({field.name, field.value});
  }
}

/// What a signature of ours says by itself, and what does not arrive as it was sent.
bool is_signed_otherwise(std::string_view name, const Fields& fields) {
  static constexpr std::array<std::string_view, 8> kOthers{
      "host", kDate, kToken, kHash, "content-length", "transfer-encoding", "authorization", "expect"};
  return std::ranges::find(kOthers, name) != kOthers.end() || name.starts_with("x-headroom-") ||
         is_hop_by_hop(name, fields);
}

}  // namespace

bool is_signed_for_aws(const RequestHead& head) {
  return head.fields.get("authorization").starts_with("AWS4-") || head.query.contains("X-Amz-Signature=");
}

bool is_signed_with(const RequestHead& head, std::string_view body, const aws::Credentials& credentials,
                    std::int64_t now_ms) {
  const auto read = aws::read_authorization(head.fields.get("authorization"));
  if (!read || head.fields.count("authorization") != 1 || read->key_id != credentials.key_id) return false;
  const std::string_view time = head.fields.get(kDate);
  const auto signed_ms = aws::read_sign_time(time);
  if (!signed_ms || std::abs(now_ms - *signed_ms) > kMostSkewMs || !time.starts_with(read->day)) return false;
  aws::Request request{head.method, head.path, head.query, {}, base::sha256_hex(body)};
  if (head.fields.has(kHash) && head.fields.get(kHash) != request.payload_hash) return false;
  bool host = false;
  for (const std::string_view name : read->signed_headers) {
    host = host || name == "host";
    add_fields(request.headers, head.fields, name);
  }
  const aws::Scope scope{time, read->region, read->service};
  return host && base::equal_secrets(aws::signature(request, scope, credentials.secret), read->signature);
}

void sign_anew(RequestHead& head, const UpstreamUrl& upstream, std::string_view region, std::string_view body,
               const aws::Credentials& credentials, std::int64_t now_ms) {
  const auto before = aws::read_authorization(head.fields.get("authorization"));
  std::vector<std::string> names{"content-type"};
  if (before) names.assign(before->signed_headers.begin(), before->signed_headers.end());
  const std::string path = upstream.base_path + (head.sent_path.empty() ? std::string(head.path) : head.sent_path);
  aws::Request request{head.method, path, head.query, {}, base::sha256_hex(body)};

  const std::string_view time = head.keep(aws::sign_time(now_ms));
  head.fields.set(kDate, time);
  if (credentials.session_token.empty()) {
    head.fields.erase_if([](const Field& field) { return equals_ci(field.name, kToken); });
  } else {
    head.fields.set(kToken, head.keep(credentials.session_token));
  }
  if (head.fields.has(kHash)) head.fields.set(kHash, head.keep(request.payload_hash));

  request.headers.push_back({"host", upstream.authority});
  for (const std::string_view name : {kDate, kToken, kHash}) add_fields(request.headers, head.fields, name);
  for (const std::string& name : names) {
    if (!is_signed_otherwise(name, head.fields)) add_fields(request.headers, head.fields, name);
  }
  head.fields.set("authorization", head.keep(aws::authorization(request, {time, region, kService}, credentials)));
}

}  // namespace headroom::proxy
