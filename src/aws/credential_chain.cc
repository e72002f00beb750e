#include "aws/credential_chain.h"

#include <algorithm>

#include <fmt/format.h>

#include "aws/credentials_json.h"
#include "aws/sso.h"
#include "aws/sts.h"
#include "base/json_document.h"
#include "base/text.h"

namespace headroom::aws {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

std::unexpected<base::Error> none() {
  return fail(ErrorCode::kNotFound, "there are no AWS credentials here");
}

std::optional<Found> keys_in(const Section& profile) {
  Found found;
  found.credentials = {std::string(setting(profile, "aws_access_key_id")),
                       std::string(setting(profile, "aws_secret_access_key")),
                       std::string(setting(profile, "aws_session_token"))};
  found.may_change = true;
  if (found.credentials.key_id.empty() || found.credentials.secret.empty()) return std::nullopt;
  return found;
}

}  // namespace

std::optional<Credentials> environment_credentials(const Sources& sources) {
  Credentials named{variable(sources, "AWS_ACCESS_KEY_ID"), variable(sources, "AWS_SECRET_ACCESS_KEY"),
                    variable(sources, "AWS_SESSION_TOKEN")};
  if (named.key_id.empty() || named.secret.empty()) return std::nullopt;
  return named;
}

/// One look, with the files as they are now.
struct CredentialChain::Search {
  const Sources& sources;
  MachineMetadata& metadata;
  const std::int64_t now_ms;
  const std::stop_token& stop;
  const ConfigFiles files{sources};
  std::vector<std::string> visited = {};  // profiles whose role is being asked for

  Result<Found> environment() const {
    const auto named = environment_credentials(sources);
    if (!named) return none();
    return Found{*named};
  }

  std::string region(const Section& profile) const {
    for (const std::string_view name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
      if (std::string value = variable(sources, name); !value.empty()) return value;
    }
    const std::string_view own = setting(profile, "region");
    return std::string(own.empty() ? "us-east-1" : own);
  }

  Result<Found> with_token_file(Role role, const std::string& path) const {
    const auto token = sources.file(expanded(sources, path));
    if (!token) return fail(ErrorCode::kIo, fmt::format("the token of a web identity, {}, cannot be read", path));
    return assume_role_with_token(sources, role, std::string(base::trim(*token)), now_ms, stop);
  }

  Result<Found> web_identity() const {
    const std::string path = variable(sources, "AWS_WEB_IDENTITY_TOKEN_FILE");
    if (path.empty()) return none();
    Role role{variable(sources, "AWS_ROLE_ARN"), variable(sources, "AWS_ROLE_SESSION_NAME")};
    if (role.arn.empty()) {
      return fail(ErrorCode::kInvalidArgument, "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not");
    }
    role.region = region(files.profile(files.profile_in_use()));
    return with_token_file(std::move(role), path);
  }

  Result<Found> process(const std::string& command, std::string_view name) const {
    const auto broken = [&](ErrorCode code, std::string_view why) {
      return fail(code, fmt::format("credential_process of the profile {}: {}; run it by hand to see", name, why));
    };
    if (!sources.run) return broken(ErrorCode::kUnavailable, "programs are not run here");
    const auto printed = sources.run(command, stop);
    if (!printed) return broken(printed.error().code, printed.error().message);
    const auto document = base::JsonDocument::parse(*printed);
    const base::JsonNode* version = nullptr;
    if (document && document->root().kind == base::JsonKind::kObject) {
      version = document->find(document->root(), "Version");
    }
    if (version == nullptr || version->raw != "1") return broken(ErrorCode::kParse, "it printed no JSON of Version 1");
    auto found = credentials_in_json(*printed, kOfProcess);
    if (!found) return broken(found.error().code, found.error().message);
    return found;
  }

  /// The profile's own role, with what it names to get it.
  Result<Found> role_of(const Section& profile, const std::string& name) {
    const auto wrong = [&](std::string_view why) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("the profile {} {}", name, why));
    };
    if (std::ranges::find(visited, name) != visited.end()) return wrong("needs its own role to get its role");
    visited.push_back(name);
    if (!setting(profile, "mfa_serial").empty()) {
      return wrong("asks for a code (mfa_serial), which cannot be typed here; run: aws configure export-credentials");
    }
    Role role{std::string(setting(profile, "role_arn")), std::string(setting(profile, "role_session_name")),
              std::string(setting(profile, "external_id")), std::string(setting(profile, "duration_seconds")),
              region(profile)};
    if (const std::string_view file = setting(profile, "web_identity_token_file"); !file.empty()) {
      return with_token_file(std::move(role), std::string(file));
    }
    Result<Found> own = none();
    const std::string source(setting(profile, "source_profile"));
    const std::string_view place = setting(profile, "credential_source");
    if (!source.empty()) {
      own = source == name ? own : from_source(source);
      if (const auto keys = keys_in(profile); source == name && keys) own = *keys;
    } else if (place == "Environment") {
      own = environment();
    } else if (place == "EcsContainer") {
      own = container_credentials(sources, stop);
    } else if (place == "Ec2InstanceMetadata") {
      own = metadata.find(sources, now_ms, stop);
    } else {
      return wrong("has a role_arn, but no source_profile or credential_source that is known");
    }
    if (!own && own.error().code == ErrorCode::kNotFound) return wrong("finds no credentials to get its role with");
    if (!own) return own;
    return assume_role(sources, role, own->credentials, now_ms, stop);
  }

  /// A profile that another one names: its keys count before its role.
  Result<Found> from_source(const std::string& name) {
    const Section profile = files.profile(name);
    if (const auto keys = keys_in(profile)) return *keys;
    if (!setting(profile, "role_arn").empty()) return role_of(profile, name);
    return without_role(profile, name);
  }

  Result<Found> without_role(const Section& profile, const std::string& name) const {
    if (is_sso(profile)) return sso_credentials(sources, files, name, now_ms, stop);
    if (const auto keys = keys_in(profile)) return *keys;
    const std::string command(setting(profile, "credential_process"));
    return command.empty() ? none() : process(command, name);
  }

  Result<Found> find() {
    const std::string& name = files.profile_in_use();
    const Section profile = files.profile(name);
    const auto profile_role = [&] {
      return setting(profile, "role_arn").empty() ? Result<Found>(none()) : role_of(profile, name);
    };
    const auto goes_on = [](const Result<Found>& found) {
      return !found && found.error().code == ErrorCode::kNotFound;
    };
    Result<Found> found = environment();
    if (goes_on(found)) found = profile_role();
    if (goes_on(found)) found = web_identity();
    if (goes_on(found)) found = without_role(profile, name);
    if (goes_on(found)) found = container_credentials(sources, stop);
    if (goes_on(found)) found = metadata.find(sources, now_ms, stop);
    return found;
  }
};

Result<Found> CredentialChain::find(std::int64_t now_ms, const std::stop_token& stop) {
  return Search{sources_, metadata_, now_ms, stop}.find();
}

}  // namespace headroom::aws
