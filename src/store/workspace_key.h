#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::store {

/// The secret by which programs of one workspace know each other: a file that only its owner can read. Who can prove
/// to have it is who can read all the rest of the workspace. Nothing is kept in memory: it may be made, or made anew,
/// at any time. Thread-safe.
class WorkspaceKey {
 public:
  explicit WorkspaceKey(std::string folder);

  /// Sees to it that there is one. One that others could read, or that is none, is replaced. kIo says what keeps it
  /// from being written.
  base::Result<void> make() const;

  /// What a program of this workspace that listens on `port` answers to a challenge; nullopt without a key, or for what
  /// is_challenge() refuses. It says nothing to who listens on another port and passes challenges on.
  std::optional<std::string> answer(std::string_view challenge, int port) const;

  /// Nobody can have answered it before. kIo where the system has no random numbers.
  static base::Result<std::string> new_challenge();
  /// 32 to 128 hex digits.
  static bool is_challenge(std::string_view text);

 private:
  std::optional<std::string> read() const;
  const std::string path_;
};

}  // namespace headroom::store
