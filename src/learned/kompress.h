#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/splice.h"
#include "compress/sentence_judge.h"
#include "learned/onnx.h"
#include "learned/places.h"
#include "learned/tokenizer_file.h"

namespace headroom::learned {

/// Kompress (kompress-v2-base): a ModernBERT that says of each token of a text how sure it is that the text cannot do
/// without it, 0..1. It reads some 350 words at a time. Thread-safe.
class Kompress {
 public:
  static constexpr std::size_t kWordsOfChunk = 350;   ///< what it was trained on
  static constexpr std::size_t kTokensOfChunk = 512;  ///< with [CLS] and [SEP]
  static constexpr float kKeeps = 0.5f;               ///< a word counts as kept when one of its tokens has more

  static base::Result<std::unique_ptr<Kompress>> load(std::shared_ptr<const OnnxRuntime> runtime,
                                                      const KompressFiles& files);

  /// Words of one chunk, in the order of the text, and of each the largest value of its tokens.
  struct Chunk {
    std::vector<std::int64_t> ids;           ///< as the model takes them, with the frame
    std::vector<std::uint32_t> word_begins;  ///< index into `ids` of each word's first token
    std::uint32_t end = 0;                   ///< index after the last word's last token
  };
  /// As many words as it reads at once, to try it out.
  Chunk sample() const;
  /// Takes words from `words[at]` on until the chunk is full; `at` is then the first that is left. `stop`: no further.
  Chunk next_chunk(std::span<const std::string_view> words, std::size_t& at, std::size_t stop) const;
  /// One value a word.
  base::Result<std::vector<float>> run(const Chunk& chunk, base::Deadline deadline) const;

 private:
  std::unique_ptr<OnnxModel> model_;
  std::unique_ptr<TokenizerFile> tokenizer_;
};

/// Kompress as a judge of sentences. Loads it when it is first asked, or by prepare(). What it has once read it
/// remembers for a while, as the same text is judged for several questions. What would not be done by the deadline is
/// not begun.
class KompressJudge final : public compress::SentenceJudge {
 public:
  /// nullptr when there are no files of it. Looks at the names of files only.
  static std::unique_ptr<KompressJudge> find(Places places);

  Opinion judge(std::string_view text, std::span<const base::Span> sentences, base::Deadline deadline) const override;
  std::string_view name() const override { return "Kompress"; }
  std::string_view identity() const override { return identity_; }

  /// Loads the model now, which takes a second or so, so that no request pays for it. Why it cannot, or empty.
  std::string prepare() const;
  /// The same, and reads a sample, so that it is known from the first request on what there is time for.
  void warm_up() const;

 private:
  KompressJudge(Places places, KompressFiles files, std::string identity)
      : places_(std::move(places)), files_(std::move(files)), identity_(std::move(identity)) {}
  struct Reading;
  Reading start(std::span<const std::string_view> words, std::span<const std::size_t> ends) const;
  std::string finish(Reading& reading, base::Deadline deadline) const;
  void keep_pace(std::chrono::nanoseconds took) const;

  Places places_;
  KompressFiles files_;
  std::string identity_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<Kompress> kompress_;
  mutable std::string why_not_;
  mutable std::atomic<std::int64_t> pace_ns_ = 0;  // of a chunk; 0: none was read yet
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::uint64_t, std::vector<bool>> known_;  // of chunks, by a digest of their ids
};

}  // namespace headroom::learned
