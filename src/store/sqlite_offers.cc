#include <array>
#include <mutex>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"
#include "store/offer_record.h"
#include "store/sqlite.h"

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
  SqliteOffers(Connection connection, std::vector<Statement> statements, OfferBounds bounds, const base::Clock& clock)
      : bounds_(bounds), clock_(clock), connection_(std::move(connection)), statements_(std::move(statements)) {}

  Result<void> offer(std::string_view project, std::span<const Offer> offers) override {
    const std::lock_guard lock(mutex_);
    std::vector<std::pair<const Offer*, std::uint64_t>> fresh;
    for (const Offer& offer : offers) {
      const std::uint64_t key =
          base::hash64(fmt::format("{}\n{}\n{}\n{}\n{}", project, offer.tool, offer.compressor, offer.step, offer.id));
      if (offer.tool.size() <= OfferBounds::kLongestName && !noted_.contains(key)) fresh.emplace_back(&offer, key);
    }
    if (fresh.empty()) return {};
    auto transaction = Transaction::begin(connection_);
    if (!transaction) return std::unexpected(std::move(transaction.error()));
    const std::int64_t now = clock_.now_ms();
    for (const auto& [offer, key] : fresh) {
      if (auto done = note(project, *offer, now); !done) return done;
    }
    if (auto done = transaction->commit(); !done) return done;
    if (noted_.size() >= kMostNoted) noted_.clear();
    for (const auto& [offer, key] : fresh) noted_.insert(key);
    return {};
  }

  Result<bool> retrieve(std::string_view id, Scope scope) override {
    const std::lock_guard lock(mutex_);
    Query query(statements_[kRetrieve]);
    query.bind(clock_.now_ms()).bind(id).bind(!scope).bind(scope.value_or(std::string_view()));
    if (auto done = query.run(); !done) return std::unexpected(std::move(done.error()));
    return connection_.changes() > 0;
  }

  Result<std::vector<OfferCount>> counts(Scope scope) override {
    const std::lock_guard lock(mutex_);
    Query query(statements_[kCounts]);
    query.bind(clock_.now_ms() - bounds_.keep_ms).bind(!scope).bind(scope.value_or(std::string_view()));
    return read(query);
  }

  Result<std::vector<OfferCount>> retrieved_counts(std::string_view project) override {
    const std::lock_guard lock(mutex_);
    Query query(statements_[kRetrievedCounts]);
    query.bind(clock_.now_ms() - bounds_.keep_ms).bind(project);
    return read(query);
  }

  Result<std::int64_t> forget(std::optional<std::string_view> tool, Scope scope) override {
    const std::lock_guard lock(mutex_);
    Query query(statements_[kForget]);
    query.bind(!tool).bind(tool.value_or(std::string_view()));
    query.bind(!scope).bind(scope.value_or(std::string_view()));
    if (auto done = query.run(); !done) return std::unexpected(std::move(done.error()));
    return connection_.changes();
  }

  Result<std::int64_t> sweep() override {
    const std::lock_guard lock(mutex_);
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

  Result<void> note(std::string_view project, const Offer& offer, std::int64_t now) {
    const std::string_view tool = offer.tool;
    const std::string_view compressor = offer.compressor;
    Query add(statements_[kOffer]);
    add.bind(project).bind(tool).bind(compressor).bind(std::int64_t{offer.step}).bind(std::string_view(offer.id));
    add.bind(now).bind(now - bounds_.keep_ms);
    if (auto done = add.run(); !done) return done;
    Query trim(statements_[kTrim]);
    trim.bind(project).bind(tool).bind(compressor).bind(std::int64_t{offer.step}).bind(bounds_.most_of_group);
    return trim.run();
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
  std::mutex mutex_;
  Connection connection_;  // guarded by mutex_, as what is prepared on it
  std::vector<Statement> statements_;
  std::unordered_set<std::uint64_t> noted_;  // guarded by mutex_
};

}  // namespace

Result<std::unique_ptr<OfferRecord>> open_sqlite_offers(const std::string& path, OfferBounds bounds,
                                                        const base::Clock& clock) {
  auto connection = Connection::open(path);
  if (!connection) return std::unexpected(std::move(connection.error()));
  auto statements = connection->prepare_all(kStatements);
  if (!statements) return std::unexpected(std::move(statements.error()));
  return std::make_unique<SqliteOffers>(std::move(*connection), std::move(*statements), bounds, clock);
}

}  // namespace headroom::store
