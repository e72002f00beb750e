#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "aws/event_stream.h"
#include "proxy/body_framer.h"
#include "proxy/content_decoder.h"
#include "proxy/usage_reader.h"
#include "wire/conversation.h"

namespace headroom::proxy {

/// Reads the usage out of an answer as it passes, in content codings, too. Only looks: what it does not understand (or
/// what is larger than its bounds) leaves the usage unknown and the answer alone.
class UsageObserver final : public PayloadSink {
 public:
  /// `head` decides whether there is anything to see: a 200 in JSON or as an event stream, SSE or that of AWS, in
  /// codings that are known here, or none.
  UsageObserver(wire::Api api, const ResponseHead& head);

  bool active() const { return mode_ != Mode::kOff; }
  void on_payload(std::string_view bytes) override;
  /// After the last byte.
  Usage finish();

 private:
  enum class Mode { kOff, kJson, kEvents, kFrames };
  class Reader;
  void read(std::string_view text);
  void take_frame(const aws::StreamMessage& frame);

  UsageReader reader_;
  Mode mode_ = Mode::kOff;
  std::unique_ptr<ContentDecoder> decoder_;  // nullptr: the answer comes as it is
  aws::StreamSplitter frames_;
  std::string pending_;  // JSON so far, or an event line that is not complete
  bool overlong_ = false;
};

}  // namespace headroom::proxy
