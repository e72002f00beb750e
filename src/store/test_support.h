#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "store/original_store.h"

namespace headroom::store::testing {

/// A folder that is there as long as the object.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "headroom-store-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = std::filesystem::canonical(pattern);
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string file(std::string_view name) const { return path_ / name; }
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Bytes that packing makes no smaller, so that they stand in the files as they are.
inline std::string noise(std::size_t size, std::uint32_t seed = 1) {
  std::string bytes;
  for (std::uint32_t x = seed * 2654435761u; bytes.size() < size; x = x * 1664525u + 1013904223u) {
    bytes += static_cast<char>(x >> 24);
  }
  return bytes;
}

inline Original make_original(std::string content) {
  Original original;
  original.id = base::content_id(content);
  original.content = std::move(content);
  original.content_type = "json";
  original.tool_name = "Read";
  original.tokens = static_cast<std::int64_t>(original.content.size() / 4);
  return original;
}

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

/// Permission bits, or 0 if there is no such file.
inline unsigned mode_of(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

/// Runs SQL on a file beside the store, as another program would.
inline void run_sql(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, &error), SQLITE_OK) << (error ? error : "");
  sqlite3_free(error);
  sqlite3_close(database);
}

}  // namespace headroom::store::testing
