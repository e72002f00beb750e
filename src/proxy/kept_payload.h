#pragma once

#include <string>
#include <string_view>

#include "proxy/body_framer.h"

namespace headroom::proxy {

/// Keeps all of a payload: for what is known to be small, or bounded by who gives it.
class KeptPayload final : public PayloadSink {
 public:
  void on_payload(std::string_view bytes) override { text += bytes; }
  std::string text;
};

}  // namespace headroom::proxy
