#include "compress/log/templates.h"

#include <algorithm>
#include <unordered_map>

#include "compress/log/facts.h"
#include "compress/log/vocabulary.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kMaxCandidates = 48;  // looked at per shape; more would cost time, not quality
constexpr std::size_t kCrowd = 12;          // shapes in a bucket from which on they are taken for one family
constexpr double kSimilar = 0.6;
constexpr double kSimilarInCrowd = 0.45;
constexpr double kLonePath = 0.5;  // of lines that are one token

struct Shape {
  std::uint64_t hash;
  std::uint32_t first;
  std::uint32_t last;
  std::uint32_t count;
  std::uint32_t template_id;
};

std::uint64_t key_of(const Line& line) {
  return line.shape ^ (static_cast<std::uint64_t>(line.level) * 0xD6E8FEB86659FD93ull);
}

/// Open addressing from a line's key to the index of its shape.
class ShapeTable {
 public:
  explicit ShapeTable(std::size_t lines) {
    std::size_t size = 64;
    while (size < lines * 2 && size < (1u << 22)) size *= 2;
    slots_.assign(size, 0);
  }

  std::uint32_t find_or_add(std::uint64_t hash, std::vector<Shape>& shapes, std::uint32_t line) {
    if (shapes.size() * 2 > slots_.size()) grow(shapes);
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at] != 0) {
      Shape& shape = shapes[slots_[at] - 1];
      if (shape.hash == hash) {
        shape.last = line;
        ++shape.count;
        return slots_[at] - 1;
      }
      at = (at + 1) & (slots_.size() - 1);
    }
    shapes.push_back({hash, line, line, 1, 0});
    slots_[at] = static_cast<std::uint32_t>(shapes.size());
    return slots_[at] - 1;
  }

 private:
  void grow(const std::vector<Shape>& shapes) {
    slots_.assign(slots_.size() * 4, 0);
    for (std::uint32_t i = 0; i < shapes.size(); ++i) {
      std::size_t at = shapes[i].hash & (slots_.size() - 1);
      while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = i + 1;
    }
  }

  std::vector<std::uint32_t> slots_;
};

std::uint64_t own_variation(const Document& document, const Line& line) {
  std::uint64_t bits = 0;
  for (std::uint32_t i = 0; i < line.token_count; ++i) {
    const TokenKind kind = document.tokens[line.first_token + i].kind;
    if (kind != TokenKind::kWord && kind != TokenKind::kMark) bits |= 1ull << i;
  }
  return bits;
}

std::uint64_t bucket_of(const Document& document, const Line& line) {
  std::uint32_t first = 0;
  for (std::uint32_t i = 0; i < line.token_count && first == 0; ++i) {
    const Token& token = document.tokens[line.first_token + i];
    if (token.kind != TokenKind::kWord) continue;
    const WordEntry* entry = lookup_token(token.hash);
    if (entry == nullptr || entry->level == Level::kNone) first = token.hash | 1u;
  }
  return (static_cast<std::uint64_t>(first) << 16) | (static_cast<std::uint64_t>(line.token_count) << 8) |
         (static_cast<std::uint64_t>(line.level) << 1) | (line.indent > 0 ? 1u : 0u);
}

/// Share of equal tokens; two tokens with digits, or two paths, are half equal. 0 as soon as it is sure to come out
/// below `least`, or no higher than `best`.
double similarity(const Document& document, const Line& a, const Line& b, double least, double best,
                  std::uint64_t& differing) {
  const Token* x = document.tokens.data() + a.first_token;
  const Token* y = document.tokens.data() + b.first_token;
  static constexpr double kRounding = 1e-6;
  const double needed = std::max(least, best) * a.token_count - kRounding;
  double sum = a.token_count;  // what it can still come to
  differing = 0;
  for (std::uint32_t i = 0; i < a.token_count; ++i) {
    if (x[i].hash == y[i].hash) continue;
    differing |= 1ull << i;
    const bool half = (x[i].kind == y[i].kind && x[i].kind != TokenKind::kWord && x[i].kind != TokenKind::kMark) ||
                      (x[i].path && y[i].path);
    sum -= half ? 0.5 : 1;
    if (sum < needed) return 0;
  }
  return sum / a.token_count;
}

class Miner {
 public:
  explicit Miner(Document& document) : document_(document) {}

  std::vector<Template> run() {
    std::vector<std::uint32_t> shape_of = collect();
    templates_.push_back({});
    std::unordered_map<std::uint64_t, std::uint32_t> crowd;
    std::vector<std::uint64_t> buckets(shapes_.size());
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      buckets[i] = bucket_of(document_, document_.lines[shapes_[i].first]);
      ++crowd[buckets[i]];
    }
    for (std::size_t i = 0; i < shapes_.size(); ++i) place(shapes_[i], buckets[i], crowd[buckets[i]] >= kCrowd);
    for (std::size_t i = 0; i < document_.lines.size(); ++i) {
      if (!document_.lines[i].has(kBlank)) document_.lines[i].template_id = shapes_[shape_of[i]].template_id;
    }
    return std::move(templates_);
  }

 private:
  std::vector<std::uint32_t> collect() {
    std::vector<std::uint32_t> shape_of(document_.lines.size(), 0);
    ShapeTable table(document_.lines.size());
    for (std::uint32_t i = 0; i < document_.lines.size(); ++i) {
      const Line& line = document_.lines[i];
      if (!line.has(kBlank)) shape_of[i] = table.find_or_add(key_of(line), shapes_, i);
    }
    return shape_of;
  }

  void place(Shape& shape, std::uint64_t bucket, bool crowded) {
    const Line& line = document_.lines[shape.first];
    std::vector<std::uint32_t>& candidates = by_bucket_[bucket];
    const double least = crowded && line.level < Level::kProblem ? kSimilarInCrowd : kSimilar;
    const double bound = line.token_count == 1 ? std::min(least, kLonePath) : least;
    double best = 0;
    std::uint32_t chosen = 0;
    std::uint64_t chosen_differing = 0;
    for (std::uint32_t id : candidates) {
      std::uint64_t differing = 0;
      const double s = similarity(document_, line, document_.lines[templates_[id].sample], bound, best, differing);
      if (s > best) {
        best = s;
        chosen = id;
        chosen_differing = differing;
      }
    }
    const bool lone_path = line.token_count == 1 && best >= kLonePath;
    const bool similar = (best >= least && line.token_count > 1) || lone_path;
    if (chosen != 0 && similar && fact_name(line) == fact_name(document_.lines[templates_[chosen].sample])) {
      Template& t = templates_[chosen];
      t.varying |= chosen_differing;
      t.count += shape.count;
      t.last = std::max(t.last, shape.last);
      shape.template_id = chosen;
      return;
    }
    shape.template_id = static_cast<std::uint32_t>(templates_.size());
    templates_.push_back({shape.first, shape.last, shape.count, line.level, own_variation(document_, line)});
    if (candidates.size() < kMaxCandidates) candidates.push_back(shape.template_id);
  }

  Document& document_;
  std::vector<Shape> shapes_;
  std::vector<Template> templates_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_bucket_;
};

/// Token `token` with '#' for its digits where it keeps its other characters, or "#" as a whole.
void add_masked(std::string& out, std::string_view token, bool whole) {
  if (whole || token.size() > 24) {
    out += '#';
    return;
  }
  bool number = false;
  for (char c : token) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit) out += c;
    if (is_digit && !number) out += '#';
    number = is_digit;
  }
}

/// The punctuation between two tokens, runs of white space and of one character as one, terminal escapes left out.
void add_between(std::string& out, std::string_view between) {
  for (std::size_t at = 0; at < between.size() && at < 60; ++at) {
    const char c = between[at];
    if (c == '\x1b') {
      while (at < between.size() && !((between[at] | 0x20) >= 'a' && (between[at] | 0x20) <= 'z')) ++at;
      continue;
    }
    const bool space = c == ' ' || c == '\t' || c == '\r';
    if (space ? out.empty() || out.back() == ' ' : !out.empty() && out.back() == c) continue;
    if (out.empty() && std::string_view("]):,|").find(c) != std::string_view::npos) continue;
    out += space ? ' ' : c;
  }
}

}  // namespace

std::vector<Template> mine_templates(Document& document) {
  return Miner(document).run();
}

std::string template_text(const Document& document, const Template& t, std::size_t most) {
  const Line& line = document.lines[t.sample];
  const Line& last = document.lines[t.last];
  std::string out;
  std::size_t copied = 0;  // end of the last token in the sample
  bool skipped = false;    // the last token was left out
  for (std::uint32_t i = 0; i < line.token_count && out.size() < most; ++i) {
    const Token& token = document.tokens[line.first_token + i];
    const std::string_view text = document.text_of(line, token);
    const std::size_t end = token.begin + token.size;
    const WordEntry* entry = token.kind == TokenKind::kWord ? lookup_token(token.hash) : nullptr;
    const bool level = entry != nullptr && entry->level != Level::kNone && i + 1 < line.token_count;
    if (token.kind == TokenKind::kTime || end <= line.content || (out.empty() && level)) {
      copied = end;
      skipped = true;
      continue;
    }
    while (skipped && copied < token.begin &&
           std::string_view("])\"',: ").find(line.text[copied]) != std::string_view::npos)
      ++copied;
    add_between(out, line.text.substr(copied, token.begin - copied));
    copied = end;
    skipped = false;
    const bool varies = (t.varying >> i & 1u) != 0;
    if (varies) {
      const bool whole = i < last.token_count && document.tokens[last.first_token + i].hash != token.hash;
      add_masked(out, text, whole || token.kind == TokenKind::kNumber);
    } else if (token.size > 40) {
      std::size_t cut = 32;
      while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0u) == 0x80u) --cut;
      out.append(text.substr(0, cut)).append("...");
    } else {
      out += text;
    }
  }
  if (out.size() < most && line.token_count < kMaxTokens) add_between(out, line.text.substr(copied));
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace headroom::compress::log
