#include "aws/account.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "base/text.h"

namespace headroom::aws {
namespace {

constexpr std::int64_t kReadAgainMs = 30'000;
constexpr std::size_t kLargestFile = 1 << 20;

/// The settings of one section of an INI file. Indented lines belong to the setting above and are passed over.
std::map<std::string, std::string, std::less<>> section_of(std::string_view text, std::string_view name) {
  std::map<std::string, std::string, std::less<>> settings;
  bool inside = false;
  for (std::string_view line : base::split_lines(text)) {
    const bool indented = line.starts_with(' ') || line.starts_with('\t');
    line = base::trim(line);
    if (line.empty() || line.starts_with('#') || line.starts_with(';') || indented) continue;
    if (line.starts_with('[')) {
      inside = line.ends_with(']') && base::trim(line.substr(1, line.size() - 2)) == name;
      continue;
    }
    const std::size_t equals = line.find('=');
    if (!inside || equals == std::string_view::npos) continue;
    settings[std::string(base::trim(line.substr(0, equals)))] = base::trim(line.substr(equals + 1));
  }
  return settings;
}

std::optional<Credentials> credentials_in(const std::map<std::string, std::string, std::less<>>& settings) {
  const auto get = [&](std::string_view key) {
    const auto found = settings.find(key);
    return found == settings.end() ? std::string() : found->second;
  };
  Credentials credentials{get("aws_access_key_id"), get("aws_secret_access_key"), get("aws_session_token")};
  if (credentials.key_id.empty() || credentials.secret.empty()) return std::nullopt;
  return credentials;
}

}  // namespace

Sources process_sources() {
  return {[](std::string_view name) -> std::optional<std::string> {
            const char* value = std::getenv(std::string(name).c_str());
            return value == nullptr ? std::nullopt : std::optional<std::string>(value);
          },
          [](const std::string& path) -> std::optional<std::string> {
            std::ifstream file(path, std::ios::binary);
            if (!file) return std::nullopt;
            std::string bytes(kLargestFile + 1, '\0');
            file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            bytes.resize(static_cast<std::size_t>(file.gcount()));
            return bytes.size() > kLargestFile ? std::nullopt : std::optional<std::string>(std::move(bytes));
          }};
}

std::string Account::variable(std::string_view name) const {
  return sources_.variable(name).value_or("");
}

std::string Account::path(std::string_view variable_name, std::string_view below_home) const {
  std::string path = variable(variable_name);
  if (path.empty()) return variable("HOME") + std::string(below_home);
  if (path.starts_with("~/")) path.replace(0, 1, variable("HOME"));
  return path;
}

Account::Profile Account::read() const {
  std::string name = variable("AWS_PROFILE");
  if (name.empty()) name = variable("AWS_DEFAULT_PROFILE");
  if (name.empty()) name = "default";
  const std::string secrets = sources_.file(path("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials")).value_or("");
  const std::string config = sources_.file(path("AWS_CONFIG_FILE", "/.aws/config")).value_or("");
  const auto settings = section_of(config, name == "default" ? name : "profile " + name);
  Profile profile;
  profile.credentials = credentials_in(section_of(secrets, name));
  if (!profile.credentials) profile.credentials = credentials_in(settings);
  if (const auto region = settings.find("region"); region != settings.end()) profile.region = region->second;
  return profile;
}

const Account::Profile& Account::profile(std::int64_t now_ms) {
  if (!profile_ || now_ms - read_ms_ >= kReadAgainMs || now_ms < read_ms_) {
    profile_ = read();
    read_ms_ = now_ms;
  }
  return *profile_;
}

std::optional<Credentials> Account::credentials(std::int64_t now_ms) {
  Credentials named{variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"), variable("AWS_SESSION_TOKEN")};
  if (!named.key_id.empty() && !named.secret.empty()) return named;
  const std::lock_guard lock(mutex_);
  return profile(now_ms).credentials;
}

std::string Account::region(std::int64_t now_ms) {
  for (const std::string_view name : {"AWS_REGION", "AWS_DEFAULT_REGION", "HEADROOM_REGION"}) {
    if (std::string value = variable(name); !value.empty()) return value;
  }
  const std::lock_guard lock(mutex_);
  const std::string& region = profile(now_ms).region;
  return region.empty() ? "us-east-1" : region;
}

}  // namespace headroom::aws
