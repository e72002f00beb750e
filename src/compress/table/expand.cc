#include "compress/table/expand.h"

#include "compress/table/factoring.h"
#include "compress/table/padding.h"

namespace headroom::compress::table {

bool is_rewritten(std::string_view text) {
  return text.starts_with("[left out of each row") || text.starts_with("[padding left out; ");
}

base::Result<std::string> expand(std::string_view text) {
  return text.starts_with("[left") ? put_columns_back(text) : put_padding_back(text);
}

}  // namespace headroom::compress::table
