#pragma once

#include <string_view>

#include "base/sha256.h"
#include "proxy/body_framer.h"

namespace headroom::proxy {

/// Takes the digest of a payload and passes it on. Either may be nullptr.
class AuditSink final : public PayloadSink {
 public:
  AuditSink(base::Sha256* digest, PayloadSink* next) : digest_(digest), next_(next) {}
  void on_payload(std::string_view bytes) override {
    if (digest_ != nullptr) digest_->add(bytes);
    if (next_ != nullptr) next_->on_payload(bytes);
  }

 private:
  base::Sha256* digest_;
  PayloadSink* next_;
};

}  // namespace headroom::proxy
