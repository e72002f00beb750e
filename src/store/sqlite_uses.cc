#include "store/sqlite_uses.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "store/late_writer.h"

namespace headroom::store {
namespace {

using base::Result;

enum Sql : std::size_t { kRead, kWrite, kAdd, kCacheIsUsed, kPut, kList };
constexpr std::array<const char*, 6> kStatements = {
    "SELECT used_ms, requests, unused_cache FROM conversations WHERE key = ?1",
    "INSERT INTO conversations(key, used_ms, requests, unused_cache, project) VALUES(?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT(key) DO UPDATE SET used_ms = max(used_ms, ?2), requests = requests + ?3,"
    " unused_cache = CASE WHEN unused_cache < 0 OR ?4 < 0 THEN -1 ELSE max(unused_cache, ?4) END",
    "INSERT OR IGNORE INTO conversations(key, used_ms, requests, unused_cache, project) VALUES(?1, ?2, 0, 0, ?3)",
    "UPDATE conversations SET unused_cache = -1 WHERE key = ?1",
    kPutDecision,
    "SELECT key FROM conversations LIMIT ?1",
};

// A use that is not in the row yet is at most kLateNoteMs later than what the row has, the wait included.
constexpr std::int64_t kNoteAfterMs = ConversationUse::kLateNoteMs - LateWriter::kWaitMs;
constexpr std::size_t kMostSeen = 3072;  // of each half
constexpr std::size_t kAtOnce = 32;

// Who looks for few conversations need not list all. Where others write, too, the list is soon out of date.
constexpr std::size_t kLookedForFirst = 8;
constexpr std::int64_t kListAgainMs = 30'000;
constexpr std::size_t kMostRows = 32'768, kMostPlaces = 32'768;

std::uint64_t hash_of(std::string_view conversation, std::string_view place) {
  return base::hash64(place, base::hash64(conversation));
}

}  // namespace

Result<SqliteUses> SqliteUses::prepare(std::shared_ptr<SqliteFile> file) {
  auto statements = FileStatements::prepare(file, kStatements);
  if (!statements) return std::unexpected(std::move(statements.error()));
  return SqliteUses(std::move(file), *std::move(statements));
}

Result<ConversationUse> SqliteUses::use(std::string_view conversation, std::string_view project, std::int64_t now_ms) {
  auto found = known(conversation, now_ms);
  if (!found) return std::unexpected(std::move(found.error()));
  Seen& seen = **found;
  const std::int64_t idle = seen.idle_ms(now_ms);
  const bool begins = seen.requests == 0;
  const bool due = seen.noted_ms < 0 ? !begins : seen.used_ms == 0 || now_ms - seen.noted_ms >= kNoteAfterMs;
  seen.since_ms = seen.used_ms = now_ms;
  ++seen.requests;
  ++seen.unnoted;
  if (seen.unnoted == 1) seen.project = project;
  if (due && !seen.waits) {
    waiting_.emplace_back(conversation);
    seen.waits = true;
  }
  return ConversationUse{idle, seen.requests, seen.unused_cache};
}

Result<ConversationUse> SqliteUses::last_use(std::string_view conversation, std::int64_t now_ms) {
  auto found = known(conversation, now_ms);
  if (!found) return std::unexpected(std::move(found.error()));
  const Seen& seen = **found;
  return ConversationUse{seen.idle_ms(now_ms), seen.requests + 1, seen.unused_cache};
}

Result<void> SqliteUses::note_cache(std::string_view conversation, bool used) {
  Seen* const seen = find(conversation);
  const bool doubted = seen != nullptr && seen->unused_cache > 0;
  if (seen != nullptr) {
    if (used) seen->unused_cache = -1;
    if (seen->unused_cache >= 0) ++seen->unused_cache;
  }
  // Others may rely on what was noted until now.
  if (!used || (seen != nullptr && !doubted)) return {};
  return Query(statements_[kCacheIsUsed]).bind_blob(conversation).run();
}

Result<void> SqliteUses::write_row(std::string_view conversation, std::int64_t now_ms) {
  const Seen* const seen = find(conversation);
  if (seen != nullptr && seen->lacks_row()) return write(conversation, *seen);
  // Others may have deleted a row that was there.
  const bool there = seen != nullptr && seen->noted_ms >= 0;
  if (there && seen->as_of && seen->as_of == connection_->commits_of_others()) return {};
  add_row(conversation);
  const std::string_view project = seen == nullptr ? std::string_view() : std::string_view(seen->project);
  return Query(statements_[kAdd]).bind_blob(conversation).bind(now_ms).bind(project).run();
}

void SqliteUses::wrote_row(std::string_view conversation) {
  Seen* const seen = find(conversation);
  if (seen == nullptr || (!seen->lacks_row() && seen->noted_ms >= 0)) return;
  if (seen->waits) waiting_.erase(std::ranges::find(waiting_, conversation));
  note(conversation, *seen);
}

void SqliteUses::wrote_decision(std::string_view conversation, std::string_view place) {
  const Seen* const seen = find(conversation);
  if (seen == nullptr || !seen->whole) return;
  places_.add(hash_of(conversation, place));
  if (places_.size() < kMostPlaces) return;
  places_.clear();
  for (SeenByKey* const half : {&seen_, &seen_before_}) {
    for (auto& [key, other] : *half) other.whole = false;
  }
}

void SqliteUses::wrote_revision(std::string_view conversation) {
  Seen* const seen = find(conversation);
  if (seen != nullptr) seen->revised = true;
}

void SqliteUses::dropped_row(std::string_view conversation) {
  Seen* const seen = find(conversation);
  if (seen == nullptr) return;
  seen->read_ms = std::numeric_limits<std::int64_t>::min() / 2;
  seen->as_of.reset();
}

bool SqliteUses::put_late(std::string_view conversation, std::string_view place, std::string_view value) {
  Seen* const seen = find(conversation);
  if (seen == nullptr || !seen->lacks_row()) return false;
  seen->late.push_back({std::string(place), std::string(value)});
  return true;
}

std::optional<std::string_view> SqliteUses::find_late(std::string_view conversation, std::string_view place) const {
  const Seen* const seen = find(conversation);
  if (seen == nullptr) return std::nullopt;
  const auto row = std::ranges::find(seen->late, place, &DecisionRow::place);
  if (row != seen->late.end()) return row->value;
  const bool none = (seen->lacks_row() && seen->noted_ms < 0) ||
                    (all_known(*seen) && !places_.contains(hash_of(conversation, place)));
  return none ? std::optional<std::string_view>("") : std::nullopt;
}

bool SqliteUses::has_no_revision(std::string_view conversation) const {
  const Seen* const seen = find(conversation);
  return seen != nullptr && all_known(*seen) && !seen->revised;
}

bool SqliteUses::all_known(const Seen& seen) const {
  return seen.whole && seen.as_of && seen.as_of == connection_->commits_of_others();
}

void SqliteUses::queue_all() {
  for (SeenByKey* const half : {&seen_before_, &seen_}) {
    for (auto& [conversation, seen] : *half) {
      if (seen.waits || seen.unnoted == 0) continue;
      waiting_.push_back(conversation);
      seen.waits = true;
    }
  }
}

Result<void> SqliteUses::write_some() {
  if (waiting_.empty()) return {};
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(kAtOnce, waiting_.size()));
  auto transaction = Transaction::begin(*connection_);
  if (!transaction) return std::unexpected(std::move(transaction.error()));
  for (auto one = waiting_.begin(); one != end; ++one) {
    if (auto done = write(*one, *find(*one)); !done) return done;
  }
  if (auto done = file_->commit(*transaction, SqliteFile::kPageBytes * (end - waiting_.begin())); !done) return done;
  for (auto one = waiting_.begin(); one != end; ++one) note(*one, *find(*one));
  waiting_.erase(waiting_.begin(), end);
  return {};
}

const SqliteUses::Seen* SqliteUses::find(std::string_view conversation) const {
  for (const SeenByKey* const half : {&seen_, &seen_before_}) {
    if (const auto found = half->find(conversation); found != half->end()) return &found->second;
  }
  return nullptr;
}

SqliteUses::Seen* SqliteUses::find(std::string_view conversation) {
  if (const auto found = seen_.find(conversation); found != seen_.end()) return &found->second;
  const auto before = seen_before_.find(conversation);
  if (before == seen_before_.end()) return nullptr;
  return &seen_.insert(seen_before_.extract(before)).position->second;
}

Result<SqliteUses::Seen*> SqliteUses::known(std::string_view conversation, std::int64_t now_ms) {
  Seen* seen = find(conversation);
  if (seen != nullptr) {
    const std::int64_t age = now_ms - seen->read_ms;
    if (age >= 0 && age < kNoteAfterMs) return seen;
    if (seen->as_of && seen->as_of == connection_->commits_of_others()) {
      seen->read_ms = now_ms;
      return seen;
    }
    if (auto done = read_row(conversation, now_ms, *seen); !done) return std::unexpected(done.error());
    return seen;
  }
  Seen fresh;
  if (auto done = read_row(conversation, now_ms, fresh); !done) return std::unexpected(done.error());
  if (seen_.size() >= kMostSeen) forget_old();
  return &seen_.emplace(std::string(conversation), std::move(fresh)).first->second;
}

Result<void> SqliteUses::read_row(std::string_view conversation, std::int64_t now_ms, Seen& seen) {
  const auto others = connection_->commits_of_others();
  Query query(statements_[kRead]);
  auto row =
      surely_has_no_row(conversation, others, now_ms) ? Result<bool>(false) : query.bind_blob(conversation).step();
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
  seen.whole = !*row;
  seen.as_of = others;
  seen.read_ms = now_ms;
  return {};
}

bool SqliteUses::surely_has_no_row(std::string_view conversation, std::optional<std::uint32_t> others,
                                   std::int64_t now_ms) {
  if (!others || (rows_as_of_ != others && !list_rows(*others, now_ms))) return false;
  return !rows_.contains(base::hash64(conversation));
}

void SqliteUses::add_row(std::string_view conversation) {
  if (!rows_as_of_) return;
  rows_.add(base::hash64(conversation));
  if (rows_.size() >= kMostRows) rows_as_of_.reset();
}

bool SqliteUses::list_rows(std::uint32_t others, std::int64_t now_ms) {
  if (++looked_for_ < kLookedForFirst || now_ms - listed_ms_ < kListAgainMs) return false;
  listed_ms_ = now_ms;
  rows_.clear();
  rows_as_of_.reset();
  Query query(statements_[kList]);
  query.bind(static_cast<std::int64_t>(kMostRows));
  auto row = query.step();
  for (; row && *row; row = query.step()) rows_.add(base::hash64(query.blob_at(0)));
  if (!row || rows_.size() >= kMostRows) return false;
  rows_as_of_ = others;
  return true;
}

Result<void> SqliteUses::write(std::string_view conversation, const Seen& seen) {
  add_row(conversation);
  Query query(statements_[kWrite]);
  query.bind_blob(conversation).bind(seen.used_ms).bind(seen.unnoted).bind(seen.unused_cache);
  if (auto done = query.bind(std::string_view(seen.project)).run(); !done) return done;
  for (const DecisionRow& row : seen.late) {
    Query put(statements_[kPut]);
    put.bind_blob(conversation).bind_blob(row.place).bind_blob(row.value);
    if (auto done = put.run(); !done) return done;
  }
  return {};
}

void SqliteUses::note(std::string_view conversation, Seen& seen) {
  seen.noted_ms = seen.used_ms;
  seen.unnoted = 0;
  seen.waits = false;
  for (const DecisionRow& row : std::exchange(seen.late, {})) wrote_decision(conversation, row.place);
}

/// Of those that go on the rows know almost as much.
void SqliteUses::forget_old() {
  while (!waiting_.empty() && write_some()) {
  }
  for (const std::string& conversation : waiting_) find(conversation)->waits = false;  // it could not be written
  waiting_.clear();
  seen_before_ = std::exchange(seen_, {});
}

}  // namespace headroom::store
