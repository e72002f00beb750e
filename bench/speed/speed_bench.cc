// How long compression takes, beside what any reader of the same bytes must at least do: one simdjson DOM parse.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <simdjson.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json_document.h"
#include "base/splice.h"
#include "code_samples.h"
#include "compress/code/code_compressor.h"
#include "compress/code/language.h"
#include "compress/code/syntax.h"
#include "compress/registry/registry.h"
#include "context/pipeline.h"
#include "detect/detect.h"
#include "kind_samples.h"
#include "samples.h"
#include "store/original_store.h"
#include "tokens/tokenizer.h"
#include "wire/conversation.h"

namespace headroom::bench {
namespace {

constexpr std::size_t kMegabyte = 1 << 20;

/// Records that come to at least 10,000 tokens.
const std::string& records_of_10k_tokens() {
  static const std::string text = [] {
    std::size_t count = 100;
    while (tokens::o200k_base().count(json_records(count)) < 10'000) count += 10;
    return json_records(count);
  }();
  return text;
}

const std::string& megabyte_log() {
  static const std::string text = application_log(kMegabyte);
  return text;
}

void set_bytes(benchmark::State& state, std::string_view text) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(text.size()));
  state.counters["bytes"] = static_cast<double>(text.size());
  state.counters["tokens"] = static_cast<double>(tokens::o200k_base().count(text));
}

/// Compresses with a fresh pipeline each time, so that no cache of decisions answers.
void compress_text(benchmark::State& state, const std::string& text) {
  const base::SystemClock clock;
  const compress::Registry registry = compress::Registry::standard();
  const auto store = store::make_memory_store({}, clock);
  compress::Query query;
  query.user = "Which ship is late?";
  for (auto _ : state) {
    const context::Pipeline pipeline(registry, store.get(), clock, {});
    benchmark::DoNotOptimize(pipeline.compress_text(text, query, "gpt-4o"));
  }
  set_bytes(state, text);
}

/// A text of a known kind, through its compressor alone; bytes that detection would look at make no difference here.
void compress_kind(benchmark::State& state, const KindSample& sample) {
  const base::SystemClock clock;
  const compress::Registry registry = compress::Registry::standard();
  const auto store = store::make_memory_store({}, clock);
  compress::Query query;
  query.user = "Which ship carries citrus to Dover, and who must not unload it?";
  bool known = false;
  const detect::ContentType type = detect::content_type_from_name(sample.type, known);
  double share = 0;
  for (auto _ : state) {
    const context::Pipeline pipeline(registry, store.get(), clock, {});
    const context::Outcome out = pipeline.compress_text(sample.text, query, "gpt-4o", type);
    share = 1 - static_cast<double>(out.tokens_after) / static_cast<double>(out.tokens_before);
  }
  set_bytes(state, sample.text);
  state.counters["saved"] = share;
}

void compress_request(benchmark::State& state, const std::string& body, bool again) {
  const base::SystemClock clock;
  const compress::Registry registry = compress::Registry::standard();
  const auto store = store::make_memory_store({}, clock);
  const context::Pipeline warm(registry, store.get(), clock, {});
  for (auto _ : state) {
    if (again) {
      benchmark::DoNotOptimize(warm.compress_request(wire::Api::kOpenAiChat, body));
    } else {
      const context::Pipeline pipeline(registry, store.get(), clock, {});
      benchmark::DoNotOptimize(pipeline.compress_request(wire::Api::kOpenAiChat, body));
    }
  }
  set_bytes(state, body);
}

void simdjson_dom(benchmark::State& state, const std::string& text) {
  const simdjson::padded_string padded(text);
  simdjson::dom::parser parser;
  for (auto _ : state) {
    simdjson::dom::element root;
    if (parser.parse(padded).get(root) != simdjson::SUCCESS) state.SkipWithError("does not parse");
    benchmark::DoNotOptimize(root);
  }
  set_bytes(state, text);
}

void json_document(benchmark::State& state, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(base::JsonDocument::parse(text));
  set_bytes(state, text);
}

void read_conversation(benchmark::State& state, const std::string& body) {
  for (auto _ : state) benchmark::DoNotOptimize(wire::read_conversation(wire::Api::kOpenAiChat, body));
  set_bytes(state, body);
}

void count_tokens(benchmark::State& state, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(tokens::o200k_base().count(text));
  set_bytes(state, text);
}

void detect_type(benchmark::State& state, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(detect::detect(text));
  set_bytes(state, text);
}

void content_id(benchmark::State& state, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(base::content_id(text));
  set_bytes(state, text);
}

/// Source code by its compressor alone.
void compress_code(benchmark::State& state, const CodeSample& sample) {
  const std::string& text = sample.text;
  compress::Query query;
  query.user = "Which ship is late?";
  query.call.path = std::string(sample.path);
  const std::string id = base::content_id(text);
  const compress::CodeCompressor compressor;
  for (auto _ : state) {
    benchmark::DoNotOptimize(compressor.compress({.text = text,
                                                  .type = detect::ContentType::kCode,
                                                  .query = query,
                                                  .tokenizer = tokens::o200k_base(),
                                                  .id = id}));
  }
  set_bytes(state, text);
}

/// ... and on the whole way that a file that was read takes: what it is, its tokens, the original's id, the store.
void route_code(benchmark::State& state, const CodeSample& sample) {
  const base::SystemClock clock;
  const compress::Registry registry = compress::Registry::standard();
  const auto store = store::make_memory_store({}, clock);
  compress::Query query;
  query.user = "Which ship is late?";
  query.tool_name = "Read";
  query.tool_arguments = fmt::format(R"({{"file_path": "{}"}})", sample.path);
  query.call.path = std::string(sample.path);
  double share = 0;
  for (auto _ : state) {
    const context::Pipeline pipeline(registry, store.get(), clock, {});
    const context::Outcome out = pipeline.compress_text(sample.text, query, "gpt-4o");
    share = 1 - static_cast<double>(out.tokens_after) / static_cast<double>(out.tokens_before);
  }
  set_bytes(state, sample.text);
  state.counters["saved"] = share;
}

/// What any reader of the syntax must at least do.
void tree_sitter(benchmark::State& state, const CodeSample& sample) {
  const std::string& text = sample.text;
  const compress::code::Language* language = compress::code::language_by_name(sample.language);
  for (auto _ : state) {
    benchmark::DoNotOptimize(compress::code::parse(*language, text, base::Deadline::never()));
  }
  set_bytes(state, text);
}

/// Every kilobyte's middle is replaced by something shorter.
void splice(benchmark::State& state, const std::string& body) {
  std::vector<base::Edit> edits;
  for (std::size_t at = 0; at + 1024 < body.size(); at += 1024)
    edits.push_back({{at + 256, at + 768}, std::string(64, 'x')});
  for (auto _ : state) benchmark::DoNotOptimize(base::splice(body, edits));
  set_bytes(state, body);
}

void register_all() {
  const auto add = [](const char* name, auto function, auto... arguments) {
    benchmark::RegisterBenchmark(name, [=](benchmark::State& state) {
      function(state, arguments()...);
    })->Unit(benchmark::kMicrosecond);
  };
  add("json_10k_tokens/compress", compress_text, [] { return records_of_10k_tokens(); });
  add("json_10k_tokens/simdjson_dom", simdjson_dom, [] { return records_of_10k_tokens(); });
  add("json_10k_tokens/json_document", json_document, [] { return records_of_10k_tokens(); });
  add("json_10k_tokens/count_tokens", count_tokens, [] { return records_of_10k_tokens(); });
  add("json_10k_tokens/detect", detect_type, [] { return records_of_10k_tokens(); });
  add("log_1mb/compress", compress_text, [] { return megabyte_log(); });
  add("log_1mb/count_tokens", count_tokens, [] { return megabyte_log(); });
  add("log_1mb/detect", detect_type, [] { return megabyte_log(); });
  add("log_1mb/content_id", content_id, [] { return megabyte_log(); });
  const auto body = [] { return request_with(records_of_10k_tokens()); };
  add("request_10k_tokens/first_time", compress_request, body, [] { return false; });
  add("request_10k_tokens/again", compress_request, body, [] { return true; });
  add("request_10k_tokens/simdjson_dom", simdjson_dom, body);
  add("request_10k_tokens/read_conversation", read_conversation, body);
  for (const KindSample& kind : kind_samples(kMegabyte)) {
    const std::string name = "kinds_1mb/" + kind.name;
    add(name.c_str(), compress_kind, [kind] { return kind; });
  }
  for (const std::size_t bytes : {std::size_t{200'000}, kMegabyte}) {
    for (const CodeSample& code : code_samples(bytes)) {
      const std::string name = fmt::format("{}_{}/", code.language, bytes == kMegabyte ? "1mb" : "200kb");
      add((name + "routed").c_str(), route_code, [code] { return code; });
      if (bytes != kMegabyte) add((name + "compress").c_str(), compress_code, [code] { return code; });
      add((name + "tree_sitter").c_str(), tree_sitter, [code] { return code; });
    }
  }
  add("splice/1mb_1000_edits", splice, [] { return megabyte_log(); });
}

}  // namespace
}  // namespace headroom::bench

int main(int argc, char** argv) {
  headroom::bench::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
