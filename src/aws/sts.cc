#include "aws/sts.h"

#include <fmt/format.h>

#include "aws/config_files.h"
#include "aws/endpoint.h"
#include "aws/sigv4.h"
#include "base/hash.h"
#include "base/utc_time.h"

namespace headroom::aws {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::string_view kForm = "application/x-www-form-urlencoded";

void add(std::string& form, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  form += fmt::format("{}{}=", form.empty() ? "" : "&", name);
  url_encode(form, value);
}

std::string form_for(std::string_view action, const Role& role, std::int64_t now_ms) {
  std::string form;
  add(form, "Action", action);
  add(form, "Version", "2011-06-15");
  add(form, "RoleArn", role.arn);
  add(form, "RoleSessionName", role.session_name.empty() ? fmt::format("headroom-{}", now_ms) : role.session_name);
  add(form, "ExternalId", role.external_id);
  add(form, "DurationSeconds", role.duration_s);
  return form;
}

/// What stands in the first element of that name. The values here have no characters that XML writes otherwise.
std::string element(std::string_view xml, std::string_view name) {
  const std::string open = fmt::format("<{}>", name), close = fmt::format("</{}>", name);
  const std::size_t at = xml.find(open);
  const std::size_t end = at == std::string_view::npos ? at : xml.find(close, at);
  if (end == std::string_view::npos) return {};
  return std::string(xml.substr(at + open.size(), end - at - open.size()));
}

base::Result<Found> ask(const Sources& sources, const Role& role, HttpCall call, const std::stop_token& stop) {
  const auto answer = sources.http(call, stop);
  if (!answer) return fail(answer.error().code, fmt::format("STS cannot be asked: {}", answer.error().message));
  if (answer->status != 200) {
    const std::string code = element(answer->body, "Code");
    return fail(ErrorCode::kUnavailable, fmt::format("STS refuses the role {}: {}", role.arn,
                                                     code.empty() ? fmt::format("status {}", answer->status) : code));
  }
  Found found;
  found.credentials = {element(answer->body, "AccessKeyId"), element(answer->body, "SecretAccessKey"),
                       element(answer->body, "SessionToken")};
  found.expires_ms = base::parse_time(element(answer->body, "Expiration"));
  if (found.credentials.key_id.empty() || found.credentials.secret.empty() || found.expires_ms == 0) {
    return fail(ErrorCode::kParse, "the answer of STS holds no credentials");
  }
  return found;
}

}  // namespace

base::Result<Found> assume_role(const Sources& sources, const Role& role, const Credentials& own, std::int64_t now_ms,
                                const std::stop_token& stop) {
  const auto to = service_endpoint(sources, "STS", "sts", role.region);
  if (!to) return std::unexpected(to.error());
  HttpCall call{"POST", to->url + "/", {}, form_for("AssumeRole", role, now_ms)};
  const std::string time = sign_time(now_ms), path = to->path + "/";
  Request request{"POST",
                  path,
                  "",
                  {{"content-type", kForm}, {"host", to->authority}, {"x-amz-date", time}},
                  base::sha256_hex(call.body)};
  if (!own.session_token.empty()) request.headers.push_back({"x-amz-security-token", own.session_token});
  call.headers = {{"Content-Type", std::string(kForm)},
                  {"X-Amz-Date", time},
                  {"Authorization", authorization(request, {time, role.region, "sts"}, own)}};
  if (!own.session_token.empty()) call.headers.emplace_back("X-Amz-Security-Token", own.session_token);
  return ask(sources, role, std::move(call), stop);
}

base::Result<Found> assume_role_with_token(const Sources& sources, const Role& role, const std::string& token,
                                           std::int64_t now_ms, const std::stop_token& stop) {
  const auto to = service_endpoint(sources, "STS", "sts", role.region);
  if (!to) return std::unexpected(to.error());
  HttpCall call{"POST",
                to->url + "/",
                {{"Content-Type", std::string(kForm)}},
                form_for("AssumeRoleWithWebIdentity", role, now_ms)};
  add(call.body, "WebIdentityToken", token);
  return ask(sources, role, std::move(call), stop);
}

}  // namespace headroom::aws
