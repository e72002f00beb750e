#include "compress/html/answer_head.h"

namespace headroom::compress::html {

std::size_t head_length(std::string_view text) {
  std::size_t at = 0;
  while (text.substr(at).starts_with("HTTP/")) {  // one head for each redirect
    const std::size_t crlf = text.find("\r\n\r\n", at);
    const std::size_t lf = text.find("\n\n", at);
    if (crlf == std::string_view::npos && lf == std::string_view::npos) return 0;
    at = crlf < lf ? crlf + 4 : lf + 2;
  }
  return at;
}

}  // namespace headroom::compress::html
