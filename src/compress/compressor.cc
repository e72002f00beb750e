#include "compress/compressor.h"

namespace headroom::compress {

std::string Query::joined() const {
  std::string all;
  for (const std::string* part : {&user, &intent, &tool_name, &tool_arguments}) {
    if (part->empty()) continue;
    if (!all.empty()) all += '\n';
    all += *part;
  }
  return all;
}

}  // namespace headroom::compress
