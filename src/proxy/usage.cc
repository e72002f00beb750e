#include "proxy/usage.h"

#include <algorithm>

#include "base/base64.h"
#include "base/json_document.h"

namespace headroom::proxy {
namespace {

// A JSON answer larger than this is not kept; an event line neither.
constexpr std::size_t kMaxJson = 4 << 20;
constexpr std::size_t kMaxLine = 256 * 1024;
// No stream that a model writes is larger; of one that is encoded no more is decoded.
constexpr std::size_t kMaxDecoded = std::size_t{64} << 20;

}  // namespace

UsageObserver::UsageObserver(wire::Api api, const ResponseHead& head) : reader_(api) {
  if (head.status != 200) return;
  const auto codings = codings_of(head.fields);
  if (!codings) return;
  std::string_view type = head.fields.get("content-type");
  type = type.substr(0, type.find(';'));
  if (equals_ci(type, "text/event-stream")) mode_ = Mode::kEvents;
  if (equals_ci(type, "application/json")) mode_ = Mode::kJson;
  if (equals_ci(type, "application/vnd.amazon.eventstream")) mode_ = Mode::kFrames;
  if (codings->empty() || mode_ == Mode::kOff) return;
  decoder_ = std::make_unique<ContentDecoder>(*codings, mode_ == Mode::kJson ? kMaxJson : kMaxDecoded);
}

class UsageObserver::Reader final : public PayloadSink {
 public:
  explicit Reader(UsageObserver& usage) : usage_(usage) {}
  void on_payload(std::string_view text) override { usage_.read(text); }

 private:
  UsageObserver& usage_;
};

void UsageObserver::on_payload(std::string_view bytes) {
  if (decoder_ == nullptr) return read(bytes);
  if (mode_ == Mode::kOff) return;
  Reader reader(*this);
  if (decoder_->feed(bytes, reader)) return;
  mode_ = Mode::kOff;
  reader_.forget();
}

void UsageObserver::read(std::string_view bytes) {
  if (mode_ == Mode::kJson) {
    overlong_ = overlong_ || pending_.size() + bytes.size() > kMaxJson;
    if (!overlong_) pending_ += bytes;
    return;
  }
  if (mode_ == Mode::kFrames && !frames_.feed(bytes, [this](const aws::StreamMessage& frame) { take_frame(frame); })) {
    mode_ = Mode::kOff;
  }
  while (mode_ == Mode::kEvents && !bytes.empty()) {
    const std::size_t feed = bytes.find('\n');
    const std::string_view part = bytes.substr(0, feed);
    if (feed == std::string_view::npos || !pending_.empty()) {
      overlong_ = overlong_ || pending_.size() + part.size() > kMaxLine;
      if (!overlong_) pending_ += part;
    }
    if (feed == std::string_view::npos) return;
    if (!overlong_) reader_.take_line(pending_.empty() ? part : std::string_view(pending_));
    pending_.clear();
    overlong_ = false;
    bytes.remove_prefix(feed + 1);
  }
}

Usage UsageObserver::finish() {
  if (mode_ == Mode::kJson && !overlong_ && !pending_.empty()) reader_.take_json(pending_);
  if (mode_ == Mode::kEvents && !overlong_ && !pending_.empty()) reader_.take_line(pending_);
  mode_ = Mode::kOff;
  return reader_.usage();
}

// Converse's events are JSON; those of invoke hold an event of the model's own provider.
void UsageObserver::take_frame(const aws::StreamMessage& frame) {
  const std::string_view type = aws::stream_header(frame, ":event-type");
  if (type == "metadata") return reader_.take_json(frame.payload);
  if (type != "chunk") return;
  const auto doc = base::JsonDocument::parse(frame.payload);
  if (!doc || doc->root().kind != base::JsonKind::kObject) return;
  const auto event = base::base64_decode(doc->string_member(doc->root(), "bytes"));
  if (event && (event->contains("\"usage\"") || event->contains(UsageReader::kMetrics))) reader_.take_json(*event);
}

}  // namespace headroom::proxy
