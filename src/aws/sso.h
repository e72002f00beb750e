#pragma once

#include <cstdint>
#include <stop_token>
#include <string_view>

#include "aws/config_files.h"
#include "aws/credentials.h"

namespace headroom::aws {

/// The profile is one of single sign-on: sso_account_id, sso_role_name and sso_session or sso_start_url.
bool is_sso(const Section& profile);

/// Credentials of such a profile (SSO GetRoleCredentials), with the token that `aws sso login` has put into
/// ~/.aws/sso/cache. That one is not renewed here: a message says what to run. The service is that of the region, or
/// AWS_ENDPOINT_URL_SSO.
base::Result<Found> sso_credentials(const Sources& sources, const ConfigFiles& files, std::string_view profile_name,
                                    std::int64_t now_ms, const std::stop_token& stop);

}  // namespace headroom::aws
