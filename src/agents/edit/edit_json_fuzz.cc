#include "agents/edit/edit_check_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  headroom::agents::check_edit(headroom::agents::Format::kJson, data, size);
  return 0;
}
