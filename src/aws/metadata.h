#pragma once

#include <cstdint>
#include <stop_token>

#include "aws/credentials.h"
#include "aws/sources.h"

namespace headroom::aws {

/// Credentials that a container gets from its surroundings: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (ECS) or
/// AWS_CONTAINER_CREDENTIALS_FULL_URI, with the value of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE or
/// AWS_CONTAINER_AUTHORIZATION_TOKEN. Without TLS only loopback and the addresses of ECS and EKS are asked. kNotFound
/// when no variable names a place.
base::Result<Found> container_credentials(const Sources& sources, const std::stop_token& stop);

/// Credentials of an EC2 machine's role, from its metadata (version 2 only). Short timeouts: elsewhere nobody answers.
/// kNotFound when there is no such service, or AWS_EC2_METADATA_DISABLED says not to ask. Called from one thread at a
/// time.
class MachineMetadata {
 public:
  base::Result<Found> find(const Sources& sources, std::int64_t now_ms, const std::stop_token& stop);

 private:
  std::int64_t silent_until_ms_ = 0;  // nobody answered; it is not asked again before
};

}  // namespace headroom::aws
