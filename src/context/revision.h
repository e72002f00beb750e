#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/lru_cache.h"
#include "base/result.h"
#include "context/decision_cache.h"
#include "context/history.h"
#include "store/decision_store.h"

namespace headroom::context {

/// What one request decided about blocks that were decided before, or about the request as a whole. It holds for every
/// request that continues that one: whose history has `place` at block `at`. For one that goes back to before that
/// block, what was decided about the blocks that are still there holds on: so they were sent last.
struct Revision {
  std::size_t at = 0;
  base::Hash128 place;
  std::string why;
  std::vector<std::pair<base::Hash128, std::shared_ptr<const Decision>>> decisions;  ///< by the block's place
  /// Another text for a block, whatever was decided for it: index and text, and the originals that its markers name.
  struct Text {
    std::uint32_t block = 0;
    std::string text;
    std::vector<std::string> ids;
  };
  std::vector<Text> texts;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> removed;  ///< blocks of messages that are left out, half open
  std::size_t window_at = 0;  ///< the last block that `texts` and `removed` are about
  base::Hash128 window_place;
  std::string tell;                   ///< text that was put behind the block at `at`; empty: none
  std::vector<std::string> tell_ids;  ///< originals that it quotes
  std::string pin;  ///< what the system prompt and the tools are held at from here on, or the name under which that is
                    ///< stored; empty: as before

  bool empty() const { return decisions.empty() && texts.empty() && removed.empty() && tell.empty() && pin.empty(); }
};

std::string write_revision(const Revision& revision);
/// kParse for what write_revision() has not written.
base::Result<Revision> read_revision(std::string_view text);

/// read_revision() that knows texts it has read lately: a conversation's revisions are read with each of its requests.
/// Bounded; thread-safe.
class RevisionReader {
 public:
  explicit RevisionReader(std::size_t max_bytes) : cache_(max_bytes) {}
  base::Result<Revision> read(std::string_view text);

 private:
  base::LruCache<std::shared_ptr<const Revision>> cache_;
};

/// What is known of a conversation.
struct KnownRevisions {
  std::vector<Revision> revisions;  ///< in the order of time, each with what of it holds for the history
  std::string last_pin;             ///< the newest pin of all, those of other branches included
  bool last_pin_holds = false;      ///< it is of one of `revisions`
};

/// The revisions of the conversation. Where the client has put more or fewer system messages before them since, their
/// blocks are counted anew.
base::Result<KnownRevisions> load_revisions(store::DecisionStore& store, const History& history,
                                            RevisionReader& reader);

struct KeptRevision {
  Revision revision;  ///< the one that counts
  bool ours = true;   ///< it is the one that was given
};

/// Keeps the revision, unless another process was faster for the same request. `nth`: how many revisions are known that
/// were made at the same block, by the same request sent before.
base::Result<KeptRevision> keep_revision(store::DecisionStore& store, const History& history, Revision revision,
                                         std::size_t nth);

}  // namespace headroom::context
