#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/hash.h"
#include "store/late_writer.h"
#include "store/offer_record.h"
#include "store/sqlite.h"
#include "store/sqlite_file.h"

namespace headroom::store {
namespace {

using base::Result;

enum Sql : std::size_t { kOffer, kTrim, kRetrieve, kCounts, kRetrievedCounts, kForget, kDropOld, kDropMost };
constexpr std::array<const char*, 8> kStatements = {
    // What is too old to count begins anew.
    "INSERT INTO offered(project, tool, compressor, step, id, offered_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT DO UPDATE SET offered_ms = ?6, retrieved_ms = 0 WHERE offered_ms <= ?7",
    "DELETE FROM offered WHERE seq IN (SELECT seq FROM offered WHERE project = ?1 AND tool = ?2 AND compressor = ?3"
    " AND step = ?4 ORDER BY offered_ms DESC, seq DESC LIMIT -1 OFFSET ?5)",
    "UPDATE offered SET retrieved_ms = max(?1, 1) WHERE seq = (SELECT seq FROM offered WHERE id = ?2 AND"
    " (?3 OR project = ?4) ORDER BY offered_ms DESC, seq DESC LIMIT 1)",
    "SELECT project, tool, compressor, step, count(*), sum(retrieved_ms > 0) FROM offered"
    " WHERE offered_ms > ?1 AND (?2 OR project = ?3)"
    " GROUP BY project, tool, compressor, step ORDER BY project, tool, compressor, step",
    "SELECT project, tool, compressor, step, count(*), sum(retrieved_ms > 0) FROM offered"
    " WHERE offered_ms > ?1 AND project = ?2 AND (tool, compressor) IN"
    " (SELECT tool, compressor FROM offered WHERE project = ?2 AND retrieved_ms > 0)"
    " GROUP BY project, tool, compressor, step ORDER BY project, tool, compressor, step",
    "DELETE FROM offered WHERE (?1 OR tool = ?2) AND (?3 OR project = ?4)",
    "DELETE FROM offered WHERE offered_ms <= ?1",
    "DELETE FROM offered WHERE seq IN (SELECT seq FROM offered ORDER BY offered_ms DESC, seq DESC LIMIT -1 OFFSET ?1)",
};

class SqliteOffers final : public OfferRecord {
 public:
  SqliteOffers(std::shared_ptr<SqliteFile> file, FileStatements statements, OfferBounds bounds,
               const base::Clock& clock)
      : bounds_(bounds),
        clock_(clock),
        file_(std::move(file)),
        mutex_(file_->mutex()),
        connection_(file_->connection()),
        statements_(std::move(statements)),
        writer_(mutex_, [this] { return waiting_.size(); }, [this] { return write_some().has_value(); }) {}

  Result<void> offer(std::string_view project, std::span<const Offer> offers) override {
    const std::lock_guard lock(mutex_);
    const std::size_t waited = waiting_.size();
    const std::int64_t now = clock_.now_ms();
    for (const Offer& offer : offers) {
      const std::uint64_t key =
          base::hash64(fmt::format("{}\n{}\n{}\n{}\n{}", project, offer.tool, offer.compressor, offer.step, offer.id));
      if (offer.tool.size() > OfferBounds::kLongestName || noted_.contains(key)) continue;
      if (waiting_.size() >= kMostWaiting) return base::fail(base::ErrorCode::kUnavailable, "offers cannot be written");
      if (noted_.size() >= kMostNoted) noted_.clear();
      noted_.insert(key);
      waiting_.push_back({std::string(project), offer, now});
    }
    if (waiting_.size() > waited) writer_.more_waits(waited);
    return {};
  }

  Result<bool> retrieve(std::string_view id, Scope scope) override {
    const std::lock_guard lock(mutex_);
    if (auto done = write_all(); !done) return std::unexpected(std::move(done.error()));
    Query query(statements_[kRetrieve]);
    query.bind(clock_.now_ms()).bind(id).bind(!scope).bind(scope.value_or(std::string_view()));
    if (auto done = query.run(); !done) return std::unexpected(std::move(done.error()));
    counted_.clear();
    return connection_.changes() > 0;
  }

  Result<std::vector<OfferCount>> counts(Scope scope) override {
    const std::lock_guard lock(mutex_);
    if (auto done = write_all(); !done) return std::unexpected(std::move(done.error()));
    Query query(statements_[kCounts]);
    query.bind(clock_.now_ms() - bounds_.keep_ms).bind(!scope).bind(scope.value_or(std::string_view()));
    return read(query);
  }

  Result<std::vector<OfferCount>> retrieved_counts(std::string_view project) override {
    const std::lock_guard lock(mutex_);
    const std::int64_t now = clock_.now_ms();
    const auto known = counted_.find(project);
    if (known != counted_.end() && now >= known->second.at_ms && now - known->second.at_ms < OfferBounds::kLateMs) {
      return known->second.counts;
    }
    if (auto done = write_all(); !done) return std::unexpected(std::move(done.error()));
    Query query(statements_[kRetrievedCounts]);
    query.bind(now - bounds_.keep_ms).bind(project);
    auto counts = read(query);
    if (!counts) return counts;
    static constexpr std::size_t kMostProjects = 64;
    if (counted_.size() >= kMostProjects) counted_.clear();
    counted_.insert_or_assign(std::string(project), Counted{now, *counts});
    return counts;
  }

  Result<std::int64_t> forget(std::optional<std::string_view> tool, Scope scope) override {
    const std::lock_guard lock(mutex_);
    if (auto done = write_all(); !done) return std::unexpected(std::move(done.error()));
    Query query(statements_[kForget]);
    query.bind(!tool).bind(tool.value_or(std::string_view()));
    query.bind(!scope).bind(scope.value_or(std::string_view()));
    if (auto done = query.run(); !done) return std::unexpected(std::move(done.error()));
    counted_.clear();
    return connection_.changes();
  }

  Result<std::int64_t> sweep() override {
    const std::lock_guard lock(mutex_);
    if (auto done = write_all(); !done) return std::unexpected(std::move(done.error()));
    counted_.clear();
    std::int64_t dropped = 0;
    for (const auto& [sql, bound] :
         {std::pair{kDropOld, clock_.now_ms() - bounds_.keep_ms}, std::pair{kDropMost, bounds_.most}}) {
      if (auto done = Query(statements_[sql]).bind(bound).run(); !done) return std::unexpected(std::move(done.error()));
      dropped += connection_.changes();
    }
    return dropped;
  }

 private:
  /// A conversation names its originals in each request; so many are known to be noted.
  static constexpr std::size_t kMostNoted = 16'384;

  static constexpr std::size_t kMostWaiting = 4096;
  static constexpr std::size_t kAtOnce = 32;
  static constexpr std::int64_t kBytesOfWrite = 32'768;  // most offers that wait are neighbours

  /// An offer on its way to the file.
  struct Waiting {
    std::string project;
    Offer offer;
    std::int64_t at_ms = 0;
  };

  /// What waits, the first of it, in one transaction. mutex_ is held.
  Result<void> write_some() {
    if (waiting_.empty()) return {};
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(kAtOnce, waiting_.size()));
    auto transaction = Transaction::begin(connection_);
    if (!transaction) return std::unexpected(std::move(transaction.error()));
    for (auto one = waiting_.begin(); one != end; ++one) {
      if (auto done = add(*one); !done) return done;
      const auto same_group = [&](const Waiting& other) {
        return other.project == one->project && other.offer.tool == one->offer.tool &&
               other.offer.compressor == one->offer.compressor && other.offer.step == one->offer.step;
      };
      if (std::any_of(one + 1, end, same_group)) continue;
      if (auto done = trim_group_of(*one); !done) return done;
    }
    if (auto done = file_->commit(*transaction, kBytesOfWrite); !done) return done;
    waiting_.erase(waiting_.begin(), end);
    return {};
  }

  Result<void> write_all() {
    while (!waiting_.empty()) {
      if (auto done = write_some(); !done) return done;
    }
    return {};
  }

  Result<void> add(const Waiting& one) {
    Query query(statements_[kOffer]);
    query.bind(std::string_view(one.project)).bind(std::string_view(one.offer.tool));
    query.bind(std::string_view(one.offer.compressor)).bind(std::int64_t{one.offer.step});
    query.bind(std::string_view(one.offer.id)).bind(one.at_ms).bind(one.at_ms - bounds_.keep_ms);
    return query.run();
  }

  Result<void> trim_group_of(const Waiting& one) {
    Query query(statements_[kTrim]);
    query.bind(std::string_view(one.project)).bind(std::string_view(one.offer.tool));
    query.bind(std::string_view(one.offer.compressor)).bind(std::int64_t{one.offer.step});
    return query.bind(bounds_.most_of_group).run();
  }

  static Result<std::vector<OfferCount>> read(Query& query) {
    std::vector<OfferCount> out;
    auto row = query.step();
    for (; row && *row; row = query.step()) {
      out.push_back({std::string(query.text_at(0)), std::string(query.text_at(1)), std::string(query.text_at(2)),
                     static_cast<int>(query.int64_at(3)), query.int64_at(4), query.int64_at(5)});
    }
    if (!row) return std::unexpected(std::move(row.error()));
    return out;
  }

  const OfferBounds bounds_;
  const base::Clock& clock_;
  const std::shared_ptr<SqliteFile> file_;
  std::mutex& mutex_;  // of the file
  Connection& connection_;
  FileStatements statements_;
  std::unordered_set<std::uint64_t> noted_;  // guarded by mutex_
  struct Counted {
    std::int64_t at_ms = 0;
    std::vector<OfferCount> counts;
  };
  std::map<std::string, Counted, std::less<>> counted_;  // by project; guarded by mutex_
  std::vector<Waiting> waiting_;                         // guarded by mutex_
  LateWriter writer_;                                    // last: it uses all above
};

}  // namespace

Result<std::unique_ptr<OfferRecord>> open_sqlite_offers(std::shared_ptr<SqliteFile> file, OfferBounds bounds,
                                                        const base::Clock& clock) {
  auto statements = FileStatements::prepare(file, kStatements);
  if (!statements) return std::unexpected(std::move(statements.error()));
  return std::make_unique<SqliteOffers>(std::move(file), *std::move(statements), bounds, clock);
}

Result<std::unique_ptr<OfferRecord>> open_sqlite_offers(const std::string& path, OfferBounds bounds,
                                                        const base::Clock& clock) {
  auto file = SqliteFile::open(path);
  if (!file) return std::unexpected(std::move(file.error()));
  return open_sqlite_offers(*std::move(file), bounds, clock);
}

}  // namespace headroom::store
