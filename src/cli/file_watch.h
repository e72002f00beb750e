#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace headroom::cli {

/// Says when files that other programs write are to be looked at, for somebody who asks at even intervals. One thread.
class FileWatch {
 public:
  /// What is not there is watched, too.
  explicit FileWatch(std::vector<std::string> files);

  /// Whether a look is due: at the first time; where a file was written since the time before; and once more after
  /// that, as a write within the same tick of the file system's clock as the one before leaves no trace.
  bool is_due();
  /// The look that was due must be repeated though nobody writes: at the next time, then after ever more of them.
  void failed();

 private:
  /// What tells that a file was written, also by another one that was put in its place.
  struct Stamp {
    std::uint64_t file = 0;  ///< 0: there is none
    std::int64_t size = 0;
    std::int64_t written_ns = 0;
    std::int64_t changed_ns = 0;
    bool operator==(const Stamp&) const = default;
  };
  static Stamp stamp_of(const std::string& file);

  const std::vector<std::string> files_;
  std::vector<Stamp> seen_;  ///< empty before the first time
  int times_left_ = 0;       ///< until the look is repeated; 0: it is not
  int pause_ = 1;            ///< after the next failure, in times
};

}  // namespace headroom::cli
