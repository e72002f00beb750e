#include "store/sqlite_uses.h"

#include <algorithm>
#include <array>

#include "store/late_writer.h"

namespace headroom::store {
namespace {

using base::Result;

enum Sql : std::size_t { kRead, kWrite, kCacheIsUsed, kPut };
constexpr std::array<const char*, 4> kStatements = {
    "SELECT used_ms, requests, unused_cache FROM conversations WHERE key = ?1",
    "INSERT INTO conversations(key, used_ms, requests, unused_cache, project) VALUES(?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT(key) DO UPDATE SET used_ms = max(used_ms, ?2), requests = requests + ?3,"
    " unused_cache = CASE WHEN unused_cache < 0 OR ?4 < 0 THEN -1 ELSE max(unused_cache, ?4) END",
    "UPDATE conversations SET unused_cache = -1 WHERE key = ?1",
    "INSERT OR IGNORE INTO decisions(conversation, place, value) VALUES(?1, ?2, ?3)",
};

// A use that is not in the row yet is at most kLateNoteMs later than what the row has, the wait included.
constexpr std::int64_t kNoteAfterMs = ConversationUse::kLateNoteMs - LateWriter::kWaitMs;
constexpr std::size_t kMostSeen = 4096;
constexpr std::size_t kAtOnce = 32;

}  // namespace

Result<SqliteUses> SqliteUses::prepare(Connection& connection) {
  auto statements = connection.prepare_all(kStatements);
  if (!statements) return std::unexpected(std::move(statements.error()));
  return SqliteUses(connection, *std::move(statements));
}

Result<ConversationUse> SqliteUses::use(std::string_view conversation, std::string_view project, std::int64_t now_ms) {
  auto found = known(conversation, now_ms);
  if (!found) return std::unexpected(std::move(found.error()));
  Seen& seen = **found;
  const std::int64_t idle = seen.since_ms < 0 ? -1 : std::max<std::int64_t>(0, now_ms - seen.since_ms);
  // A process that ends soon, such as a command, has noted its only use.
  const bool due = seen.used_ms == 0 || seen.noted_ms < 0 || now_ms - seen.noted_ms >= kNoteAfterMs;
  seen.since_ms = seen.used_ms = now_ms;
  ++seen.requests;
  ++seen.unnoted;
  if (due && !seen.waits) {
    waiting_.push_back({std::string(conversation), std::string(project)});
    seen.waits = true;
  }
  return ConversationUse{idle, seen.requests, seen.unused_cache};
}

Result<ConversationUse> SqliteUses::last_use(std::string_view conversation, std::int64_t now_ms) {
  auto found = known(conversation, now_ms);
  if (!found) return std::unexpected(std::move(found.error()));
  const Seen& seen = **found;
  const std::int64_t idle = seen.since_ms < 0 ? -1 : std::max<std::int64_t>(0, now_ms - seen.since_ms);
  return ConversationUse{idle, seen.requests + 1, seen.unused_cache};
}

Result<void> SqliteUses::note_cache(std::string_view conversation, bool used) {
  const auto seen = seen_.find(conversation);
  const bool unknown = seen == seen_.end();
  const bool doubted = !unknown && seen->second.unused_cache > 0;
  if (!unknown) {
    std::int64_t& unused = seen->second.unused_cache;
    if (used) unused = -1;
    if (unused >= 0) ++unused;
  }
  // Others may rely on what was noted until now.
  if (used && (unknown || doubted)) return Query(statements_[kCacheIsUsed]).bind_blob(conversation).run();
  return {};
}

Result<void> SqliteUses::write_row(std::string_view conversation) {
  const auto seen = seen_.find(conversation);
  if (seen == seen_.end() || !seen->second.waits) return {};
  const auto waiting = std::ranges::find(waiting_, conversation, &Waiting::conversation);
  return write(*waiting, seen->second);
}

void SqliteUses::wrote_row(std::string_view conversation) {
  const auto seen = seen_.find(conversation);
  if (seen == seen_.end() || !seen->second.waits) return;
  note(seen->second);
  waiting_.erase(std::ranges::find(waiting_, conversation, &Waiting::conversation));
}

bool SqliteUses::put_late(std::string_view conversation, std::string_view place, std::string_view value) {
  const auto seen = seen_.find(conversation);
  if (seen == seen_.end() || !seen->second.waits) return false;
  seen->second.late.push_back({std::string(place), std::string(value)});
  return true;
}

std::optional<std::string_view> SqliteUses::find_late(std::string_view conversation, std::string_view place) const {
  const auto seen = seen_.find(conversation);
  if (seen == seen_.end()) return std::nullopt;
  const auto row = std::ranges::find(seen->second.late, place, &DecisionRow::place);
  if (row != seen->second.late.end()) return row->value;
  return seen->second.waits && seen->second.noted_ms < 0 ? std::optional<std::string_view>("") : std::nullopt;
}

Result<void> SqliteUses::write_some() {
  if (waiting_.empty()) return {};
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(kAtOnce, waiting_.size()));
  auto transaction = Transaction::begin(*connection_);
  if (!transaction) return std::unexpected(std::move(transaction.error()));
  for (auto one = waiting_.begin(); one != end; ++one) {
    if (auto done = write(*one, seen_.find(one->conversation)->second); !done) return done;
  }
  if (auto done = transaction->commit(); !done) return done;
  for (auto one = waiting_.begin(); one != end; ++one) note(seen_.find(one->conversation)->second);
  waiting_.erase(waiting_.begin(), end);
  return {};
}

Result<SqliteUses::Seen*> SqliteUses::known(std::string_view conversation, std::int64_t now_ms) {
  const auto found = seen_.find(conversation);
  if (found != seen_.end()) {
    const std::int64_t age = now_ms - found->second.read_ms;
    if (age >= 0 && age < kNoteAfterMs) return &found->second;
    if (auto done = read_row(conversation, now_ms, found->second); !done) return std::unexpected(done.error());
    return &found->second;
  }
  Seen seen;
  if (auto done = read_row(conversation, now_ms, seen); !done) return std::unexpected(done.error());
  if (seen_.size() >= kMostSeen) forget_all();
  return &seen_.emplace(std::string(conversation), seen).first->second;
}

Result<void> SqliteUses::read_row(std::string_view conversation, std::int64_t now_ms, Seen& seen) {
  Query query(statements_[kRead]);
  auto row = query.bind_blob(conversation).step();
  if (!row) return std::unexpected(std::move(row.error()));
  if (*row) {
    seen.noted_ms = query.int64_at(0);
    seen.since_ms = std::max(seen.since_ms, std::min(now_ms, seen.noted_ms + ConversationUse::kLateNoteMs));
    seen.requests = query.int64_at(1) + seen.unnoted;
    const std::int64_t unused = query.int64_at(2);
    seen.unused_cache = seen.unused_cache < 0 || unused < 0 ? -1 : std::max(seen.unused_cache, unused);
  } else if (seen.noted_ms >= 0) {  // somebody has deleted it, with all that was decided
    const bool waits = seen.waits;
    seen = Seen{};
    seen.waits = waits;
  }
  seen.read_ms = now_ms;
  return {};
}

Result<void> SqliteUses::write(const Waiting& waiting, const Seen& seen) {
  Query query(statements_[kWrite]);
  query.bind_blob(waiting.conversation).bind(seen.used_ms).bind(seen.unnoted).bind(seen.unused_cache);
  if (auto done = query.bind(std::string_view(waiting.project)).run(); !done) return done;
  for (const DecisionRow& row : seen.late) {
    Query put(statements_[kPut]);
    put.bind_blob(waiting.conversation).bind_blob(row.place).bind_blob(row.value);
    if (auto done = put.run(); !done) return done;
  }
  return {};
}

void SqliteUses::note(Seen& seen) {
  seen.noted_ms = seen.used_ms;
  seen.unnoted = 0;
  seen.waits = false;
  seen.late.clear();
}

/// The rows know almost as much.
void SqliteUses::forget_all() {
  while (!waiting_.empty() && write_some()) {
  }
  waiting_.clear();
  seen_.clear();
}

}  // namespace headroom::store
