#include "store/sqlite_ledger.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "store/ledger_queue.h"
#include "store/ledger_summary.h"
#include "store/sqlite.h"

namespace headroom::store {
namespace {

using base::Result;

// What a statement costs beside its rows is about as much as a row.
constexpr std::size_t kRowsAtOnce = 16;

std::string insert_sql(std::size_t rows) {
  constexpr std::string_view kColumns =
      "time_ms, source, api, model, status, stream, estimate, tokens_before, tokens_after, billed_input, billed_cached,"
      " billed_output, compress_us, total_us, ttfb_us, transforms, skip_reason, drifts, drifts_accepted, revised,"
      " rewritten, project";
  std::string row = "(?";
  for (auto left = std::ranges::count(kColumns, ','); left > 0; --left) row += ", ?";
  row += ")";
  std::string sql = fmt::format("INSERT INTO ledger({}) VALUES{}", kColumns, row);
  for (; rows > 1; --rows) sql += ", " + row;
  return sql;
}

enum WriteSql : std::size_t { kInsert, kInsertMany, kPrune };

enum ReadSql : std::size_t { kSince, kBehind, kNewest, kDeletions, kRecent };
constexpr std::array<const char*, 5> kReadStatements = {
    "SELECT source, model, transforms, status, estimate, tokens_before, tokens_after, billed_input, billed_cached,"
    " billed_output, compress_us, ttfb_us, drifts, drifts_accepted, rewritten, revised, project"
    " FROM ledger WHERE time_ms >= ?1 AND (?2 OR project = ?3)",
    // The same of rows behind one; the plus keeps it from looking by time.
    "SELECT source, model, transforms, status, estimate, tokens_before, tokens_after, billed_input, billed_cached,"
    " billed_output, compress_us, ttfb_us, drifts, drifts_accepted, rewritten, revised, project"
    " FROM ledger WHERE +time_ms >= ?1 AND (?2 OR project = ?3) AND seq > ?4",
    "SELECT max(seq) FROM ledger",
    "SELECT rows FROM ledger_deletions",
    "SELECT time_ms, source, api, model, status, stream, estimate, tokens_before, tokens_after, billed_input,"
    " billed_cached, billed_output, compress_us, total_us, ttfb_us, transforms, skip_reason, drifts, drifts_accepted,"
    " revised, rewritten, project"
    " FROM ledger WHERE ?2 OR project = ?3 ORDER BY time_ms DESC, seq DESC LIMIT ?1",
};

LedgerRow row_at(const Query& query) {
  LedgerRow row;
  row.time_ms = query.int64_at(0);
  row.source = query.text_at(1);
  row.api = query.text_at(2);
  row.model = query.text_at(3);
  row.status = static_cast<int>(query.int64_at(4));
  row.stream = query.int64_at(5) != 0;
  row.estimate = query.int64_at(6) != 0;
  row.tokens_before = query.int64_at(7);
  row.tokens_after = query.int64_at(8);
  row.billed_input = query.int64_at(9);
  row.billed_cached = query.int64_at(10);
  row.billed_output = query.int64_at(11);
  row.compress_us = query.int64_at(12);
  row.total_us = query.int64_at(13);
  row.ttfb_us = query.int64_at(14);
  row.transforms = query.text_at(15);
  row.skip_reason = query.text_at(16);
  row.drifts = query.int64_at(17);
  row.drifts_accepted = query.int64_at(18);
  row.revised = query.int64_at(19) != 0;
  row.rewritten = query.int64_at(20);
  row.project = query.text_at(21);
  return row;
}

// One connection and what is prepared on it.
struct Session {
  Connection connection;
  std::vector<Statement> statements;

  static Result<Session> open(const std::string& path, std::span<const char* const> sql) {
    auto connection = Connection::open(path);
    if (!connection) return std::unexpected(std::move(connection.error()));
    auto statements = connection->prepare_all(sql);
    if (!statements) return std::unexpected(std::move(statements.error()));
    return Session{std::move(*connection), std::move(*statements)};
  }
};

void bind_row(Query& insert, const LedgerRow& row) {
  insert.bind(row.time_ms).bind(std::string_view(row.source)).bind(std::string_view(row.api));
  insert.bind(std::string_view(row.model)).bind(row.status).bind(row.stream).bind(row.estimate);
  insert.bind(row.tokens_before).bind(row.tokens_after);
  insert.bind(row.billed_input).bind(row.billed_cached).bind(row.billed_output);
  insert.bind(row.compress_us).bind(row.total_us).bind(row.ttfb_us);
  insert.bind(std::string_view(row.transforms)).bind(std::string_view(row.skip_reason));
  insert.bind(row.drifts).bind(row.drifts_accepted).bind(row.revised).bind(row.rewritten);
  insert.bind(std::string_view(row.project));
}

Result<void> write_rows(Session& session, std::span<const LedgerRow> rows) {
  auto transaction = Transaction::begin(session.connection);
  if (!transaction) return std::unexpected(std::move(transaction.error()));
  while (!rows.empty()) {
    const std::size_t count = rows.size() >= kRowsAtOnce ? kRowsAtOnce : 1;
    Query insert(session.statements[count > 1 ? kInsertMany : kInsert]);
    for (const LedgerRow& row : rows.first(count)) bind_row(insert, row);
    if (auto done = insert.run(); !done) return done;
    rows = rows.subspan(count);
  }
  return transaction->commit();
}

// What was added up for one question, as rows are only ever added or, seldom, deleted.
struct Sums {
  std::int64_t since_ms;
  std::optional<std::string> project;
  LedgerSummaryBuilder builder{since_ms};
  std::int64_t newest = 0;     // row that was there then
  std::int64_t deletions = 0;  // of rows, until then

  Result<void> read_new(Session& session) {
    // What is read belongs together.
    if (auto begun = session.connection.execute("BEGIN"); !begun) return begun;
    auto read = read_behind(session);
    if (auto ended = session.connection.execute("ROLLBACK"); read && !ended) return ended;
    return read;
  }

 private:
  static Result<std::int64_t> number(Session& session, ReadSql sql) {
    Query query(session.statements[sql]);
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    return *row ? query.int64_at(0) : 0;
  }

  Result<void> read_behind(Session& session) {
    const auto deleted = number(session, kDeletions), last = number(session, kNewest);
    if (!deleted || !last) return std::unexpected(!deleted ? deleted.error() : last.error());
    if (*deleted != deletions) *this = {since_ms, std::move(project)};
    Query query(session.statements[newest == 0 ? kSince : kBehind]);
    // 0 means all, also rows whose time is unset or odd.
    query.bind(since_ms == 0 ? std::numeric_limits<std::int64_t>::min() : since_ms);
    query.bind(!project).bind(project ? std::string_view(*project) : std::string_view());
    if (newest > 0) query.bind(newest);
    auto row = query.step();
    for (; row && *row; row = query.step()) {
      builder.add({query.text_at(0), query.text_at(1), query.text_at(2), static_cast<int>(query.int64_at(3)),
                   query.int64_at(4) != 0, query.int64_at(5), query.int64_at(6), query.int64_at(7), query.int64_at(8),
                   query.int64_at(9), query.int64_at(10), query.int64_at(11), query.int64_at(12), query.int64_at(13),
                   query.int64_at(14), query.int64_at(15) != 0, query.text_at(16)});
    }
    if (!row) return std::unexpected(std::move(row.error()));
    newest = *last;
    deletions = *deleted;
    return {};
  }
};

// Two connections: the thread's own for writing, and one behind a mutex for reading, because a summary over a year
// reads for a second and must not hold up the writing meanwhile. WAL mode lets the two run side by side.
class SqliteLedger final : public Ledger {
  static constexpr std::size_t kMostSums = 8;

 public:
  SqliteLedger(Session writer, Session reader, const LedgerSettings& settings, const base::Clock& clock)
      : settings_(settings),
        clock_(clock),
        queue_(settings.queue_rows, settings.interval),
        reader_(std::move(reader)),
        writer_(std::move(writer)),
        thread_([this] { write_until_closed(); }) {}

  ~SqliteLedger() override {
    queue_.close();
    thread_.join();
  }
  SqliteLedger(const SqliteLedger&) = delete;
  SqliteLedger& operator=(const SqliteLedger&) = delete;

  void append(LedgerRow row) override { queue_.push(std::move(row)); }
  void flush() override { queue_.flush(); }

  Result<LedgerSummary> summary(std::int64_t since_ms, Scope scope) override {
    const std::lock_guard lock(reader_mutex_);
    std::list<Sums> asked = take_sums(since_ms, scope);
    // What an error leaves half done is not kept.
    if (auto read = asked.front().read_new(reader_); !read) return std::unexpected(std::move(read.error()));
    LedgerSummary summary = asked.front().builder.summary();
    summary.dropped = queue_.dropped();
    sums_.splice(sums_.begin(), asked);
    if (sums_.size() > kMostSums) sums_.pop_back();
    return summary;
  }

  Result<std::vector<LedgerRow>> recent(std::size_t limit, Scope scope) override {
    const std::lock_guard lock(reader_mutex_);
    Query query(reader_.statements[kRecent]);
    constexpr std::size_t kMost = 1u << 30;
    query.bind(static_cast<std::int64_t>(std::min(limit, kMost)));
    query.bind(!scope).bind(scope.value_or(std::string_view()));
    std::vector<LedgerRow> rows;
    auto row = query.step();
    for (; row && *row; row = query.step()) rows.push_back(row_at(query));
    if (!row) return std::unexpected(std::move(row.error()));
    return rows;
  }

 private:
  void write_until_closed() {
    std::vector<LedgerRow> batch;
    std::vector<LedgerRow> unwritten;  // what the disk did not take last time, older than `batch`
    prune();
    for (bool open = true; open;) {
      open = queue_.take(batch);
      write(batch, unwritten);
      queue_.done();
      if (clock_.now_ms() - pruned_ms_ >= settings_.prune_every.count()) prune();
    }
    queue_.count_dropped(static_cast<std::int64_t>(unwritten.size()));
  }

  // Leaves `batch` empty. Rows that cannot be written are kept for the next time, up to the size of the queue.
  void write(std::vector<LedgerRow>& batch, std::vector<LedgerRow>& unwritten) {
    if (!unwritten.empty()) {
      const std::size_t room = settings_.queue_rows - std::min(settings_.queue_rows, unwritten.size());
      const std::size_t fit = std::min(room, batch.size());
      queue_.count_dropped(static_cast<std::int64_t>(batch.size() - fit));
      batch.resize(fit);
      std::ranges::move(batch, std::back_inserter(unwritten));
      batch.clear();
      if (write_rows(writer_, unwritten)) unwritten.clear();
      return;
    }
    if (!batch.empty() && !write_rows(writer_, batch)) unwritten.swap(batch);
    batch.clear();
  }

  // One element: what is known of that, or nothing yet.
  std::list<Sums> take_sums(std::int64_t since_ms, Scope scope) {
    std::list<Sums> taken;
    const auto known = std::ranges::find_if(sums_, [&](const Sums& sums) {
      return sums.since_ms == since_ms && sums.project.has_value() == scope.has_value() &&
             (!scope || *sums.project == *scope);
    });
    if (known != sums_.end()) {
      taken.splice(taken.begin(), sums_, known);
    } else {
      taken.push_back(Sums{since_ms, scope ? std::optional<std::string>(*scope) : std::nullopt});
    }
    return taken;
  }

  // A failure is met again when rows are written, so nothing is lost by ignoring it here.
  void prune() {
    pruned_ms_ = clock_.now_ms();
    (void)Query(writer_.statements[kPrune]).bind(pruned_ms_ - settings_.keep_ms).run();
  }

  const LedgerSettings settings_;
  const base::Clock& clock_;
  LedgerQueue queue_;
  std::mutex reader_mutex_;
  Session reader_;              // guarded by reader_mutex_
  std::list<Sums> sums_;        // guarded by reader_mutex_; what was asked last comes first
  Session writer_;              // the thread's alone
  std::int64_t pruned_ms_ = 0;  // the thread's alone
  std::thread thread_;          // last: it uses all above
};

}  // namespace

Result<std::unique_ptr<Ledger>> open_sqlite_ledger(const std::string& path, const LedgerSettings& settings,
                                                   const base::Clock& clock) {
  const std::string insert = insert_sql(1), insert_many = insert_sql(kRowsAtOnce);
  const std::array write = {insert.c_str(), insert_many.c_str(), "DELETE FROM ledger WHERE time_ms < ?1"};
  auto writer = Session::open(path, write);
  if (!writer) return std::unexpected(std::move(writer.error()));
  auto reader = Session::open(path, kReadStatements);
  if (!reader) return std::unexpected(std::move(reader.error()));
  return std::make_unique<SqliteLedger>(std::move(*writer), std::move(*reader), settings, clock);
}

Result<std::unique_ptr<Ledger>> open_sqlite_ledger(const std::string& path) {
  static const base::SystemClock clock;
  return open_sqlite_ledger(path, LedgerSettings{}, clock);
}

}  // namespace headroom::store
