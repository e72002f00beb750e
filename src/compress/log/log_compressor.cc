#include "compress/log/log_compressor.h"

namespace headroom::compress {

std::optional<Output> LogCompressor::compress(const Input&) const { return std::nullopt; }

}  // namespace headroom::compress
