#include "compress/prose/relevance.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace headroom::compress::prose {
namespace {

constexpr std::size_t kGroups = 48;
constexpr std::size_t kFewSay = 4;  // sentences
constexpr std::size_t kNearest = 2;
constexpr float kSays = 0.25f;
constexpr float kHintsAt = 0.05f;
constexpr std::size_t kFewHits = 12;  // a literal with more hits than this says little about each

bool word_char(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

/// What a term of the text counts for a group of the question.
struct Hit {
  std::uint8_t group = 0;
  float weight = 0;
};

/// 1: the same word; less: another form of it; 0: another word.
float likeness(std::string_view a, std::string_view b) {
  if (a == b) return 1.0f;
  const std::size_t shorter = std::min(a.size(), b.size());
  const std::size_t longer = std::max(a.size(), b.size());
  std::size_t same = 0;
  while (same < shorter && a[same] == b[same]) ++same;
  const std::size_t wide = static_cast<unsigned char>(a[0]) >= 0x80 ? 2 : 1;
  if (same == shorter && same >= 4 * wide && longer - same <= 4 * wide) return 0.85f;
  if (same >= 5 * wide && longer - same <= 5 * wide && same * 2 > longer) return 0.55f;
  return 0;
}

using Best = std::array<float, kGroups>;

float sum_of(const Best& best) {
  float sum = 0;
  std::size_t met = 0;
  for (const float value : best) {
    sum += value;
    met += value > 0.15f;
  }
  return met < 2 ? sum : sum * (1.0f + 0.2f * static_cast<float>(std::min<std::size_t>(met - 1, 5)));
}

void raise(Best& best, const Best& by, float factor) {
  for (std::size_t g = 0; g < kGroups; ++g) best[g] = std::max(best[g], by[g] * factor);
}

class Finder {
 public:
  Finder(const Document& d, const Vocabulary& v, const Question& q) : d_(d), v_(v), q_(q) { match_terms(); }

  Relevance run() {
    out_.sentence.assign(d_.sentences.size(), 0.0f);
    out_.own.assign(d_.blocks.size(), 0.0f);
    blocks_.assign(d_.blocks.size(), Best{});
    for (std::uint32_t s = 0; s < d_.sentences.size(); ++s) {
      Best best{};
      bool any = false;
      for (const std::uint32_t term : v_.terms_of(s)) {
        for (std::uint32_t k = hits_of_[term]; k < hits_of_[term + 1]; ++k) {
          // Several words for one thing say it more surely than one.
          float& value = best[hits_[k].group];
          const float more = hits_[k].weight;
          value = std::max(value, more) + 0.25f * std::min(value, more);
          any = true;
        }
      }
      if (!any) continue;
      out_.sentence[s] = sum_of(best);
      note_parts(s, best);
      for (std::size_t g = 0; g < kGroups; ++g) {
        if (best[g] > kSays) saying_[g].push_back(s);
      }
      raise(blocks_[d_.sentences[s].block], best, 1.0f);
    }
    score_blocks();
    for (const std::string& literal : q_.literal) find_literal(literal);
    std::ranges::sort(out_.literals);
    const auto tail = std::ranges::unique(out_.literals);
    out_.literals.erase(tail.begin(), tail.end());
    smooth();
    pick_by_word();
    for (const Nearest& part : parts_) {
      if (part.value > 0) out_.by_part.push_back(part.sentence);
    }
    return std::move(out_);
  }

 private:
  void match_terms() {
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_start;
    const auto key = [](std::string_view text) {
      return text.size() < 2 ? static_cast<unsigned char>(text[0])
                             : static_cast<std::uint32_t>(static_cast<unsigned char>(text[0])) << 8 |
                                   static_cast<unsigned char>(text[1]);
    };
    for (std::uint32_t k = 0; k < q_.terms.size(); ++k) by_start[key(q_.terms[k].text)].push_back(k);
    hits_of_.push_back(0);
    const float n = static_cast<float>(d_.sentences.size());
    for (std::uint32_t t = 0; t < v_.terms().size(); ++t) {
      const Term& term = v_.terms()[t];
      const auto found = term.stop || term.sentences == 0 ? by_start.end() : by_start.find(key(term.text));
      if (found != by_start.end()) {
        const float common = static_cast<float>(term.sentences) > n * 0.3f ? 0.3f : 1.0f;
        for (const std::uint32_t k : found->second) {
          const float like = likeness(q_.terms[k].text, term.text);
          if (like <= 0) continue;
          const float worth = (0.15f + 0.85f * v_.rarity(t)) * common;
          hits_.push_back({q_.terms[k].group, q_.terms[k].weight * like * worth});
        }
      }
      hits_of_.push_back(static_cast<std::uint32_t>(hits_.size()));
    }
  }

  void note_parts(std::uint32_t s, const Best& best) {
    parts_.resize(q_.parts.size());
    for (std::size_t p = 0; p < q_.parts.size(); ++p) {
      float sum = 0;
      int met = 0;
      for (std::size_t g = 0; g < kGroups; ++g) {
        if ((q_.parts[p] >> g & 1) == 0 || best[g] <= kHintsAt) continue;
        sum += best[g];
        ++met;
      }
      if (met > 1 && sum > parts_[p].value) parts_[p] = {sum, s};
    }
  }

  void score_blocks() {
    Best covered{};
    std::vector<Best> headings(d_.sections.size(), Best{});
    for (std::uint32_t s = 0; s < d_.sections.size(); ++s) {
      const Section& section = d_.sections[s];
      if (section.parent != kNone) raise(headings[s], headings[section.parent], 0.6f);
      if (section.heading != kNone) raise(headings[s], blocks_[section.heading], 1.0f);
    }
    for (std::uint32_t b = 0; b < d_.blocks.size(); ++b) {
      const Block& block = d_.blocks[b];
      Best best = blocks_[b];
      std::uint32_t head = block.head;
      float factor = 0.75f;
      for (int up = 0; up < 4 && head != kNone; ++up) {
        raise(best, blocks_[head], factor);
        head = d_.blocks[head].head;
        factor *= 0.75f;
      }
      // A heading alone answers nothing; what stands under it may.
      raise(best, headings[block.section], 0.6f);
      out_.own[b] = sum_of(best);
      if (out_.own[b] > out_.best && block.kind != BlockKind::kHeading) {
        out_.best = out_.own[b];
        covered = best;
      }
    }
    if (q_.weight_of_user <= 0) return;
    std::array<float, kGroups> weight{};
    for (const QuestionTerm& term : q_.terms) {
      if (term.user) weight[term.group] = std::max(weight[term.group], term.weight);
    }
    float met = 0;
    for (std::size_t g = 0; g < kGroups; ++g) met += covered[g] > 0 ? std::min(weight[g], 1.0f) : 0.0f;
    out_.coverage = std::min(1.0f, met / q_.weight_of_user);
  }

  void find_literal(const std::string& needle) {
    std::vector<std::uint32_t> hits;
    for (std::size_t at = d_.text.find(needle); at != std::string_view::npos;
         at = d_.text.find(needle, at + needle.size())) {
      const std::size_t after = at + needle.size();
      const bool cut = (at > 0 && word_char(needle.front()) && word_char(d_.text[at - 1])) ||
                       (after < d_.text.size() && word_char(needle.back()) && word_char(d_.text[after]));
      if (cut) continue;
      const auto next = std::ranges::upper_bound(d_.sentences, at, {}, &Sentence::begin);
      if (next == d_.sentences.begin()) continue;
      const auto index = static_cast<std::uint32_t>(next - d_.sentences.begin() - 1);
      if (hits.empty() || hits.back() != index) hits.push_back(index);
      if (hits.size() > 4000) break;
    }
    for (const std::uint32_t s : hits) {
      const float bonus = hits.size() <= kFewHits ? 0.8f : 0.2f;
      out_.sentence[s] += bonus;
      const std::uint32_t b = d_.sentences[s].block;
      out_.own[b] += bonus;
      out_.best = std::max(out_.best, out_.own[b]);
    }
    if (hits.size() > kFewHits) hits.resize(2);
    out_.literals.insert(out_.literals.end(), hits.begin(), hits.end());
  }

  void pick_by_word() {
    for (const QuestionTerm& term : q_.terms) {
      if (!term.user || term.group >= kGroups) continue;
      std::vector<std::uint32_t>& said = saying_[term.group];
      if (said.size() > kFewSay) {
        std::ranges::stable_sort(said, std::greater<>(), [&](std::uint32_t s) { return out_.sentence[s]; });
        said.resize(kNearest);
      }
      out_.by_word.insert(out_.by_word.end(), said.begin(), said.end());
      said.clear();
    }
  }

  /// What stands beside a matching block is likely to go on about it.
  void smooth() {
    const std::size_t n = d_.blocks.size();
    out_.block = out_.own;
    for (std::size_t b = 0; b < n; ++b) {
      const auto lend = [&](std::size_t from, float factor) {
        if (from >= n || d_.blocks[from].section != d_.blocks[b].section) return;
        if (d_.blocks[from].kind == BlockKind::kHeading) return;
        out_.block[b] = std::max(out_.block[b], out_.own[b] * 0.6f + out_.own[from] * factor);
      };
      lend(b - 1, 0.5f);
      lend(b + 1, 0.35f);
      lend(b - 2, 0.3f);
    }
  }

  const Document& d_;
  const Vocabulary& v_;
  const Question& q_;
  std::vector<Hit> hits_;
  std::vector<std::uint32_t> hits_of_;
  std::vector<Best> blocks_;
  struct Nearest {
    float value = 0;
    std::uint32_t sentence = 0;
  };
  std::vector<Nearest> parts_;                              ///< by part of the question
  std::array<std::vector<std::uint32_t>, kGroups> saying_;  ///< by group: the sentences that say it
  Relevance out_;
};

}  // namespace

Relevance find_relevance(const Document& document, const Vocabulary& vocabulary, const Question& question) {
  return Finder(document, vocabulary, question).run();
}

}  // namespace headroom::compress::prose
