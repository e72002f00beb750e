#include "learned/kompress.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "base/hash.h"

namespace headroom::learned {
namespace {

constexpr std::size_t kMostThreads = 4;
constexpr std::size_t kFewestWords = 64;  // less is too little to judge by
constexpr std::size_t kMostKnown = 8192;  // chunks; some 50 bytes each
constexpr std::string_view kSpace = " \t\n\r\f\v";
constexpr std::string_view kScores = "final_scores";

void split(std::string_view text, std::vector<std::string_view>& words) {
  for (std::size_t at = text.find_first_not_of(kSpace); at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(kSpace, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kSpace, end);
  }
}

std::uint64_t digest_of(const Kompress::Chunk& chunk) {
  const auto bytes = std::as_bytes(std::span(chunk.ids));
  return base::hash64({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, chunk.word_begins.size());
}

}  // namespace

base::Result<std::unique_ptr<Kompress>> Kompress::load(std::shared_ptr<const OnnxRuntime> runtime,
                                                       const KompressFiles& files) {
  auto kompress = std::make_unique<Kompress>();
  auto tokenizer = TokenizerFile::load(files.tokenizer);
  if (!tokenizer) return std::unexpected(tokenizer.error());
  kompress->tokenizer_ = std::move(*tokenizer);
  auto model = OnnxModel::load(std::move(runtime), files.model);
  if (!model) return std::unexpected(model.error());
  const auto has = [](const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
  };
  const OnnxModel& loaded = **model;
  if (loaded.input_names().size() != 2 || !has(loaded.input_names(), "input_ids") ||
      !has(loaded.input_names(), "attention_mask") || !has(loaded.output_names(), kScores)) {
    return base::fail(base::ErrorCode::kUnavailable, "the model is not of Kompress's sort");
  }
  kompress->model_ = std::move(*model);
  return kompress;
}

Kompress::Chunk Kompress::sample() const {
  static constexpr std::array<std::string_view, 7> kWords = {"the", "pump", "stops", "when", "its", "filter", "clogs."};
  std::vector<std::string_view> words(kWordsOfChunk);
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = kWords[i % kWords.size()];
  std::size_t at = 0;
  return next_chunk(words, at, words.size());
}

Kompress::Chunk Kompress::next_chunk(std::span<const std::string_view> words, std::size_t& at, std::size_t stop) const {
  Chunk chunk{.ids = tokenizer_->prefix()};
  const std::size_t most = kTokensOfChunk - tokenizer_->suffix().size();
  for (std::size_t count = 0; at < stop && count < kWordsOfChunk; ++count, ++at) {
    const std::size_t begin = chunk.ids.size();
    tokenizer_->encode_word(words[at], most - tokenizer_->prefix().size() + 1, chunk.ids);
    if (chunk.ids.size() > most) {
      // The next chunk's, unless no chunk has room for it.
      chunk.ids.resize(count == 0 ? most : begin);
      if (count > 0) break;
    }
    chunk.word_begins.push_back(static_cast<std::uint32_t>(begin));
  }
  chunk.end = static_cast<std::uint32_t>(chunk.ids.size());
  chunk.ids.insert(chunk.ids.end(), tokenizer_->suffix().begin(), tokenizer_->suffix().end());
  return chunk;
}

base::Result<std::vector<float>> Kompress::run(const Chunk& chunk, base::Deadline deadline) const {
  const auto length = static_cast<std::int64_t>(chunk.ids.size());
  const std::array<OnnxInput, 2> inputs = {
      OnnxInput{"input_ids", {1, length}, chunk.ids},
      OnnxInput{"attention_mask", {1, length}, std::vector<std::int64_t>(chunk.ids.size(), 1)}};
  const auto output = model_->run(inputs, std::string(kScores), deadline);
  if (!output) return std::unexpected(output.error());
  if (output->values.size() != chunk.ids.size()) {
    return base::fail(base::ErrorCode::kUnavailable, "the model does not give one value a token");
  }
  std::vector<float> best;
  for (std::size_t w = 0; w < chunk.word_begins.size(); ++w) {
    const std::size_t end = w + 1 < chunk.word_begins.size() ? chunk.word_begins[w + 1] : chunk.end;
    float value = 0;
    for (std::size_t i = chunk.word_begins[w]; i < end; ++i) value = std::max(value, output->values[i]);
    best.push_back(value);
  }
  return best;
}

std::unique_ptr<KompressJudge> KompressJudge::find(Places places) {
  KompressFiles files = find_kompress(places);
  if (!files.found()) return nullptr;
  std::error_code failed;
  const auto size = std::filesystem::file_size(files.model, failed);
  std::string identity =
      fmt::format("{}:{}", std::filesystem::path(files.model).filename().string(), failed ? 0 : size);
  return std::unique_ptr<KompressJudge>(new KompressJudge(std::move(places), std::move(files), std::move(identity)));
}

std::string KompressJudge::prepare() const {
  std::call_once(once_, [this] {
    auto runtime = OnnxRuntime::open(runtime_candidates(places_));
    if (!runtime) {
      why_not_ = runtime.error().message;
      return;
    }
    auto kompress = Kompress::load(*runtime, files_);
    if (!kompress) {
      why_not_ = kompress.error().message;
      return;
    }
    kompress_ = std::move(*kompress);
  });
  return why_not_;
}

void KompressJudge::warm_up() const {
  if (!prepare().empty()) return;
  const Kompress::Chunk chunk = kompress_->sample();
  // The first run sets memory up, so it is slower than the others.
  for (int i = 0; i < 2; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (kompress_->run(chunk, base::Deadline::never())) keep_pace(std::chrono::steady_clock::now() - begin);
  }
}

/// The chunks of a text, and what is known of each.
struct KompressJudge::Reading {
  std::vector<Kompress::Chunk> chunks;
  std::vector<std::vector<bool>> kept;  ///< of the words of each chunk
  std::vector<std::size_t> unread;
};

KompressJudge::Reading KompressJudge::start(std::span<const std::string_view> words,
                                            std::span<const std::size_t> ends) const {
  Reading reading;
  for (std::size_t at = 0; at < words.size();) {
    // Whole sentences, where one fits at all.
    const auto last = std::ranges::upper_bound(ends, at + Kompress::kWordsOfChunk);
    const std::size_t fitting = last == ends.begin() ? 0 : *(last - 1);
    reading.chunks.push_back(kompress_->next_chunk(words, at, fitting > at ? fitting : words.size()));
  }
  reading.kept.resize(reading.chunks.size());
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < reading.chunks.size(); ++i) {
    const auto found = known_.find(digest_of(reading.chunks[i]));
    if (found == known_.end()) {
      reading.unread.push_back(i);
    } else {
      reading.kept[i] = found->second;
    }
  }
  return reading;
}

/// Reads what is unread, each chunk on one thread, several at once. Why it cannot, or empty.
std::string KompressJudge::finish(Reading& reading, base::Deadline deadline) const {
  const std::size_t count = reading.unread.size();
  const std::size_t threads =
      std::min({std::size_t{std::max(1u, std::thread::hardware_concurrency())}, kMostThreads, count});
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::string problem;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      // Half a reading is of no use, so it is given up as soon as it is plain that the time is too short.
      const std::int64_t left = deadline.left_ns();
      const auto rounds = static_cast<std::int64_t>((count - i + threads - 1) / threads);
      base::Result<std::vector<float>> values = base::fail(base::ErrorCode::kTimeout, "");
      if (left > 0 && left / rounds >= pace_ns_) {
        const auto begin = std::chrono::steady_clock::now();
        values = kompress_->run(reading.chunks[reading.unread[i]], deadline);
        if (values) keep_pace(std::chrono::steady_clock::now() - begin);
      }
      const std::scoped_lock lock(mutex);
      if (!values) {
        const bool late = values.error().code == base::ErrorCode::kTimeout;
        problem = late ? fmt::format("no time for {} chunks of text", count) : values.error().message;
        next = count;
        return;
      }
      for (const float value : *values) reading.kept[reading.unread[i]].push_back(value > Kompress::kKeeps);
    }
  };
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
  helpers.clear();
  return problem;
}

/// The quickest chunk so far: a machine that was busy for a while is given another chance.
void KompressJudge::keep_pace(std::chrono::nanoseconds took) const {
  std::int64_t known = pace_ns_;
  while ((known == 0 || took.count() < known) && !pace_ns_.compare_exchange_weak(known, took.count())) {
  }
}

compress::SentenceJudge::Opinion KompressJudge::judge(std::string_view text, std::span<const base::Span> sentences,
                                                      base::Deadline deadline) const {
  if (std::string why = prepare(); !why.empty()) return {{}, std::move(why)};
  std::vector<std::string_view> words;
  std::vector<std::size_t> ends;  // of each sentence, in words
  for (const base::Span& sentence : sentences) {
    split(text.substr(sentence.begin, sentence.size()), words);
    ends.push_back(words.size());
  }
  if (words.size() < kFewestWords) return {{}, fmt::format("under {} words", kFewestWords)};
  Reading reading = start(words, ends);
  std::string problem = finish(reading, deadline);
  {
    const std::scoped_lock lock(mutex_);
    if (known_.size() + reading.unread.size() > kMostKnown) known_.clear();
    for (const std::size_t i : reading.unread) {
      if (!reading.kept[i].empty()) known_.emplace(digest_of(reading.chunks[i]), reading.kept[i]);
    }
  }
  if (!problem.empty()) return {{}, std::move(problem)};
  std::vector<std::size_t> kept_before = {0};  // of the words before each
  for (const std::vector<bool>& part : reading.kept) {
    for (const bool keeps : part) kept_before.push_back(kept_before.back() + (keeps ? 1 : 0));
  }
  Opinion opinion;
  std::size_t at = 0;
  for (const std::size_t end : ends) {
    const std::size_t kept = kept_before[end] - kept_before[at];
    opinion.shares.push_back(end == at ? 0.0f : static_cast<float>(kept) / static_cast<float>(end - at));
    at = end;
  }
  return opinion;
}

}  // namespace headroom::learned
