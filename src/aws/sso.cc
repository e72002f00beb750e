#include "aws/sso.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "aws/credentials_json.h"
#include "aws/endpoint.h"
#include "aws/sigv4.h"
#include "base/hash.h"
#include "base/utc_time.h"

namespace headroom::aws {
namespace {

using base::ErrorCode;
using base::fail;

std::string sha1_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) return {};
  return base::hex({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace

bool is_sso(const Section& profile) {
  return !setting(profile, "sso_account_id").empty() && !setting(profile, "sso_role_name").empty() &&
         (!setting(profile, "sso_session").empty() || !setting(profile, "sso_start_url").empty());
}

base::Result<Found> sso_credentials(const Sources& sources, const ConfigFiles& files, std::string_view profile_name,
                                    std::int64_t now_ms, const std::stop_token& stop) {
  const Section profile = files.profile(profile_name);
  const std::string_view session = setting(profile, "sso_session");
  const Section named = session.empty() ? profile : files.sso_session(session);
  // Tools keep a token under the name of its session; without one under the address where people sign in.
  const std::string key = sha1_hex(session.empty() ? setting(named, "sso_start_url") : session);
  const auto cached = sources.file(expanded(sources, fmt::format("~/.aws/sso/cache/{}.json", key)));
  const std::string login = fmt::format("run: aws sso login --profile {}", profile_name);
  const std::string token = cached ? json_text(*cached, "accessToken") : std::string();
  if (token.empty()) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("nobody has signed in for the profile {}; {}", profile_name, login));
  }
  if (base::parse_time(json_text(*cached, "expiresAt")) <= now_ms) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("the sign-in of the profile {} has expired; {}", profile_name, login));
  }
  const auto to = service_endpoint(sources, "SSO", "portal.sso", setting(named, "sso_region"));
  if (!to) return std::unexpected(to.error());
  HttpCall call;
  call.url = to->url + "/federation/credentials?role_name=";
  url_encode(call.url, setting(profile, "sso_role_name"));
  call.url += "&account_id=";
  url_encode(call.url, setting(profile, "sso_account_id"));
  call.headers = {{"x-amz-sso_bearer_token", token}};
  const auto answer = sources.http(call, stop);
  if (!answer) return fail(answer.error().code, fmt::format("SSO cannot be asked: {}", answer.error().message));
  if (answer->status == 401) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("the sign-in of the profile {} has ended; {}", profile_name, login));
  }
  if (answer->status != 200) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("SSO refuses the role of the profile {}: status {}", profile_name, answer->status));
  }
  auto found = credentials_in_json(answer->body, kOfSso);
  if (!found) return fail(found.error().code, fmt::format("SSO: {}", found.error().message));
  return found;
}

}  // namespace headroom::aws
