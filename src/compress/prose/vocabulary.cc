#include "compress/prose/vocabulary.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/hash.h"
#include "base/text.h"
#include "compress/prose/traits.h"

namespace headroom::compress::prose {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool high(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}
bool word_char(char c) {
  return upper(c) || lower(c) || digit(c) || high(c);
}

struct CodePoint {
  std::uint32_t value = 0;
  std::uint32_t bytes = 1;
};

CodePoint code_point(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xE0) return {(lead & 0x1Fu) << 6 | (byte(at + 1) & 0x3Fu), 2};
  if (lead < 0xF0) return {(lead & 0x0Fu) << 12 | (byte(at + 1) & 0x3Fu) << 6 | (byte(at + 2) & 0x3Fu), 3};
  return {(lead & 0x07u) << 18 | (byte(at + 1) & 0x3Fu) << 12 | (byte(at + 2) & 0x3Fu) << 6 | (byte(at + 3) & 0x3Fu),
          4};
}

/// Written without spaces between words: Han, kana, Hangul, Thai, Lao, Khmer, Burmese.
bool unspaced(std::uint32_t c) {
  return (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
         (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) ||
         (c >= 0x20000 && c <= 0x2FA1F);
}

/// Punctuation of the same blocks and general punctuation, which base::words takes for letters.
bool punctuation(std::uint32_t c) {
  return (c >= 0x2010 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF00 && c <= 0xFF0F) ||
         (c >= 0xFF1A && c <= 0xFF20) || (c >= 0xA0 && c <= 0xBF && c != 0xAA && c != 0xB5 && c != 0xBA);
}

/// Bytes of the punctuation of other scripts at `at`; 0: none.
std::size_t wide_punctuation(std::string_view text, std::size_t at) {
  if (!high(text[at])) return 0;
  const CodePoint c = code_point(text, at);
  return punctuation(c.value) ? std::min<std::size_t>(c.bytes, text.size() - at) : 0;
}

/// End of the word that starts at `at`: word characters, joined by single '_', '-' or an apostrophe.
std::size_t run_end(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size()) {
    while (end < text.size() && word_char(text[end])) {
      if (!high(text[end])) {
        ++end;
        continue;
      }
      if (wide_punctuation(text, end) > 0) return end;
      // Text without spaces is taken in pieces.
      if (end - at > 96) return end;
      end += std::min<std::size_t>(code_point(text, end).bytes, text.size() - end);
    }
    const bool joined = end + 1 < text.size() && (text[end] == '_' || text[end] == '-' || text[end] == '\'') &&
                        word_char(text[end + 1]);
    if (!joined || wide_punctuation(text, end + 1) > 0) break;
    ++end;
  }
  return end;
}

/// Where the rest of a word stands that a line break divides at `end` ("con-" / "figure"); 0: it is not divided.
std::size_t rest_of_divided(std::string_view text, std::size_t end) {
  static constexpr std::string_view kHyphen = "\xE2\x80\x90";
  const std::size_t hyphen = text.substr(end).starts_with('-') ? 1 : text.substr(end).starts_with(kHyphen) ? 3 : 0;
  if (hyphen == 0) return 0;
  std::size_t at = end + hyphen;
  if (at < text.size() && text[at] == '\r') ++at;
  if (at >= text.size() || text[at] != '\n') return 0;
  at = std::min(text.find_first_not_of(" \t", at + 1), text.size());
  return at < text.size() && lower(text[at]) ? at : 0;
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | c >> 6));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xE0 | c >> 12));
    out.push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
}

/// Lower case of Latin-1, Greek and Cyrillic capitals.
std::uint32_t folded(std::uint32_t c) {
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
  if (c >= 0x391 && c <= 0x3A9) return c + 32;
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  return c;
}

/// Terms of a run that is not plain ASCII.
void wide_terms(std::string_view run, std::vector<std::string>& out) {
  std::string word;
  std::string_view before;  // the unspaced character before this one
  std::size_t alone = 0;    // where it starts, when it has met no partner
  bool paired = true;
  const auto flush = [&] {
    if (!word.empty()) {
      for (std::string& term : base::words(word)) out.push_back(std::move(term));
    }
    word.clear();
    if (!before.empty() && !paired) out.emplace_back(before);
    before = {};
    paired = true;
  };
  for (std::size_t at = 0; at < run.size();) {
    const CodePoint c = code_point(run, at);
    const std::size_t bytes = std::min<std::size_t>(c.bytes, run.size() - at);
    if (unspaced(c.value)) {
      if (!word.empty()) flush();
      if (!before.empty()) {
        out.emplace_back(run.substr(alone, at + bytes - alone));
        paired = true;
      } else {
        paired = false;
      }
      before = run.substr(at, bytes);
      alone = at;
    } else if (punctuation(c.value)) {
      flush();
    } else {
      if (!before.empty()) flush();
      if (c.value < 0x80) {
        word.push_back(upper(run[at]) ? static_cast<char>(run[at] | 0x20) : run[at]);
      } else if (c.value > 0xFFFF) {
        word.append(run.substr(at, bytes));
      } else {
        append_utf8(word, folded(c.value));
      }
    }
    at += bytes;
  }
  flush();
}

void run_terms(std::string_view run, std::vector<std::string>& out) {
  if (run.size() > 200) run = run.substr(0, 200);
  if (std::ranges::any_of(run, high)) {
    wide_terms(run, out);
    return;
  }
  const std::size_t apostrophe = run.find('\'');
  if (apostrophe != std::string_view::npos) run = run.substr(0, apostrophe);
  for (std::string& term : base::words(run)) out.push_back(std::move(term));
}

std::uint32_t traits_of_run(std::string_view run) {
  std::string low(run.substr(0, 40));
  std::ranges::transform(low, low.begin(), [](char c) { return upper(c) ? static_cast<char>(c | 0x20) : c; });
  std::uint32_t traits = traits_of_word(low);
  if (digit(run.front())) {
    traits |= kNumber;
    std::size_t end = 0;
    while (end < low.size() && digit(low[end])) ++end;
    // "30s", "64KB", "10x", "3rd".
    if (end < low.size() && low[end] != '-' && low[end] != '_') {
      const std::string_view unit = std::string_view(low).substr(end);
      if (unit == "s" || unit == "h" || unit == "d" || unit == "ms" || (traits_of_word(unit) & kTime) != 0) {
        traits |= kUnit | kTime;
      } else if (unit.size() <= 3) {
        traits |= kUnit;
      }
    }
    const bool year = end == 4 && (low.starts_with("19") || low.starts_with("20"));
    if (year && (low.size() == 4 || low[4] == '-')) traits |= kDate;
  } else if (low.size() > 1 && low[0] == 'v' && digit(low[1])) {
    traits |= kVersion;
  }
  if (low.find('_') != std::string::npos) traits |= kCode;
  return traits;
}

}  // namespace

Vocabulary::Vocabulary(const Document& document) : word_slots_(1024), term_slots_(1024) {
  for (const Sentence& sentence : document.sentences) {
    read_sentence(document.text.substr(sentence.begin, sentence.end - sentence.begin));
  }
  const float n = std::log(static_cast<float>(document.sentences.size()) + 1.0f);
  for (const Term& term : terms_) {
    const float share = std::log(static_cast<float>(term.sentences) + 0.0f);
    rarity_.push_back(n <= 0 ? 1.0f : std::max(0.0f, 1.0f - share / n));
  }
}

void Vocabulary::read_sentence(std::string_view text) {
  Span span{.first = static_cast<std::uint32_t>(all_.size())};
  std::uint32_t traits = 0;
  std::uint32_t before = 0;  // traits of the word before
  std::size_t before_end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (!word_char(c)) {
      if (c == '`') traits |= kCode;
      if (c == '"') traits |= kQuoted;
      if (c == '$' && at + 1 < text.size() && digit(text[at + 1])) traits |= kMoney;
      if (c == '%' && (before & kNumber) != 0 && before_end == at) traits |= kMoney | kUnit;
      if (c == '@' && at > 0 && word_char(text[at - 1])) traits |= kName;
      if (c == '/' && at + 1 < text.size() && (text[at + 1] == '/' || word_char(text[at + 1]))) traits |= kPath;
      if (c == '(' && at > 0 && at + 1 < text.size() && text[at + 1] == ')') traits |= kCode;
      if (c == '.' && at > 0 && at + 1 < text.size() && word_char(text[at - 1]) && word_char(text[at + 1])) {
        traits |= digit(text[at - 1]) && digit(text[at + 1]) ? kVersion : kPath;
      }
      ++at;
      continue;
    }
    if (const std::size_t skip = wide_punctuation(text, at); skip > 0) {
      at += skip;
      continue;
    }
    std::size_t end = run_end(text, at);
    const std::size_t rest = rest_of_divided(text, end);
    const std::uint32_t index = rest > 0 ? joined_index(text, at, end, rest) : word_index(text.substr(at, end - at));
    if (rest > 0) end = run_end(text, rest);
    const Word& word = words_[index];
    ++span.words;
    std::uint32_t own = word.traits;
    if (span.words > 1 && upper(c) && (own & kDate) == 0) traits |= kName;
    // A unit counts with its figure only.
    const bool bare_unit = (own & kUnit) != 0 && (own & kNumber) == 0;
    if (bare_unit && ((before & kNumber) == 0 || at > before_end + 2)) {
      own &= ~static_cast<std::uint32_t>(kUnit | kTime);
      if (word.text.ends_with("ly")) own |= kTime;
    }
    traits |= own;
    before = word.traits;
    before_end = end;
    for (std::uint32_t k = 0; k < word.count; ++k) {
      const std::uint32_t term = word_terms_[word.first + k];
      if (!terms_[term].stop) all_.push_back(term);
    }
    at = end;
  }
  const auto own = std::span(all_).subspan(span.first);
  std::ranges::sort(own);
  const auto tail = std::ranges::unique(own);
  all_.resize(all_.size() - tail.size());
  span.count = static_cast<std::uint32_t>(all_.size()) - span.first;
  for (std::size_t i = span.first; i < all_.size(); ++i) ++terms_[all_[i]].sentences;
  spans_.push_back(span);
  traits_.push_back(traits);
}

std::uint32_t Vocabulary::joined_index(std::string_view text, std::size_t at, std::size_t end, std::size_t rest) {
  joined_.emplace_back(std::string(text.substr(at, end - at)) +
                       std::string(text.substr(rest, run_end(text, rest) - rest)));
  return word_index(joined_.back());
}

std::uint32_t Vocabulary::word_index(std::string_view run) {
  const std::uint64_t hash = base::hash64(run) | 1u;
  std::size_t at = hash >> 8 & (word_slots_.size() - 1);
  while (word_slots_[at].hash != 0) {
    if (word_slots_[at].hash == hash && words_[word_slots_[at].index].text == run) return word_slots_[at].index;
    at = (at + 1) & (word_slots_.size() - 1);
  }
  const auto index = static_cast<std::uint32_t>(words_.size());
  word_slots_[at] = {hash, index};
  Word word{.text = run, .hash = hash, .traits = traits_of_run(run)};
  word.first = static_cast<std::uint32_t>(word_terms_.size());
  std::vector<std::string> terms;
  run_terms(run, terms);
  for (const std::string& term : terms) word_terms_.push_back(term_index(term));
  word.count = static_cast<std::uint32_t>(word_terms_.size()) - word.first;
  words_.push_back(word);
  if (words_.size() * 2 > word_slots_.size()) {
    std::vector<Slot> grown(word_slots_.size() * 4);
    for (std::uint32_t i = 0; i < words_.size(); ++i) {
      std::size_t to = words_[i].hash >> 8 & (grown.size() - 1);
      while (grown[to].hash != 0) to = (to + 1) & (grown.size() - 1);
      grown[to] = {words_[i].hash, i};
    }
    word_slots_ = std::move(grown);
  }
  return index;
}

std::uint32_t Vocabulary::term_index(const std::string& text) {
  const std::uint64_t hash = base::hash64(text) | 1u;
  std::size_t at = hash >> 8 & (term_slots_.size() - 1);
  while (term_slots_[at].hash != 0) {
    if (term_slots_[at].hash == hash && terms_[term_slots_[at].index].text == text) return term_slots_[at].index;
    at = (at + 1) & (term_slots_.size() - 1);
  }
  const auto index = static_cast<std::uint32_t>(terms_.size());
  term_slots_[at] = {hash, index};
  terms_.push_back({.text = text, .stop = base::is_stop_word(text) || (text.size() == 1 && !digit(text[0]))});
  if (terms_.size() * 2 > term_slots_.size()) {
    std::vector<Slot> grown(term_slots_.size() * 4);
    for (const Slot& slot : term_slots_) {
      if (slot.hash == 0) continue;
      std::size_t to = slot.hash >> 8 & (grown.size() - 1);
      while (grown[to].hash != 0) to = (to + 1) & (grown.size() - 1);
      grown[to] = slot;
    }
    term_slots_ = std::move(grown);
  }
  return index;
}

std::vector<std::string> terms_of_text(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    if (!word_char(text[at])) {
      ++at;
      continue;
    }
    if (const std::size_t skip = wide_punctuation(text, at); skip > 0) {
      at += skip;
      continue;
    }
    const std::size_t end = run_end(text, at);
    run_terms(text.substr(at, end - at), out);
    at = end;
  }
  return out;
}

}  // namespace headroom::compress::prose
