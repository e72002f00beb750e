#include "proxy/sse_events.h"

#include <utility>

namespace headroom::proxy {

void SseSplitter::add_line(std::string_view line) {
  static constexpr std::string_view kData = "data:";
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (!line.starts_with(kData)) return;
  line.remove_prefix(kData.size());
  if (line.starts_with(' ')) line.remove_prefix(1);
  if (has_data_) data_ += '\n';
  data_ += line;
  has_data_ = true;
}

std::string SseSplitter::take_rest() {
  scanned_ = 0;
  data_.clear();
  has_data_ = false;
  return std::exchange(pending_, {});
}

std::string sse_event(std::string_view name, std::string_view json) {
  std::string event;
  if (!name.empty()) event.append("event: ").append(name).append("\n");
  event += "data: ";
  for (const char c : json) event += c == '\n' || c == '\r' ? ' ' : c;  // between values, where it means the same
  event += "\n\n";
  return event;
}

}  // namespace headroom::proxy
