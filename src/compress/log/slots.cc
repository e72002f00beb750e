#include "compress/log/slots.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "base/text.h"
#include "compress/log/vocabulary.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kMaxValues = 48;
constexpr std::size_t kMaxEnds = 12;
constexpr std::size_t kSample = 2048;
constexpr std::size_t kMaxSlots = 12;

constexpr std::array<std::string_view, 40> kMeasures = {
    "latency", "took", "duration", "elapsed", "time",    "ms",      "rt",       "size",   "bytes",  "length",
    "depth",   "lag",  "count",    "rows",    "retries", "attempt", "attempts", "memory", "mem",    "rss",
    "heap",    "cpu",  "load",     "usage",   "used",    "free",    "delay",    "wait",   "offset", "ttl",
    "score",   "rate", "queue",    "pending", "age",     "cost",    "total",    "len",    "temp",   "seconds"};

bool measures(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return std::ranges::any_of(kMeasures, [&](std::string_view word) {
    const std::size_t at = lower.find(word);
    if (at == std::string::npos) return false;
    const auto letter = [&](std::size_t i) { return i < lower.size() && lower[i] >= 'a' && lower[i] <= 'z'; };
    return (at == 0 || !letter(at - 1)) && !letter(at + word.size());
  });
}

/// Splits "lag=5" is not needed ('=' ends a token); "took:5" is: the part before the last colon names the part behind
/// it.
struct Named {
  std::string_view name;
  std::string_view value;
};

Named split_name(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || text[0] < 'A') return {{}, text};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

class Collector {
  struct Ends {
    bool heads = true;
    bool tails = true;
  };

 public:
  Collector(const Document& document, const Template& t) : document_(document), varying_(t.varying) {
    const Line& sample = document.lines[t.sample];
    for (std::uint64_t bits = t.varying; bits != 0 && slots_.size() < kMaxSlots; bits &= bits - 1) {
      const auto i = static_cast<std::uint32_t>(std::countr_zero(bits));
      if (i >= sample.token_count) break;
      const Token& token = document.tokens[sample.first_token + i];
      if (token.kind == TokenKind::kTime || token.begin + token.size <= sample.content) continue;
      Slot slot;
      slot.token = i;
      slot.name = name_of(sample, i);
      slot.measure = measures(slot.name);
      slots_.push_back(std::move(slot));
      samples_.emplace_back();
      ends_.emplace_back();
    }
    stride_ = std::max<std::uint32_t>(1, t.count / kSample);
  }

  void add(std::uint32_t index) {
    const Line& line = document_.lines[index];
    const bool sampled = seen_++ % stride_ == 0;
    for (std::size_t k = 0; k < slots_.size(); ++k) {
      if (slots_[k].token >= line.token_count) continue;
      const Token& token = document_.tokens[line.first_token + slots_[k].token];
      const std::string_view text = document_.text_of(line, token);
      add_value(slots_[k], text, index);
      if (token.kind == TokenKind::kMixed || token.path) add_ends(slots_[k], ends_[k], text, index);
      if (token.kind != TokenKind::kWord) {
        add_number(slots_[k], samples_[k], text, index, sampled);
      } else {
        if (slots_[k].words++ == 0) slots_[k].first_word = index;
        slots_[k].last_word = index;
      }
    }
  }

  std::vector<Slot> finish() {
    for (std::size_t k = 0; k < slots_.size(); ++k) {
      std::vector<float>& s = samples_[k];
      if (s.empty()) continue;
      const auto nth = [&](double share) {
        const auto at = static_cast<std::size_t>(share * static_cast<double>(s.size() - 1));
        std::nth_element(s.begin(), s.begin() + static_cast<std::ptrdiff_t>(at), s.end());
        return static_cast<double>(s[at]);
      };
      slots_[k].low = nth(0.1);
      slots_[k].median = nth(0.5);
      slots_[k].high = nth(0.98);
    }
    return std::move(slots_);
  }

 private:
  std::string_view name_of(const Line& line, std::uint32_t i) const {
    const Token& token = document_.tokens[line.first_token + i];
    const Named own = split_name(document_.text_of(line, token));
    if (!own.name.empty()) return own.name;
    if (i == 0 || (varying_ >> (i - 1) & 1u) != 0) return {};
    const Token& before = document_.tokens[line.first_token + i - 1];
    if (before.kind != TokenKind::kWord) return {};
    const WordEntry* entry = lookup_token(before.hash);
    return entry != nullptr && entry->level != Level::kNone ? std::string_view() : document_.text_of(line, before);
  }

  /// Counts `text` among `values`; false when there is no room for another distinct one.
  static bool count(std::vector<SlotValue>& values, std::string_view text, std::uint32_t index, std::size_t most) {
    std::uint32_t hash = 2166136261u;
    for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    for (SlotValue& value : values) {
      if (value.hash == hash) {
        ++value.count;
        value.last = index;
        return true;
      }
    }
    if (values.size() >= most) return false;
    values.push_back({hash, 1, index, index, text});
    return true;
  }

  static void add_value(Slot& slot, std::string_view text, std::uint32_t index) {
    if (!slot.many && !count(slot.values, text, index, kMaxValues)) {
      slot.many = true;
      slot.values.clear();
    }
  }

  /// First and last part of a value, as far as these have few different values themselves.
  static void add_ends(Slot& slot, Ends& ends, std::string_view text, std::uint32_t index) {
    if (!ends.heads && !ends.tails) return;
    std::size_t first = 0;
    while (first < text.size() && !inner(text[first])) ++first;
    std::size_t end = first;
    while (end < text.size() && inner(text[end])) ++end;
    std::size_t begin = text.size();
    while (begin > end && inner(text[begin - 1])) --begin;
    if (ends.heads && end > first && end < text.size() &&
        !count(slot.heads, text.substr(first, end - first), index, kMaxEnds)) {
      ends.heads = false;
      slot.heads.clear();
    }
    if (ends.tails && begin < text.size() && begin > end && !count(slot.tails, text.substr(begin), index, kMaxEnds)) {
      ends.tails = false;
      slot.tails.clear();
    }
  }

  static bool inner(char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  }

  void add_number(Slot& slot, std::vector<float>& sample, std::string_view text, std::uint32_t index,
                  bool sampled) const {
    const auto q = parse_quantity(split_name(text).value);
    if (!q) return;
    if (q->dimension != Dimension::kNone) slot.measure = true;
    if (slot.numbers == 0 || q->value > slot.max.value) {
      slot.max = *q;
      slot.max_line = index;
    }
    if (slot.numbers == 0 || q->value < slot.min.value) {
      slot.min = *q;
      slot.min_line = index;
    }
    ++slot.numbers;
    if (sampled) sample.push_back(static_cast<float>(q->value));
  }

  const Document& document_;
  std::uint64_t varying_;
  std::vector<Slot> slots_;
  std::vector<std::vector<float>> samples_;
  std::vector<Ends> ends_;
  std::uint32_t stride_ = 1;
  std::uint32_t seen_ = 0;
};

}  // namespace

std::vector<TemplateSlots> collect_slots(const Document& document, const std::vector<Template>& templates,
                                         std::uint32_t least) {
  std::vector<Collector> collectors;
  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> where(templates.size(), 0);
  for (std::uint32_t id = 1; id < templates.size(); ++id) {
    if (templates[id].count < least) continue;
    collectors.emplace_back(document, templates[id]);
    ids.push_back(id);
    where[id] = static_cast<std::uint32_t>(collectors.size());
  }
  for (std::uint32_t i = 0; i < document.lines.size(); ++i) {
    const std::uint32_t at = where[document.lines[i].template_id];
    if (at != 0) collectors[at - 1].add(i);
  }
  std::vector<TemplateSlots> out;
  for (std::size_t k = 0; k < ids.size(); ++k) out.push_back({ids[k], collectors[k].finish()});
  return out;
}

}  // namespace headroom::compress::log
