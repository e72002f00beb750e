#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "aws/credentials.h"
#include "aws/sources.h"

namespace headroom::aws {

/// A role, and how it is asked for.
struct Role {
  std::string arn;
  std::string session_name;  ///< empty: one is made up
  std::string external_id;
  std::string duration_s;
  std::string region;  ///< of the service that is asked
};

/// Credentials of a role for who has others (STS AssumeRole), for an hour or as long as `duration_s` says. The service
/// is the region's, or AWS_ENDPOINT_URL_STS.
base::Result<Found> assume_role(const Sources& sources, const Role& role, const Credentials& own, std::int64_t now_ms,
                                const std::stop_token& stop);

/// Credentials of a role for who has a token of another provider of identities (STS AssumeRoleWithWebIdentity).
base::Result<Found> assume_role_with_token(const Sources& sources, const Role& role, const std::string& token,
                                           std::int64_t now_ms, const std::stop_token& stop);

}  // namespace headroom::aws
