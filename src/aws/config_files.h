#pragma once

#include <map>
#include <string>
#include <string_view>

#include "aws/sources.h"

namespace headroom::aws {

/// Settings of one section, by name.
using Section = std::map<std::string, std::string, std::less<>>;
/// The value of a setting; "" without one.
std::string_view setting(const Section& section, std::string_view name);

/// ~/.aws/credentials and ~/.aws/config, or the files that AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE name, as
/// they were when this was made. Indented lines belong to the setting above and are passed over.
class ConfigFiles {
 public:
  explicit ConfigFiles(const Sources& sources);

  /// What both say of a profile; the credentials file counts where they differ. Empty: neither knows it.
  Section profile(std::string_view name) const;
  /// [sso-session NAME].
  Section sso_session(std::string_view name) const;
  /// AWS_PROFILE, AWS_DEFAULT_PROFILE, else "default".
  const std::string& profile_in_use() const { return in_use_; }

 private:
  std::string config_, secrets_, in_use_;
};

/// The value of a variable; "" without one.
std::string variable(const Sources& sources, std::string_view name);
/// A path with its "~/" replaced.
std::string expanded(const Sources& sources, std::string path);

}  // namespace headroom::aws
