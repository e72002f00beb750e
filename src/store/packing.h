#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct ZSTD_CCtx_s;

namespace headroom::store {

/// Texts as they stand in the file: a Zstandard frame (RFC 8878) with the text's length in it, where that is smaller,
/// else the text itself. What begins as a frame does is always one, so nothing has to be noted beside it.
std::string pack(std::string_view text);

/// The same for who packs again and again: what compressing needs is made once for each of few threads. Thread-safe.
class Packer {
 public:
  std::string pack(std::string_view text);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  using Context = std::unique_ptr<ZSTD_CCtx_s, Free>;
  Context take();
  void give_back(Context context);

  std::mutex mutex_;
  std::vector<Context> idle_;  // guarded by mutex_
};

/// What was packed. kIo where the frame is damaged, or says that its text is longer than `most` bytes.
base::Result<std::string> unpack(std::string_view stored, std::uint64_t most = std::uint64_t{1} << 30);

/// Whether it begins as a frame does.
bool is_packed(std::string_view stored);

}  // namespace headroom::store
