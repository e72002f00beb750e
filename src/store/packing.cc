#include "store/packing.h"

#include <algorithm>
#include <utility>

#include <zstd.h>

namespace headroom::store {
namespace {

constexpr std::string_view kMagic = "\x28\xB5\x2F\xFD";
constexpr std::size_t kWorthIt = 256;  // bytes
// Higher levels need more memory and time for a few per cent.
constexpr int kLevel = 1;
// What is kept for the next text is some 200 KB for each, more behind larger texts.
constexpr std::size_t kMostIdle = 2, kLargestKept = 256 * 1024;
// Of a frame: a block has at most kMostOfBlock bytes of text, and takes kLeastOfBlock of its own, all of them the same.
constexpr std::size_t kMostOfBlock = 128 * 1024, kLeastOfBlock = 4;

}  // namespace

bool is_packed(std::string_view stored) {
  return stored.starts_with(kMagic);
}

std::string pack(std::string_view text) {
  return Packer().pack(text);
}

std::string Packer::pack(std::string_view text) {
  const bool must = is_packed(text);
  if (text.size() < kWorthIt && !must) return std::string(text);
  Context context = take();
  if (context == nullptr) return std::string(text);
  std::size_t size = 0;
  std::string frame;
  frame.resize_and_overwrite(ZSTD_compressBound(text.size()), [&](char* to, std::size_t room) {
    size = ZSTD_compressCCtx(context.get(), to, room, text.data(), text.size(), kLevel);
    return ZSTD_isError(size) != 0 ? 0 : size;
  });
  if (text.size() <= kLargestKept) give_back(std::move(context));
  // It fails for want of memory only.
  if (ZSTD_isError(size) != 0 || (size >= text.size() && !must)) return std::string(text);
  return frame;
}

void Packer::Free::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}

Packer::Context Packer::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return Context(ZSTD_createCCtx());
  Context context = std::move(idle_.back());
  idle_.pop_back();
  return context;
}

void Packer::give_back(Context context) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(context));
}

base::Result<std::string> unpack(std::string_view stored, std::uint64_t most) {
  if (!is_packed(stored)) return std::string(stored);
  const auto damaged = [] { return base::fail(base::ErrorCode::kIo, "its bytes are damaged"); };
  const unsigned long long length = ZSTD_getFrameContentSize(stored.data(), stored.size());
  // What is damaged in its length is not to take memory that the text cannot need.
  const std::uint64_t possible = std::min<std::uint64_t>(most, stored.size() / kLeastOfBlock * kMostOfBlock);
  if (length == ZSTD_CONTENTSIZE_UNKNOWN || length == ZSTD_CONTENTSIZE_ERROR || length > possible) return damaged();
  std::string text(static_cast<std::size_t>(length), '\0');
  const std::size_t size = ZSTD_decompress(text.data(), text.size(), stored.data(), stored.size());
  if (ZSTD_isError(size) != 0 || size != text.size()) return damaged();
  return text;
}

}  // namespace headroom::store
