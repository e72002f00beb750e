#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/cipher.h"

namespace headroom::store {

/// Something decided at a place of a conversation. Keys are bytes, made by hashing; values are opaque.
struct DecisionRow {
  std::string place;
  std::string value;
};

/// When a conversation was last seen, before now. A store may note uses late, so that not each request is a write: then
/// `idle_ms` is too small, by at most kLateNoteMs, and `requests` may miss some that another process has had.
struct ConversationUse {
  static constexpr std::int64_t kLateNoteMs = 10'000;
  std::int64_t idle_ms = -1;  ///< since its last request, by whichever process; -1: this is the first
  std::int64_t requests = 1;  ///< this one included
  /// Answers that read nothing from the provider's cache though they could have; -1: one has shown that it is used.
  std::int64_t unused_cache = 0;
};

/// How much is kept. Conversations that nobody has sent for the longest go first, each with all that was decided in it.
struct DecisionRetention {
  std::int64_t idle_ttl_ms = 14LL * 24 * 3600 * 1000;
  std::int64_t max_conversations = 20'000;
};

/// Decisions that outlive a process and are shared by those that share the store. What is there is never replaced: of
/// two that decide at once, the first counts, and both learn what it is. Thread-safe. Errors: kUnavailable, kIo.
class DecisionStore {
 public:
  virtual ~DecisionStore() = default;

  /// A request of the conversation has come, of the project that it names. A conversation is of the project that it
  /// began in; keys of different projects must differ.
  virtual base::Result<ConversationUse> use(std::string_view conversation, std::string_view project) = 0;
  base::Result<ConversationUse> use(std::string_view conversation) { return use(conversation, {}); }
  /// What use() would say now; nothing is noted.
  virtual base::Result<ConversationUse> last_use(std::string_view conversation) = 0;

  /// An answer has shown whether the provider's cache is used for the conversation. Noted as late as uses are.
  virtual base::Result<void> note_cache(std::string_view conversation, bool used) = 0;

  /// Writes now what is noted late.
  virtual base::Result<void> flush() { return {}; }

  /// The values at the places, in their order; empty where there is none.
  virtual base::Result<std::vector<std::string>> find(std::string_view conversation,
                                                      std::span<const std::string> places) = 0;
  /// Adds the rows and gives nothing. Where one of their places has another value already, none is added: later rows
  /// may depend on earlier ones. Then the values that are there are given, in the order of the rows, empty where there
  /// is none. What was added survives a kill of the process once it returns.
  virtual base::Result<std::vector<std::string>> put(std::string_view conversation,
                                                     std::span<const DecisionRow> rows) = 0;

  /// As put() of one row for who need not know what was there, noted as late as uses are: a kill may lose it.
  virtual base::Result<void> put_late(std::string_view conversation, const DecisionRow& row) {
    if (auto done = put(conversation, std::span(&row, 1)); !done) return std::unexpected(std::move(done.error()));
    return {};
  }

  /// What was decided about things before a place, in the order of time.
  virtual base::Result<std::vector<DecisionRow>> revisions(std::string_view conversation) = 0;
  /// Adds one, and gives the value that counts: an earlier one of the same place, if there is one.
  virtual base::Result<std::string> add_revision(std::string_view conversation, const DecisionRow& row) = 0;

  /// Deletes what DecisionRetention says; gives the number of conversations deleted.
  virtual base::Result<std::int64_t> sweep() = 0;
};

/// Lives as long as the object. Bounded by the retention at each use.
std::unique_ptr<DecisionStore> make_memory_decisions(DecisionRetention retention, const base::Clock& clock);

/// SQLite in WAL mode at `path`, which may be the file of the originals. `clock` must outlive it.
base::Result<std::unique_ptr<DecisionStore>> open_sqlite_decisions(const std::string& path, DecisionRetention retention,
                                                                   const base::Clock& clock, Sealing sealing = {});

}  // namespace headroom::store
