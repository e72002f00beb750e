#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::document {

/// A zip archive in memory, opened for reading. `bytes` must outlive it.
class ZipArchive {
 public:
  /// No file is unpacked to more than this, nor all files that are read together to more than four times as much.
  static constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;

  static base::Result<ZipArchive> open(std::string_view bytes);
  ZipArchive(ZipArchive&&) noexcept;
  ~ZipArchive();

  bool has(const std::string& name) const;
  /// The whole file; kNotFound, kParse for a damaged one, kTooLarge past the limits.
  base::Result<std::string> read(const std::string& name);

 private:
  struct Impl;
  explicit ZipArchive(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace headroom::document
