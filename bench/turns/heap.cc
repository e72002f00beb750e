#include "heap.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include <malloc.h>

// The C library's own functions, behind those that this program has in their place.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

namespace {

std::atomic<bool> watching = false;
std::atomic<std::int64_t> in_use = 0;
std::atomic<std::int64_t> most = 0;

void* taken(void* memory) {
  if (memory == nullptr || !watching.load(std::memory_order_relaxed)) return memory;
  const auto size = static_cast<std::int64_t>(malloc_usable_size(memory));
  const std::int64_t now = in_use.fetch_add(size, std::memory_order_relaxed) + size;
  std::int64_t before = most.load(std::memory_order_relaxed);
  while (now > before && !most.compare_exchange_weak(before, now, std::memory_order_relaxed)) {
  }
  return memory;
}

void given_back(void* memory) {
  if (memory == nullptr || !watching.load(std::memory_order_relaxed)) return;
  in_use.fetch_sub(static_cast<std::int64_t>(malloc_usable_size(memory)), std::memory_order_relaxed);
}

}  // namespace

extern "C" {
void* malloc(std::size_t size) {
  return taken(__libc_malloc(size));
}
void* calloc(std::size_t count, std::size_t size) {
  return taken(__libc_calloc(count, size));
}
void* realloc(void* memory, std::size_t size) {
  given_back(memory);
  void* moved = __libc_realloc(memory, size);
  if (moved == nullptr && size > 0) return taken(memory), nullptr;
  return taken(moved);
}
void* memalign(std::size_t alignment, std::size_t size) {
  return taken(__libc_memalign(alignment, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return taken(__libc_memalign(alignment, size));
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  *memory = taken(__libc_memalign(alignment, size));
  return *memory == nullptr ? ENOMEM : 0;
}
void free(void* memory) {
  given_back(memory);
  __libc_free(memory);
}
}

namespace headroom::bench {

HeapWatch::HeapWatch() {
  in_use = most = 0;
  watching = true;
}

HeapWatch::~HeapWatch() {
  watching = false;
}

std::int64_t HeapWatch::peak() const {
  return most;
}

std::int64_t HeapWatch::now() const {
  return in_use;
}

namespace {

/// "VmRSS:" or "VmHWM:" of this process, in bytes.
std::int64_t status(std::string_view name) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(name)) return std::atoll(line.c_str() + name.size()) * 1024;
  }
  return 0;
}

}  // namespace

ResidentWatch::ResidentWatch() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak begins anew
  before_ = status("VmRSS:");
}

std::int64_t ResidentWatch::peak() const {
  return status("VmHWM:") - before_;
}

}  // namespace headroom::bench
