#include "context/superseded.h"

#include <string>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "compress/marker.h"
#include "context/reread.h"

namespace headroom::context {
namespace {

/// What a marker must save to be worth the trouble.
constexpr std::size_t kFewestSaved = 100;

/// About what a marker costs. It is made only when it is sent, as that takes a hash of all that it stands for.
constexpr std::size_t kMarkerTokens = 50;

/// A call, by its tool and what it was given. Views into the conversation.
struct Call {
  std::string_view tool, arguments;
  bool operator==(const Call&) const = default;
};

struct CallHash {
  std::size_t operator()(const Call& call) const {
    return static_cast<std::size_t>(base::hash64(call.tool) * 31 + base::hash64(call.arguments));
  }
};

Call call_of(const wire::Block& block) {
  return {block.tool_name, block.tool_arguments};
}

}  // namespace

std::shared_ptr<const Decision> superseded_marker(const wire::Block& block, std::size_t index, const Decision& sent,
                                                  const tokens::Tokenizer& tokenizer) {
  Decision decision;
  const std::string id = base::content_id(block.text);
  const std::size_t lines = base::count_lines(block.text);
  decision.replaced = true;
  decision.text = compress::handle_marker(id, fmt::format("{}: {} lines; the same call was made again below",
                                                          call_label(block.tool_name, block.tool_arguments), lines));
  decision.originals.push_back({id, 0, block.text.size(), sent.report.detection.type, sent.report.tokens_before});
  BlockReport& report = decision.report;
  report.block = index;
  report.tool_name = block.tool_name;
  report.detection = sent.report.detection;
  report.strategy = kSupersededStrategy;
  report.tokens_before = sent.report.tokens_before;
  report.tokens_after = tokenizer.count(decision.text);
  report.records_before = lines;
  report.ids.push_back(id);
  report.removed.push_back(fmt::format("1-{}: a later result of the same call stands below", lines));
  return keep(std::move(decision));
}

std::vector<Superseded> find_superseded(const wire::Conversation& conversation, std::size_t newest,
                                        std::span<const Sent> sent) {
  std::unordered_map<Call, std::size_t, CallHash> last;  // block of the latest result of each call
  last.reserve(sent.size());
  for (std::size_t i = 0; i <= newest && i < conversation.blocks.size(); ++i) {
    const wire::Block& block = conversation.blocks[i];
    if (block.kind == wire::BlockKind::kToolResult && !block.tool_arguments.empty()) last[call_of(block)] = i;
  }
  std::unordered_set<std::size_t> pointed_at;
  for (const Sent& result : sent) {
    for (const std::uint32_t block : result.decision->refers_to) pointed_at.insert(block);
  }
  std::vector<Superseded> found;
  for (const Sent& result : sent) {
    const wire::Block& block = conversation.blocks[result.block];
    const auto latest = last.find(call_of(block));
    if (latest == last.end() || latest->second <= result.block || pointed_at.contains(result.block)) continue;
    if (conversation.blocks[latest->second].message == block.message) continue;  // parts of one result
    if (block.is_error || conversation.blocks[latest->second].is_error ||
        result.decision->report.strategy == kSupersededStrategy)
      continue;
    const std::size_t now = result.decision->report.tokens_after;
    if (kMarkerTokens + kFewestSaved > now) continue;
    found.push_back({result.block, latest->second, now - kMarkerTokens});
  }
  return found;
}

}  // namespace headroom::context
