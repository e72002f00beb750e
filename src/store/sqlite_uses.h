#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/decision_store.h"
#include "store/key_set.h"
#include "store/sqlite_file.h"

namespace headroom::store {

/// Adds what was decided at a place, unless something was: key of the conversation, place, value, all blobs.
inline constexpr const char* kPutDecision =
    "INSERT OR IGNORE INTO decisions(conversation, place, value) VALUES(?1, ?2, ?3)";

/// When conversations were used: in memory first, soon after in their rows. So most requests write nothing, and many
/// new conversations share one transaction. And what is surely not in the file, so that new conversations are not
/// looked for there: known as long as nobody else commits to it (Connection::commits_of_others). Not thread-safe: the
/// mutex of the file is held in each call.
class SqliteUses {
 public:
  static base::Result<SqliteUses> prepare(std::shared_ptr<SqliteFile> file);

  /// As of DecisionStore.
  base::Result<ConversationUse> use(std::string_view conversation, std::string_view project, std::int64_t now_ms);
  base::Result<ConversationUse> last_use(std::string_view conversation, std::int64_t now_ms);
  base::Result<void> note_cache(std::string_view conversation, bool used);

  /// In a transaction of the caller's that adds something to be dropped with the conversation: its row must be there.
  /// Where that is lacking it is written; wrote_row() once that is committed.
  base::Result<void> write_row(std::string_view conversation, std::int64_t now_ms);
  void wrote_row(std::string_view conversation);
  /// A decision at the place, or a revision, is committed.
  void wrote_decision(std::string_view conversation, std::string_view place);
  void wrote_revision(std::string_view conversation);
  /// The row has been deleted, with all that hung on it.
  void dropped_row(std::string_view conversation);

  /// Something of the conversation that is written with its row: `value` as it is to be stored. False where the row has
  /// all; then nothing is kept here.
  bool put_late(std::string_view conversation, std::string_view place, std::string_view value);
  /// What is known of the place without a look into the file: a value as put_late() had it, or, empty, that there is
  /// none, or was none when the conversation's row was looked for, and there was none.
  std::optional<std::string_view> find_late(std::string_view conversation, std::string_view place) const;
  /// Known without a look into the file.
  bool has_no_revision(std::string_view conversation) const;

  /// Makes all wait whose rows lack something.
  void queue_all();
  std::size_t waiting() const { return waiting_.size(); }
  /// Writes the first of those that wait, so few that no request waits long for the lock. After an error they wait on.
  base::Result<void> write_some();

 private:
  /// What this process knows of a conversation that it has seen lately.
  struct Seen {
    std::int64_t read_ms = 0;    ///< when its row was looked for
    std::int64_t since_ms = -1;  ///< the last use, by whomever, at the latest; -1: there was none
    std::int64_t used_ms = 0;    ///< the last by this process
    std::int64_t noted_ms = -1;  ///< the last that the row has; -1: there is no row
    std::int64_t requests = 0;
    std::int64_t unnoted = 0;  ///< of them, those that the row lacks
    std::int64_t unused_cache = 0;
    bool waits = false;
    std::optional<std::uint32_t> as_of;  ///< commits of others before its row was looked for
    bool whole = false;    ///< what the file has of it was all written here, if others have made no commit since
    bool revised = false;  ///< a revision was
    std::string project;
    std::vector<DecisionRow> late;  ///< written with the row; empty unless lacks_row()

    /// As ConversationUse has it.
    std::int64_t idle_ms(std::int64_t now_ms) const {
      return since_ms < 0 ? -1 : std::max<std::int64_t>(0, now_ms - since_ms);
    }
    /// It waits, or there is none.
    bool lacks_row() const { return waits || (noted_ms < 0 && unnoted > 0); }
  };
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using SeenByKey = std::unordered_map<std::string, Seen, Hash, std::equal_to<>>;

  SqliteUses(std::shared_ptr<SqliteFile> file, FileStatements statements)
      : file_(std::move(file)), connection_(&file_->connection()), statements_(std::move(statements)) {}
  /// Looked for in the file where that was not done lately.
  base::Result<Seen*> known(std::string_view conversation, std::int64_t now_ms);
  base::Result<void> read_row(std::string_view conversation, std::int64_t now_ms, Seen& seen);
  bool surely_has_no_row(std::string_view conversation, std::optional<std::uint32_t> others, std::int64_t now_ms);
  void add_row(std::string_view conversation);
  bool list_rows(std::uint32_t others, std::int64_t now_ms);
  bool all_known(const Seen& seen) const;
  /// Null: not seen lately.
  Seen* find(std::string_view conversation);
  const Seen* find(std::string_view conversation) const;
  base::Result<void> write(std::string_view conversation, const Seen& seen);
  /// Its row has all that is known here.
  void note(std::string_view conversation, Seen& seen);
  void forget_old();

  std::shared_ptr<SqliteFile> file_;
  Connection* connection_;
  FileStatements statements_;
  KeySet rows_;                              // conversations that have a row, and some that had one
  std::optional<std::uint32_t> rows_as_of_;  // commits of others before they were listed; nothing: they are not
  std::int64_t listed_ms_ = std::numeric_limits<std::int64_t>::min() / 2;
  std::size_t looked_for_ = 0;        // conversations, in vain, before they were listed
  KeySet places_;                     // where there is a decision, of the conversations that are whole
  SeenByKey seen_, seen_before_;      // the second is forgotten when the first has become large
  std::vector<std::string> waiting_;  // in the order of their uses; each is in one of the two
};

}  // namespace headroom::store
