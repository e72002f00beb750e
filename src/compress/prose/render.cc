#include "compress/prose/render.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "compress/marker.h"
#include "compress/prose/line_form.h"

namespace headroom::compress::prose {
namespace {

constexpr std::size_t kToldFrom = 160;   // bytes of a gap from which it says what went
constexpr std::size_t kWordsFrom = 500;  // ... by words of it
constexpr std::size_t kMostTold = 120;   // bytes
constexpr std::size_t kMostWords = 5;
constexpr std::size_t kSearched = 20'000;  // bytes of a gap in which a word is looked for
constexpr std::size_t kTitle = 40;         // bytes

class Renderer {
 public:
  Renderer(const Analysis& a, const Selection& s)
      : d_(a.document),
        v_(a.vocabulary),
        keep_(s.lines),
        looked_up_(s.looked_up),
        all_labels_(s.looked_up || a.question.scope == Scope::kCollection) {
    kept_terms_.assign(v_.terms().size(), 0);
    for (std::uint32_t s2 = 0; s2 < d_.sentences.size(); ++s2) {
      if (keep_[d_.sentences[s2].first_line] == Reason::kDropped) continue;
      for (const std::uint32_t term : v_.terms_of(s2)) kept_terms_[term] = 1;
    }
  }

  std::string run(std::string_view id) {
    std::string out;
    const auto n = static_cast<std::uint32_t>(keep_.size());
    std::uint32_t dropped = 0;
    for (std::uint32_t i = 0; i < n;) {
      if (keep_[i] != Reason::kDropped) {
        out.append(d_.lines[i++].text).push_back('\n');
        continue;
      }
      std::uint32_t end = i;
      while (end < n && keep_[end] == Reason::kDropped) ++end;
      dropped += end - i;
      out.append(gap_marker(i + 1, end, gap_text(i, end - 1))).push_back('\n');
      i = end;
    }
    out += handle_marker(id, fmt::format("{} of {} lines left out", dropped, n));
    if (d_.text.ends_with('\n')) out.push_back('\n');
    return out;
  }

 private:
  /// What went: its headings, or else the terms, options and names that its parts explain, or else words of it.
  std::string gap_text(std::uint32_t first, std::uint32_t last) const {
    const std::size_t bytes = d_.bytes_of(first, last);
    if (bytes < kToldFrom && !all_labels_) return {};
    // Who asks for all of a sort gets the name of each, and who looks something up may know it by another word.
    const std::size_t room = all_labels_ ? bytes : std::clamp<std::size_t>(bytes / 8, 24, kMostTold);
    std::string headings;
    std::string labels;
    std::size_t more_headings = 0;
    std::size_t more_labels = 0;
    const auto add = [room](std::string& to, std::string_view what, std::size_t& more) {
      if (what.empty()) return;
      if (to.size() + what.size() > room && !to.empty()) {
        ++more;
        return;
      }
      to += to.empty() ? "" : "; ";
      to += what;
    };
    for (auto b = block_from(first); b < d_.blocks.size() && d_.blocks[b].first <= last; ++b) {
      if (d_.blocks[b].kind == BlockKind::kHeading) {
        add(headings, title_of(d_.blocks[b]), more_headings);
      } else {
        add(labels, label_of(b), more_labels);
      }
    }
    std::string& out = headings.empty() ? labels : headings;
    const std::size_t more = headings.empty() ? more_labels : more_headings;
    if (out.empty()) return bytes < kWordsFrom ? std::string() : words_of(first, last);
    if (more > 0) out += fmt::format("; {} more", more);
    return out;
  }

  /// The option, the term or the marked name that a block explains; empty when it has none.
  std::string label_of(std::uint32_t b) const {
    const Block& block = d_.blocks[b];
    std::string_view text = d_.lines[block.first].content;
    const bool term = block.first == block.last && b + 1 < d_.blocks.size() && d_.blocks[b + 1].head == b;
    if (term || is_option(text)) {
      text = text.substr(0, text.find("  "));
      if (looked_up_ && is_option(text)) return cut_short(long_name(text));
      return text.size() <= kTitle ? std::string(text) : cut_short(text);
    }
    if (block.kind != BlockKind::kItem) return {};
    text.remove_prefix(item_marker(text));
    for (std::string_view mark : {"``", "`", "**", "__"}) {
      if (!text.starts_with(mark)) continue;
      const std::size_t end = text.find(mark, mark.size());
      if (end == std::string_view::npos || end > kTitle) return {};
      return std::string(text.substr(mark.size(), end - mark.size()));
    }
    return {};
  }

  /// "--memory=BYTES" of "-m BYTES, --memory=BYTES"; what has no long name is called as it is.
  static std::string_view long_name(std::string_view option) {
    const std::size_t at = option.find("--");
    const std::string_view name = option.substr(at == std::string_view::npos ? 0 : at);
    return name.substr(0, name.find(','));
  }

  static std::string cut_short(std::string_view text) {
    std::size_t end = std::min(kTitle, text.size());
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
    return std::string(text.substr(0, end));
  }

  std::uint32_t block_from(std::uint32_t line) const {
    return static_cast<std::uint32_t>(std::ranges::lower_bound(d_.blocks, line, {}, &Block::first) - d_.blocks.begin());
  }

  std::string title_of(const Block& block) const {
    std::string_view title;
    for (std::uint32_t i = block.first; i <= block.last && title.size() < 3; ++i) {
      title = d_.lines[i].content;
      title.remove_prefix(std::min(title.find_first_not_of("#=-~^*+ "), title.size()));
    }
    return cut_short(title);
  }

  /// Words that stand in the gap more than once or are rare, and that nothing kept has.
  std::string words_of(std::uint32_t first, std::uint32_t last) const {
    struct Count {
      std::uint32_t term = 0, count = 0;
    };
    std::vector<std::uint32_t> terms;
    const auto from = std::ranges::lower_bound(d_.sentences, first, {}, &Sentence::first_line);
    for (auto s = from; s != d_.sentences.end() && s->last_line <= last; ++s) {
      for (const std::uint32_t term : v_.terms_of(static_cast<std::uint32_t>(s - d_.sentences.begin()))) {
        const std::string& text = v_.terms()[term].text;
        if (kept_terms_[term] == 0 && text.size() >= 4 && text.size() <= 24) terms.push_back(term);
      }
    }
    std::ranges::sort(terms);
    std::vector<Count> counts;
    for (const std::uint32_t term : terms) {
      if (counts.empty() || counts.back().term != term) counts.push_back({term, 0});
      ++counts.back().count;
    }
    std::ranges::sort(counts, [](const Count& x, const Count& y) {
      return x.count != y.count ? x.count > y.count : x.term < y.term;
    });
    std::string out;
    std::size_t shown = 0;
    std::size_t tried = 0;
    for (const Count& c : counts) {
      if (c.count < 2 || shown == kMostWords || ++tried > 2 * kMostWords) break;
      const std::string_view word = whole_word(v_.terms()[c.term].text, first, last);
      if (word.empty()) continue;
      out += (out.empty() ? "" : ", ");
      out += word;
      ++shown;
    }
    return out;
  }

  /// The word as the text has it, of which the term is the stem.
  std::string_view whole_word(std::string_view stem, std::uint32_t first, std::uint32_t last) const {
    const std::uint32_t begin = d_.offset_of(first);
    const std::string_view gap = d_.text.substr(begin, std::min<std::size_t>(d_.bytes_of(first, last), kSearched));
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
    const auto found = std::ranges::search(gap, stem, {}, lower);
    if (found.empty()) return {};
    const auto at = static_cast<std::size_t>(found.begin() - gap.begin());
    std::size_t end = at + stem.size();
    const auto letter = [](char c) {
      return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    };
    while (end < gap.size() && end - at < 28 && letter(gap[end])) ++end;
    if (at > 0 && letter(gap[at - 1])) return {};
    while (end > at && end < gap.size() && (static_cast<unsigned char>(gap[end]) & 0xC0u) == 0x80u) --end;
    return gap.substr(at, end - at);
  }

  const Document& d_;
  const Vocabulary& v_;
  const std::vector<Reason>& keep_;
  bool looked_up_;
  bool all_labels_;
  std::vector<std::uint8_t> kept_terms_;
};

}  // namespace

std::string render(const Analysis& analysis, const Selection& selection, std::string_view id) {
  return Renderer(analysis, selection).run(id);
}

}  // namespace headroom::compress::prose
