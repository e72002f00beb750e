#include "context/events.h"

namespace headroom::context {

std::string_view stage_name(Stage stage) {
  switch (stage) {
    case Stage::kSetup:
      return "setup";
    case Stage::kPreStart:
      return "pre_start";
    case Stage::kPostStart:
      return "post_start";
    case Stage::kInputReceived:
      return "input_received";
    case Stage::kInputCached:
      return "input_cached";
    case Stage::kInputRouted:
      return "input_routed";
    case Stage::kInputCompressed:
      return "input_compressed";
    case Stage::kInputRemembered:
      return "input_remembered";
    case Stage::kPreSend:
      return "pre_send";
    case Stage::kPostSend:
      return "post_send";
    case Stage::kResponseReceived:
      return "response_received";
  }
  return {};
}

void CallbackSink::on_event(const Event& event) noexcept {
  try {
    callback_(event);
  } catch (...) {  // whatever it is, it is the listener's
    failures_.fetch_add(1, std::memory_order_relaxed);
  }
}

}  // namespace headroom::context
