#include "proxy/sse_events.h"

#include <algorithm>
#include <utility>

namespace headroom::proxy {

void SseSplitter::add_line(std::string_view event, std::string_view line) {
  static constexpr std::string_view kData = "data:";
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (!line.starts_with(kData)) return;
  line.remove_prefix(kData.size());
  if (line.starts_with(' ')) line.remove_prefix(1);
  if (data_lines_++ == 0) {
    data_at_ = static_cast<std::size_t>(line.data() - event.data());
    data_size_ = line.size();
    return;
  }
  if (data_lines_ == 2) joined_ = event.substr(data_at_, data_size_);
  joined_ += '\n';
  joined_ += line;
}

std::string SseSplitter::take_rest() {
  scanned_ = 0;
  data_lines_ = 0;
  return std::exchange(pending_, {});
}

std::string sse_event(std::string_view name, std::string_view json) {
  std::string event;
  if (!name.empty()) event.append("event: ").append(name).append("\n");
  event += "data: ";
  const std::size_t begin = event.size();
  event += json;
  // Between values, where it means the same.
  std::replace_if(
      event.begin() + static_cast<std::ptrdiff_t>(begin), event.end(), [](char c) { return c == '\n' || c == '\r'; },
      ' ');
  event += "\n\n";
  return event;
}

}  // namespace headroom::proxy
