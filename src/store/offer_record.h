#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/scope.h"

namespace headroom::store {

/// An original that a model can ask for, and what put a marker in the place of it.
struct Offer {
  std::string id;          ///< of the original
  std::string tool;        ///< whose result it is
  std::string compressor;  ///< "json", "log", ...
  int step = 0;            ///< how much more gently than usual it was shortened
};

/// How many originals one compressor left out of one tool's results at one step, and how many of these came to be asked
/// for.
struct OfferCount {
  std::string project;
  std::string tool;
  std::string compressor;
  int step = 0;
  std::int64_t offered = 0;
  std::int64_t retrieved = 0;
};

/// What is kept. Older and further offers count for nothing, so what follows from them is forgotten in time.
struct OfferBounds {
  std::int64_t keep_ms = 14LL * 24 * 3600 * 1000;
  std::int64_t most_of_group = 200;                 ///< the newest of a tool, compressor and step
  std::int64_t most = 20'000;                       ///< the newest of all
  static constexpr std::int64_t kLateMs = 2000;     ///< how late retrieved_counts() may be
  static constexpr std::size_t kLongestName = 128;  ///< of a tool, as clients name them; offers of others are not noted
};

/// Which originals models could ask for, and which they did: distinct ones, of the last weeks. Thread-safe. Errors:
/// kUnavailable, kIo.
class OfferRecord {
 public:
  virtual ~OfferRecord() = default;

  /// Models of the project can ask for these. What is noted already changes nothing. Others may see it a little later
  /// (LateWriter).
  virtual base::Result<void> offer(std::string_view project, std::span<const Offer> offers) = 0;
  /// The original with this whole id was asked for, and given: its latest offer in the scope counts as retrieved. False
  /// where none is noted.
  virtual base::Result<bool> retrieve(std::string_view id, Scope scope) = 0;

  /// All that is known, in the order of names and steps.
  virtual base::Result<std::vector<OfferCount>> counts(Scope scope) = 0;
  /// The same of one project, without the tools and compressors of which nothing was ever retrieved; quick, as
  /// what is new of others' is noticed after kLateMs.
  virtual base::Result<std::vector<OfferCount>> retrieved_counts(std::string_view project) = 0;

  /// Forgets what is known of the tool, or of all. Gives the number of offers.
  virtual base::Result<std::int64_t> forget(std::optional<std::string_view> tool, Scope scope) = 0;
  /// Deletes what the bounds do not keep; gives the number.
  virtual base::Result<std::int64_t> sweep() = 0;
};

/// Lives as long as the object. `clock` must outlive it.
std::unique_ptr<OfferRecord> make_memory_offers(OfferBounds bounds, const base::Clock& clock);

/// SQLite in WAL mode at `path`, which may be the file of the originals, and which other processes may share. Nothing
/// of it is sealed: it has no content.
base::Result<std::unique_ptr<OfferRecord>> open_sqlite_offers(const std::string& path, OfferBounds bounds,
                                                              const base::Clock& clock);

}  // namespace headroom::store
