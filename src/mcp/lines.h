#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::mcp {

/// Writes all of the line and its end; false when nobody reads any more.
bool write_line(int out, std::string line);

/// Lines of a descriptor, of any length, one after another.
class LineReader {
 public:
  explicit LineReader(int in) : in_(in) {}
  /// next() has one without reading.
  bool has_line() const { return ended_ || buffer_.find('\n') != std::string::npos; }
  /// Without its end; nullopt at the end of the input. A last line may lack its end.
  std::optional<std::string> next();

 private:
  int in_;
  std::string buffer_;
  std::size_t searched_ = 0;
  bool ended_ = false;
};

}  // namespace headroom::mcp
