// What a turn of a growing conversation costs: headroom_turns_bench [--json] [--runs N] [--bytes B] [--windows]

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>
#include <time.h>

#include "base/clock.h"
#include "base/heap.h"
#include "base/json_document.h"
#include "base/json_writer.h"
#include "compress/registry/registry.h"
#include "context/pipeline.h"
#include "conversation.h"
#include "heap.h"
#include "store/decision_store.h"
#include "store/original_store.h"
#include "wire/conversation.h"

namespace headroom::bench {
namespace {

constexpr std::size_t kTurns = 200;
constexpr std::size_t kEarly = 20, kLate = 200;
constexpr double kMostGrowth = 1.5;
constexpr double kLeastSpeed = 0.5;
constexpr double kMostMemory = 3;

struct Settings {
  bool json = false;
  std::size_t runs = 7;
  std::size_t bytes = 2'000'000;
  bool only_windows = false;
};

double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

template <typename Work>
double median_us(std::size_t times, Work&& work) {
  std::vector<double> took;
  for (std::size_t i = 0; i < times; ++i) {
    const double start = cpu_us();
    work();
    took.push_back(cpu_us() - start);
  }
  return median(std::move(took));
}

[[noreturn]] void give_up(std::string_view why) {
  fmt::print(stderr, "failed: {}\n", why);
  std::exit(1);
}

/// One turn: median over the conversations.
struct Turn {
  std::size_t number = 0;
  std::size_t bytes = 0, new_bytes = 0;
  double total_us = 0;     ///< all that the pipeline does
  double pass_us = 0;      ///< reading the body, and writing what is sent once
  double simdjson_us = 0;  ///< DOM parse, its buffers and the padded copy ready made
  double rest_us() const { return total_us - pass_us; }
};

struct Memory {
  std::size_t bytes = 0;      ///< of the body
  std::int64_t taken = 0;     ///< at most at once by one request, above what was there before
  std::int64_t resident = 0;  ///< the same, of pages that are in memory; what is reserved and never touched is not
};

struct Figures {
  std::string api, store, model;
  std::vector<Turn> turns;
  Memory memory;
  std::size_t rewrites = 0;  ///< turns that changed what had been sent

  const Turn& at(std::size_t number) const { return turns[number - 1]; }
  /// Of the ten turns up to this one, which do each kind of work once.
  double mean_rest(std::size_t up_to) const {
    double sum = 0;
    for (std::size_t i = up_to - 9; i <= up_to; ++i) sum += at(i).rest_us();
    return sum / 10;
  }
  double growth() const { return at(kLate).rest_us() / at(kEarly).rest_us(); }
  double mean_growth() const { return mean_rest(kLate) / mean_rest(kEarly); }
  double speed() const { return at(kLate).simdjson_us / at(kLate).pass_us; }
  double memory_ratio() const { return ratio(memory.taken); }
  double resident_ratio() const { return ratio(memory.resident); }

 private:
  /// With the body itself.
  double ratio(std::int64_t taken) const {
    return static_cast<double>(taken + static_cast<std::int64_t>(memory.bytes)) / static_cast<double>(memory.bytes);
  }
};

/// What a pipeline needs, in a folder of its own where there are files.
class Workplace {
 public:
  explicit Workplace(bool sqlite) {
    if (sqlite) {
      folder_ = (std::filesystem::temp_directory_path() / "headroom-bench-XXXXXX").string();
      if (::mkdtemp(folder_.data()) == nullptr) give_up("making a folder");
      auto store = store::open_sqlite_store(folder_ + "/ccr.db", {}, clock_);
      auto decisions = store::open_sqlite_decisions(folder_ + "/ccr.db", {}, clock_);
      if (!store || !decisions) give_up("opening the store");
      store_ = *std::move(store);
      decisions_ = *std::move(decisions);
    } else {
      store_ = store::make_memory_store({}, clock_);
      decisions_ = store::make_memory_decisions({}, clock_);
    }
    context::PipelineOptions options;
    options.decisions = decisions_.get();
    options.time_budget_ms = 60'000;
    pipeline_.emplace(registry_, store_.get(), clock_, options);
  }
  ~Workplace() {
    pipeline_.reset();
    store_.reset();
    decisions_.reset();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  context::Outcome send(wire::Api api, const std::string& body) const {
    context::RequestOptions request;
    request.details = false;  // as the proxy
    request.padded = true;
    context::Outcome out = pipeline_->compress_request(api, body, request);
    if (out.failed) give_up(out.skip_reason);
    return out;
  }

 private:
  base::SystemClock clock_;
  compress::Registry registry_ = compress::Registry::standard();
  std::string folder_;
  std::unique_ptr<store::OriginalStore> store_;
  std::unique_ptr<store::DecisionStore> decisions_;
  std::optional<context::Pipeline> pipeline_;
};

/// With room behind it, as the proxy reads bodies.
std::string padded(std::string body) {
  body.reserve(body.size() + base::kJsonPadding);
  return body;
}

struct Setup {
  wire::Api api = wire::Api::kAnthropicMessages;
  bool sqlite = false;
  std::string model;
};

double parse_us(const std::string& body) {
  const simdjson::padded_string padded(body);
  simdjson::dom::parser parser;
  return median_us(5, [&] {
    simdjson::dom::element root;
    if (parser.parse(padded).get(root) != simdjson::SUCCESS) give_up("the body does not parse");
  });
}

/// Each time with a body that has just come, as a request's has: what the caches hold of it counts.
double pass_us(wire::Api api, const Conversation& talk, const std::string& sent) {
  std::vector<double> took;
  for (int i = 0; i < 3; ++i) {
    const std::string body = padded(talk.body());
    took.push_back(median_us(1, [&] {
      if (!wire::read_conversation(api, body, {}, true)) give_up("the body is not read");
      if (std::string(sent).size() != sent.size()) give_up("what is sent is not written");
    }));
  }
  return median(std::move(took));
}

Memory measure_memory(const Setup& setup, const Settings& settings) {
  const Workplace place(setup.sqlite);
  Conversation talk(setup.api, setup.model, 1, settings.bytes);
  for (std::size_t turn = 1; turn < kLate; ++turn) {
    talk.add_turn();
    place.send(setup.api, padded(talk.body()));
  }
  talk.add_turn();
  const std::string body = padded(talk.body());
  const ResidentWatch resident;
  const HeapWatch watch;
  place.send(setup.api, body);
  return {body.size(), watch.peak(), resident.peak()};
}

Figures measure(const Setup& setup, const Settings& settings) {
  Figures figures;
  figures.api = wire::api_name(setup.api);
  figures.store = setup.sqlite ? "sqlite" : "memory";
  figures.model = setup.model;
  std::vector<std::vector<double>> totals(kTurns), passes(kTurns), parses(kTurns);
  for (std::size_t run = 0; run < settings.runs; ++run) {
    const Workplace place(setup.sqlite);
    Conversation talk(setup.api, setup.model, run + 1, settings.bytes);
    std::size_t before = 0;
    for (std::size_t turn = 1; turn <= kTurns; ++turn) {
      talk.add_turn();
      const std::string body = padded(talk.body());
      const double start = cpu_us();
      const context::Outcome out = place.send(setup.api, body);
      totals[turn - 1].push_back(cpu_us() - start);
      // The turns that are shown, and those around the first and the last of them.
      if (turn % 10 == 0 || (turn > kEarly - 10 && turn <= kEarly) || turn > kLate - 10) {
        passes[turn - 1].push_back(pass_us(setup.api, talk, out.changed ? out.body : body));
        parses[turn - 1].push_back(parse_us(body));
      }
      if (run == 0) {
        figures.turns.push_back({turn, body.size(), body.size() - before, 0, 0, 0});
        if (!out.revision_note.empty()) ++figures.rewrites;
      }
      before = body.size();
    }
  }
  for (Turn& turn : figures.turns) {
    turn.total_us = median(totals[turn.number - 1]);
    if (passes[turn.number - 1].empty()) continue;
    turn.pass_us = median(passes[turn.number - 1]);
    turn.simdjson_us = median(parses[turn.number - 1]);
  }
  figures.memory = measure_memory(setup, settings);
  return figures;
}

void print_table(const Figures& figures) {
  fmt::print("\n{}, {}, store in {}\n", figures.api, figures.model, figures.store);
  fmt::print("  {:>5} {:>10} {:>10} {:>11} {:>11} {:>12} {:>11}\n", "turn", "body", "new bytes", "cpu us", "pass us",
             "simdjson us", "rest us");
  for (const std::size_t number : {10, 20, 50, 100, 150, 200}) {
    const Turn& turn = figures.at(number);
    fmt::print("  {:>5} {:>10} {:>10} {:>11.0f} {:>11.0f} {:>12.0f} {:>11.0f}\n", number, turn.bytes, turn.new_bytes,
               turn.total_us, turn.pass_us, turn.simdjson_us, turn.rest_us());
  }
}

bool verdict(std::string_view what, double figure, double bound, bool at_most) {
  const bool met = at_most ? figure <= bound : figure >= bound;
  fmt::print("  {:<62} {:>6.2f}  ({} {:.1f}: {})\n", what, figure, at_most ? "at most" : "at least", bound,
             met ? "met" : "NOT met");
  return met;
}

void print_verdicts(const Figures& figures) {
  verdict("turn 200 / turn 20, the pass over the body aside", figures.growth(), kMostGrowth, true);
  verdict("turns 191 to 200 / turns 11 to 20, likewise", figures.mean_growth(), kMostGrowth, true);
  verdict("speed of the pass / speed of simdjson", figures.speed(), kLeastSpeed, false);
  verdict("resident memory at turn 200, the body included / the body", figures.resident_ratio(), kMostMemory, true);
  fmt::print("  {:<62} {:>6.2f}\n", "the same with what is reserved and never touched", figures.memory_ratio());
}

void write(base::JsonWriter& json, const Figures& figures, bool windows) {
  json.begin_object().member("api", figures.api).member("store", figures.store).member("model", figures.model);
  json.member("growth", fmt::format("{:.3f}", figures.growth()))
      .member("mean_growth", fmt::format("{:.3f}", figures.mean_growth()))
      .member("pass_speed", fmt::format("{:.3f}", figures.speed()))
      .member("resident_ratio", fmt::format("{:.3f}", figures.resident_ratio()))
      .member("memory_ratio", fmt::format("{:.3f}", figures.memory_ratio()))
      .member("window", windows)
      .member("rewrites", figures.rewrites);
  json.key("turns").begin_array();
  for (const Turn& turn : figures.turns) {
    json.begin_object().member("turn", turn.number).member("bytes", turn.bytes).member("new_bytes", turn.new_bytes);
    json.member("cpu_us", static_cast<std::uint64_t>(turn.total_us));
    json.member("pass_us", static_cast<std::uint64_t>(turn.pass_us));
    json.member("simdjson_us", static_cast<std::uint64_t>(turn.simdjson_us)).end_object();
  }
  json.end_array().end_object();
}

int run(const Settings& settings) {
  base::JsonWriter json;
  json.begin_array();
  const auto show = [&](const Figures& figures, bool windows) {
    if (settings.json) {
      write(json, figures, windows);
      return;
    }
    print_table(figures);
    print_verdicts(figures);
    if (windows) fmt::print("  turns that changed what had been sent: {} of {}\n", figures.rewrites, kTurns);
    std::fflush(stdout);
  };
  if (!settings.only_windows) {
    for (const bool sqlite : {false, true}) {
      show(measure({wire::Api::kAnthropicMessages, sqlite, "claude-opus-4-7"}, settings), false);
      show(measure({wire::Api::kOpenAiChat, sqlite, "gpt-4.1"}, settings), false);
    }
  }
  if (!settings.json) fmt::print("\nWith a window that the conversation does not fit\n");
  for (const bool sqlite : {false, true}) {
    show(measure({wire::Api::kAnthropicMessages, sqlite, "claude-sonnet-4-5"}, settings), true);
    show(measure({wire::Api::kOpenAiChat, sqlite, "gpt-4o"}, settings), true);
  }
  json.end_array();
  if (settings.json) fmt::print("{}\n", std::move(json).take());
  return 0;
}

}  // namespace
}  // namespace headroom::bench

int main(int argc, char** argv) {
  headroom::base::keep_freed_memory();  // as the proxy
  headroom::bench::Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const auto number = [&](std::size_t& value) {
      const std::string_view text = i + 1 < argc ? argv[++i] : "";
      if (std::from_chars(text.data(), text.data() + text.size(), value).ptr != text.data() + text.size() ||
          value == 0) {
        headroom::bench::give_up(fmt::format("{} needs a number", argument));
      }
    };
    if (argument == "--json") {
      settings.json = true;
    } else if (argument == "--windows") {
      settings.only_windows = true;
    } else if (argument == "--runs") {
      number(settings.runs);
    } else if (argument == "--bytes") {
      number(settings.bytes);
    } else {
      fmt::print(stderr, "unknown argument: {}\n", argument);
      return 2;
    }
  }
  return headroom::bench::run(settings);
}
