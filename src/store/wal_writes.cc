#include "store/wal_writes.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>

#include <sqlite3.h>

namespace headroom::store {
namespace {

constexpr sqlite3_int64 kRoom = 64 * 1024;
// https://www.sqlite.org/walformat.html, section 1: each page stands behind a header of its frame, whose second number
// is not 0 where the frame is the last of a transaction.
constexpr int kFrameHeader = 24, kCommitField = 4, kCommitFieldBytes = 4;

/// A WAL, as SQLite sees it.
struct Wal {
  sqlite3_file file;  // first: SQLite has a pointer to it
  sqlite3_file* real = nullptr;
  sqlite3_int64 end = -1;            // of what was written last
  std::unique_ptr<char[]> waiting;   // kRoom bytes; the end of what was written, not with the operating system yet
  sqlite3_int64 size = 0;            // of that
  bool last_of_transaction = false;  // the frame whose header came last
};

Wal& wal_of(sqlite3_file* file) {
  return *reinterpret_cast<Wal*>(file);
}

int write_waiting(Wal& wal) {
  if (wal.size == 0) return SQLITE_OK;
  const auto count = static_cast<int>(wal.size);
  wal.size = 0;  // a failure fails the transaction, whose frames then count for nothing
  return wal.real->pMethods->xWrite(wal.real, wal.waiting.get(), count, wal.end - count);
}

bool ends_transaction(const char* header) {
  static constexpr char kGoesOn[kCommitFieldBytes] = {};
  return std::memcmp(header + kCommitField, kGoesOn, kCommitFieldBytes) != 0;
}

// Only what goes on behind the last write waits: not a header that SQLite writes again, with nothing behind it.
int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  Wal& wal = wal_of(file);
  const bool goes_on = offset == wal.end;
  if (!goes_on || wal.size + count > kRoom) {
    if (const int code = write_waiting(wal); code != SQLITE_OK) return code;
  }
  wal.end = offset + count;
  const bool is_header = count == kFrameHeader;
  if (is_header) wal.last_of_transaction = ends_transaction(static_cast<const char*>(bytes));
  if (!goes_on || wal.waiting == nullptr || count > kRoom) {
    return wal.real->pMethods->xWrite(wal.real, bytes, count, offset);
  }
  std::memcpy(wal.waiting.get() + wal.size, bytes, static_cast<std::size_t>(count));
  wal.size += count;
  return !is_header && wal.last_of_transaction ? write_waiting(wal) : SQLITE_OK;
}

// All else finds in the file what was written.

int read(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
  Wal& wal = wal_of(file);
  if (const int code = write_waiting(wal); code != SQLITE_OK) return code;
  return wal.real->pMethods->xRead(wal.real, bytes, count, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  Wal& wal = wal_of(file);
  if (const int code = write_waiting(wal); code != SQLITE_OK) return code;
  return wal.real->pMethods->xTruncate(wal.real, size);
}

int sync(sqlite3_file* file, int flags) {
  Wal& wal = wal_of(file);
  if (const int code = write_waiting(wal); code != SQLITE_OK) return code;
  return wal.real->pMethods->xSync(wal.real, flags);
}

int size(sqlite3_file* file, sqlite3_int64* size) {
  Wal& wal = wal_of(file);
  if (const int code = write_waiting(wal); code != SQLITE_OK) return code;
  return wal.real->pMethods->xFileSize(wal.real, size);
}

int close(sqlite3_file* file) {
  Wal& wal = wal_of(file);
  const int written = write_waiting(wal);
  const int closed = wal.real->pMethods->xClose(wal.real);
  wal.~Wal();
  return written != SQLITE_OK ? written : closed;
}

int lock(sqlite3_file* file, int level) {
  return wal_of(file).real->pMethods->xLock(wal_of(file).real, level);
}

int unlock(sqlite3_file* file, int level) {
  return wal_of(file).real->pMethods->xUnlock(wal_of(file).real, level);
}

int is_reserved(sqlite3_file* file, int* reserved) {
  return wal_of(file).real->pMethods->xCheckReservedLock(wal_of(file).real, reserved);
}

int control(sqlite3_file* file, int what, void* argument) {
  return wal_of(file).real->pMethods->xFileControl(wal_of(file).real, what, argument);
}

int sector_size(sqlite3_file* file) {
  return wal_of(file).real->pMethods->xSectorSize(wal_of(file).real);
}

int characteristics(sqlite3_file* file) {
  return wal_of(file).real->pMethods->xDeviceCharacteristics(wal_of(file).real);
}

constexpr sqlite3_io_methods kMethods = {
    .iVersion = 1,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = is_reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

/// SQLite's own VFS, and a copy of it that opens WALs otherwise. Registered once, and never gone.
struct Vfs {
  sqlite3_vfs* own = nullptr;
  sqlite3_vfs few_writes = {};

  Vfs() {
    own = sqlite3_vfs_find(nullptr);
    if (own == nullptr) return;
    few_writes = *own;
    few_writes.pNext = nullptr;
    few_writes.zName = "headroom";
    few_writes.szOsFile = static_cast<int>(sizeof(Wal)) + own->szOsFile;
    few_writes.xOpen = open;
    if (sqlite3_vfs_register(&few_writes, 0) != SQLITE_OK) own = nullptr;
  }

  static Vfs& get() {
    static Vfs vfs;
    return vfs;
  }

  static int open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    sqlite3_vfs* const own = get().own;
    if ((flags & SQLITE_OPEN_WAL) == 0) return own->xOpen(own, path, file, flags, out_flags);
    Wal* const wal = ::new (static_cast<void*>(file)) Wal{};
    wal->real = reinterpret_cast<sqlite3_file*>(wal + 1);
    std::memset(static_cast<void*>(wal->real), 0, static_cast<std::size_t>(own->szOsFile));
    const int code = own->xOpen(own, path, wal->real, flags, out_flags);
    if (code != SQLITE_OK) {
      wal->~Wal();
      file->pMethods = nullptr;
      return code;
    }
    wal->waiting.reset(new (std::nothrow) char[kRoom]);
    wal->file.pMethods = &kMethods;
    return SQLITE_OK;
  }
};

}  // namespace

const char* vfs_with_few_wal_writes() {
  return Vfs::get().own != nullptr ? Vfs::get().few_writes.zName : nullptr;
}

}  // namespace headroom::store
