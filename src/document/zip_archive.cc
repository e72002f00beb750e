#include "document/zip_archive.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <minizip/unzip.h>

namespace headroom::document {
namespace {

/// What minizip reads from instead of a file.
struct Memory {
  std::string_view bytes;
  std::size_t at = 0;
};

Memory* memory_of(voidpf stream) {
  return static_cast<Memory*>(stream);
}

voidpf open_memory(voidpf opaque, const void* /*name*/, int /*mode*/) {
  return opaque;
}

uLong read_memory(voidpf /*opaque*/, voidpf stream, void* out, uLong size) {
  Memory* memory = memory_of(stream);
  const std::size_t count = std::min<std::size_t>(size, memory->bytes.size() - memory->at);
  std::memcpy(out, memory->bytes.data() + memory->at, count);
  memory->at += count;
  return count;
}

uLong write_memory(voidpf /*opaque*/, voidpf /*stream*/, const void* /*from*/, uLong /*size*/) {
  return 0;
}

ZPOS64_T tell_memory(voidpf /*opaque*/, voidpf stream) {
  return memory_of(stream)->at;
}

long seek_memory(voidpf /*opaque*/, voidpf stream, ZPOS64_T offset, int origin) {
  Memory* memory = memory_of(stream);
  const std::size_t from = origin == ZLIB_FILEFUNC_SEEK_SET   ? 0
                           : origin == ZLIB_FILEFUNC_SEEK_CUR ? memory->at
                                                              : memory->bytes.size();
  if (offset > memory->bytes.size() - from) return -1;
  memory->at = from + offset;
  return 0;
}

int close_memory(voidpf /*opaque*/, voidpf /*stream*/) {
  return 0;
}

}  // namespace

struct ZipArchive::Impl {
  Memory memory;
  unzFile file = nullptr;
  std::size_t read = 0;  ///< bytes unpacked so far
  ~Impl() {
    if (file != nullptr) unzClose(file);
  }
};

ZipArchive::ZipArchive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;
ZipArchive::~ZipArchive() = default;

base::Result<ZipArchive> ZipArchive::open(std::string_view bytes) {
  auto impl = std::make_unique<Impl>();
  impl->memory.bytes = bytes;
  zlib_filefunc64_def functions{};
  functions.zopen64_file = open_memory;
  functions.zread_file = read_memory;
  functions.zwrite_file = write_memory;
  functions.ztell64_file = tell_memory;
  functions.zseek64_file = seek_memory;
  functions.zclose_file = close_memory;
  functions.zerror_file = close_memory;
  functions.opaque = &impl->memory;
  impl->file = unzOpen2_64("", &functions);
  if (impl->file == nullptr)
    return base::fail(base::ErrorCode::kParse, "the zip archive is damaged: its list of files cannot be read");
  return ZipArchive(std::move(impl));
}

bool ZipArchive::has(const std::string& name) const {
  return unzLocateFile(impl_->file, name.c_str(), 1) == UNZ_OK;
}

base::Result<std::string> ZipArchive::read(const std::string& name) {
  if (!has(name)) return base::fail(base::ErrorCode::kNotFound, fmt::format("the archive has no {}", name));
  const auto damaged = [&] {
    return base::fail(base::ErrorCode::kParse, fmt::format("{} in the archive is damaged", name));
  };
  unz_file_info64 info{};
  if (unzGetCurrentFileInfo64(impl_->file, &info, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK) return damaged();
  if ((info.flag & 1) != 0) return base::fail(base::ErrorCode::kInvalidArgument, "the file is encrypted");
  if (unzOpenCurrentFile(impl_->file) != UNZ_OK) return damaged();
  std::string out;
  int count = 0;
  do {
    // What the archive says about its sizes is not to be believed.
    constexpr std::size_t kStep = std::size_t{256} << 10;
    const std::size_t before = out.size();
    if (before > kMaxFileBytes || impl_->read + before > 4 * kMaxFileBytes) {
      unzCloseCurrentFile(impl_->file);
      return base::fail(base::ErrorCode::kTooLarge,
                        fmt::format("{} unpacks to more than {} MiB", name, kMaxFileBytes >> 20));
    }
    out.resize(before + kStep);
    count = unzReadCurrentFile(impl_->file, out.data() + before, kStep);
    out.resize(before + static_cast<std::size_t>(std::max(count, 0)));
  } while (count > 0);
  impl_->read += out.size();
  if (unzCloseCurrentFile(impl_->file) != UNZ_OK || count < 0) return damaged();
  return out;
}

}  // namespace headroom::document
