#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "aws/config_files.h"
#include "aws/credentials.h"
#include "aws/metadata.h"
#include "aws/sources.h"

namespace headroom::aws {

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
std::optional<Credentials> environment_credentials(const Sources& sources);

/// Looks for credentials where AWS's own libraries do, and in their order: the environment; the role of the profile; a
/// web identity (AWS_WEB_IDENTITY_TOKEN_FILE); single sign-on, keys and credential_process of the profile; the
/// container; the machine. The first that is set up counts: where it fails, the others are not asked.
class CredentialChain {
 public:
  /// `sources` must outlive this.
  explicit CredentialChain(const Sources& sources) : sources_(sources) {}

  /// Blocks on files, programs and the network. kNotFound: none are set up anywhere; any other error says what is wrong
  /// and what to do. One thread at a time.
  base::Result<Found> find(std::int64_t now_ms, const std::stop_token& stop);

 private:
  struct Search;
  const Sources& sources_;
  MachineMetadata metadata_;
};

}  // namespace headroom::aws
