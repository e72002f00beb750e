#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::aws {

/// What requests are signed with. Secret but for the id.
struct Credentials {
  std::string key_id;
  std::string secret;
  std::string session_token;  ///< empty for those that last
};

/// Where things are looked up: the value of a variable, the bytes of a file; nullopt when there is none.
struct Sources {
  std::function<std::optional<std::string>(std::string_view name)> variable;
  std::function<std::optional<std::string>(const std::string& path)> file;
};
/// Those of this process. A file of more than 1 MiB counts as none.
Sources process_sources();

/// The AWS account that the environment names, as AWS's own tools read it: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
/// AWS_SESSION_TOKEN, else the profile AWS_PROFILE ("default") of ~/.aws/credentials and ~/.aws/config (or of the files
/// that AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE name). Nothing is asked over the network and no program is run,
/// so profiles of single sign-on, of roles and of machines give no credentials. Thread-safe.
class Account {
 public:
  explicit Account(Sources sources) : sources_(std::move(sources)) {}

  /// Files are read again when they were read half a minute ago: other tools renew what is in them.
  std::optional<Credentials> credentials(std::int64_t now_ms);
  /// AWS_REGION, AWS_DEFAULT_REGION, HEADROOM_REGION, the profile's, else us-east-1.
  std::string region(std::int64_t now_ms);

 private:
  struct Profile {
    std::optional<Credentials> credentials;
    std::string region;
  };
  std::string variable(std::string_view name) const;
  std::string path(std::string_view variable_name, std::string_view below_home) const;
  Profile read() const;
  const Profile& profile(std::int64_t now_ms);  // with mutex_ held

  const Sources sources_;
  std::mutex mutex_;
  std::optional<Profile> profile_;  // guarded by mutex_
  std::int64_t read_ms_ = 0;        // guarded by mutex_
};

}  // namespace headroom::aws
