#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace headroom::update {

/// What a registry says of its newest release.
struct Release {
  std::string version;
  /// Whether it is of this program. Names on public registries are shared with programs of others; ours says who it is
  /// by a keyword.
  bool ours = false;
};

/// Where releases are told of.
class ReleaseFeed {
 public:
  virtual ~ReleaseFeed() = default;
  virtual base::Result<Release> newest() = 0;
};

/// In memory, for tests.
class FixedFeed final : public ReleaseFeed {
 public:
  explicit FixedFeed(base::Result<Release> release) : release_(std::move(release)) {}
  base::Result<Release> newest() override { return release_; }

 private:
  base::Result<Release> release_;
};

/// What the client of a registry says, with the mirrors and keys that it is set up with.
class ClientFeed final : public ReleaseFeed {
 public:
  /// Runs a command, gives what it prints.
  using Run = std::function<base::Result<std::string>(const std::vector<std::string>& command)>;
  ClientFeed(std::vector<std::string> command, Run run) : command_(std::move(command)), run_(std::move(run)) {}
  base::Result<Release> newest() override;

 private:
  std::vector<std::string> command_;
  Run run_;
};

/// The keyword of our packages.
inline constexpr std::string_view kOwnKeyword = "headroom-native";

/// What `pip install --report -`, `npm view --json` or `git ls-remote --tags` has printed; the tags of our own source
/// are ours. kParse when it is none of these, kNotFound when there is no release in it.
base::Result<Release> read_release(std::string_view text);

/// Whether a version comes after another: numbers between dots; what has letters ("1.0rc1") comes before its number.
bool is_newer(std::string_view version, std::string_view than);

}  // namespace headroom::update
