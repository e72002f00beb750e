#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "context/decision_cache.h"
#include "context/events.h"
#include "context/pipeline.h"

namespace headroom::context {

/// Tells the pipeline's steps of one request. Without a sink it does nothing. What it is given must outlive it.
class RequestEvents {
 public:
  RequestEvents(const PipelineOptions& options, const base::Clock& clock, std::string_view api,
                const RequestOptions& request);

  void received(const Outcome& out, std::size_t bytes, std::size_t blocks) const;
  void cached(const Outcome& out, std::size_t results, std::size_t replayed) const;
  /// One new decision; its report need not know the block and the tool.
  void routed(const Outcome& out, const Decision& made, std::size_t block, std::string_view tool) const;
  /// The totals, or that it failed.
  void compressed(const Outcome& out) const;
  void remembered(const Outcome& out, bool revision) const;

 private:
  Event event(Stage stage, const Outcome& out) const;

  EventSink* const sink_;
  const base::Clock& clock_;
  const std::string_view api_, session_;
  const std::uint64_t number_;
};

}  // namespace headroom::context
