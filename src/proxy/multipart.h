#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/splice.h"

namespace headroom::proxy {

/// A field of a form, as multipart/form-data holds it.
struct FormPart {
  std::string name;
  bool is_file = false;  ///< it has a filename
  bool encoded = false;  ///< its content is not as it is (Content-Transfer-Encoding)
  base::Span content;    ///< of the body
};

/// The fields of a form (RFC 7578), in their order. Nothing where the content type is another one, or the body is not
/// what two readers would read alike: no end, a header that is none, a name that is missing or said twice.
std::optional<std::vector<FormPart>> read_form(std::string_view content_type, std::string_view body);

}  // namespace headroom::proxy
