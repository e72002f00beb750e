// Times the store on the disk that holds the folder given as argument (default: the folder for temporary files):
//   headroom_store_bench [FOLDER]
// Prints p50, p99 and the maximum per operation, in microseconds.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/hash.h"
#include "store/ledger.h"
#include "store/original_store.h"

namespace {

using namespace headroom;

constexpr std::size_t kOriginalBytes = 40 * 1024;

class Samples {
 public:
  void time(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    us_.push_back(took.count());
  }
  void print(const char* name) {
    std::ranges::sort(us_);
    const auto at = [&](double fraction) { return us_[static_cast<std::size_t>(fraction * double(us_.size() - 1))]; };
    fmt::print("{:<44} n={:<6} p50 {:>9.1f} us   p99 {:>9.1f} us   max {:>9.1f} us\n", name, us_.size(), at(0.5),
               at(0.99), us_.back());
  }

 private:
  std::vector<double> us_;
};

void must(bool condition, const char* what) {
  if (condition) return;
  fmt::print(stderr, "failed: {}\n", what);
  std::exit(1);
}

std::vector<store::Original> make_originals(std::size_t count) {
  std::mt19937_64 random(7);
  std::vector<store::Original> originals(count);
  for (store::Original& original : originals) {
    while (original.content.size() < kOriginalBytes) original.content += fmt::format("{:016x} ", random());
    original.content.resize(kOriginalBytes);
    original.id = base::content_id(original.content);
  }
  return originals;
}

void measure_store(store::OriginalStore& store, const std::string& backend) {
  constexpr std::size_t kSingles = 1000, kBatches = 200, kBatch = 5;
  const auto originals = make_originals(kSingles + kBatches * kBatch);
  const std::span all(originals);
  Samples put_one, put_five, put_known, get, touch;
  for (std::size_t i = 0; i < kSingles; ++i) {
    put_one.time([&] { must(store.put(all.subspan(i, 1)).has_value(), "put"); });
  }
  for (std::size_t i = 0; i < kBatches; ++i) {
    put_five.time([&] { must(store.put(all.subspan(kSingles + i * kBatch, kBatch)).has_value(), "put"); });
  }
  for (std::size_t i = 0; i < kSingles; ++i) {
    put_known.time([&] { must(store.put(all.subspan(i, 1)).has_value(), "put"); });
    get.time([&] { must(store.get(all[i].id.substr(0, 12)).has_value(), "get"); });
  }
  for (std::size_t i = 0; i < kBatches; ++i) {
    std::vector<std::string> ids;
    for (std::size_t j = 0; j < 50; ++j) ids.push_back(all[(i * 50 + j) % all.size()].id);
    touch.time([&] { must(store.touch(ids).has_value(), "touch"); });
  }
  put_one.print((backend + ": put 1 x 40 KiB").c_str());
  put_five.print((backend + ": put 5 x 40 KiB, one transaction").c_str());
  put_known.print((backend + ": put 1 x 40 KiB, known already").c_str());
  get.print((backend + ": get 40 KiB by prefix").c_str());
  touch.print((backend + ": touch 50 ids").c_str());
}

void measure_ledger(store::Ledger& ledger) {
  constexpr int kRows = 200'000, kBurst = 5'000;
  const store::LedgerRow row{.time_ms = base::SystemClock().now_ms(),
                             .source = "proxy",
                             .api = "anthropic_messages",
                             .model = "a-model-with-a-longer-name",
                             .status = 200,
                             .tokens_before = 12'000,
                             .tokens_after = 7'000,
                             .compress_us = 900,
                             .ttfb_us = 400'000,
                             .transforms = "json,log,search"};
  Samples append, summary, recent;
  for (int i = 0; i < kRows; ++i) {
    store::LedgerRow copy = row;
    copy.compress_us += i % 1000;
    append.time([&] { ledger.append(std::move(copy)); });
    if (i % kBurst == kBurst - 1) ledger.flush();
  }
  for (int i = 0; i < 3; ++i) {
    summary.time([&] {
      const auto all = ledger.summary(0);
      must(all.has_value() && all->requests == kRows, "summary");
    });
    recent.time([&] {
      const auto rows = ledger.recent(100);
      must(rows.has_value() && rows->size() == 100, "recent");
    });
  }
  append.print("ledger: append");
  summary.print("ledger: summary over 200,000 rows");
  recent.print("ledger: the 100 newest");
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path parent = argc > 1 ? argv[1] : std::filesystem::temp_directory_path();
  std::string folder = (parent / "headroom-bench-XXXXXX").string();
  must(::mkdtemp(folder.data()) != nullptr, "making a folder");
  {
    const base::SystemClock clock;
    auto memory = store::make_memory_store({}, clock);
    measure_store(*memory, "memory");
    auto sqlite = store::open_sqlite_store(folder + "/ccr.db", {}, clock);
    must(sqlite.has_value(), "opening the store");
    measure_store(**sqlite, "sqlite");
    auto ledger = store::open_sqlite_ledger(folder + "/ledger.db");
    must(ledger.has_value(), "opening the ledger");
    measure_ledger(**ledger);
  }
  std::filesystem::remove_all(folder);
  return 0;
}
