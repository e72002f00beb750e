#include "compress/log/render.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "compress/log/excerpt.h"
#include "compress/log/place.h"
#include "compress/marker.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kTemplateInGap = 64;     // bytes
constexpr std::size_t kTemplateInHandle = 90;  // bytes
constexpr std::size_t kFilesText = 36;         // bytes
constexpr std::size_t kPlaces = 15;            // places listed one by one
constexpr std::size_t kFoundPlaces = 60;       // findings of a gap that are told with their places
constexpr std::size_t kCommonKind = 12;        // findings of a kind that are only counted in a gap of many
constexpr std::size_t kFoundWhat = 64;         // bytes of what was found, the first time
constexpr std::size_t kFoundAgain = 24;        // ... later
constexpr std::size_t kHandleTemplates = 6;
constexpr std::size_t kLongRepeat = 56;   // bytes of a line that is worth pointing at one like it
constexpr std::uint32_t kRangesFrom = 8;  // lines of a kind whose values the handle tells

constexpr std::array<std::string_view, 9> kLevelNames = {"",     "TRACE", "DEBUG", "INFO", "NOTICE",
                                                         "WARN", "",      "ERROR", "FATAL"};

struct Count {
  std::uint32_t template_id = 0;
  std::uint32_t count = 0;
};

std::string short_value(const Quantity& q) {
  if (q.dimension == Dimension::kTime) {
    if (q.value < 1e-3) return fmt::format("{:.4g}us", q.value * 1e6);
    if (q.value < 10) return fmt::format("{:.5g}ms", q.value * 1e3);
    return fmt::format("{:.5g}s", q.value);
  }
  return fmt::format("{:.10g}", q.value);
}

/// Lines of a template that gap markers told, and in how many gaps.
struct Told {
  std::uint32_t lines = 0;
  std::uint32_t gaps = 0;
};

class Renderer {
 public:
  Renderer(const Analysis& a, const std::vector<Reason>& keep, const ShortLines& parts)
      : a_(a), lines_(a.document.lines), keep_(keep), parts_(parts) {
    finds_errors_ = std::ranges::any_of(a.findings, [](const Finding& f) { return f.what.starts_with("error: "); });
  }

  std::string run(std::string_view id) {
    std::string out;
    const auto n = static_cast<std::uint32_t>(lines_.size());
    for (std::uint32_t i = 0; i < n;) {
      if (const std::uint32_t end = repeat_end(i); end > i) {
        out.append(repeat_marker(i, end)).push_back('\n');
        i = end;
        continue;
      }
      if (keep_[i] != Reason::kDropped) {
        if (worth_pointing(lines_[i].text)) shown_.try_emplace(lines_[i].text, i);
        note_found(i);
        const auto part = parts_.find(i);
        out.append(part == parts_.end() ? std::string(lines_[i].text) : part_marker(i, part->second)).push_back('\n');
        ++i;
        continue;
      }
      std::uint32_t end = i;
      while (end < n && keep_[end] == Reason::kDropped) ++end;
      dropped_ += end - i;
      out.append(gap_marker(i + 1, end, gap_text(i, end))).push_back('\n');
      i = end;
    }
    out += handle_marker(id, handle_text());
    if (a_.document.final_newline) out.push_back('\n');
    return out;
  }

 private:
  /// Long enough, and no rule, which is few tokens however long it is.
  static bool worth_pointing(std::string_view line) {
    constexpr std::ptrdiff_t kLetters = 30;
    const auto letter = [](char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); };
    return line.size() >= kLongRepeat && std::ranges::count_if(line, letter) >= kLetters;
  }

  /// The line stays, and says what a line above says that is shown.
  std::uint32_t shown_before(std::uint32_t i) const {
    if (keep_[i] == Reason::kDropped || keep_[i] == Reason::kAsked) return i;
    // An error is told each time; the source that it shows is not.
    if (keep_[i] >= Reason::kError && lines_[i].level >= Level::kError) return i;
    if (!worth_pointing(lines_[i].text) || parts_.contains(i)) return i;
    const auto above = shown_.find(lines_[i].text);
    return above == shown_.end() ? i : above->second;
  }

  /// The end of the lines from `i` on that repeat lines above, one after the other; `i`: it repeats none.
  std::uint32_t repeat_end(std::uint32_t i) const {
    const std::uint32_t above = shown_before(i);
    std::uint32_t end = i;
    while (end < lines_.size() && above != i && shown_before(end) == above + (end - i)) ++end;
    return end;
  }

  std::string repeat_marker(std::uint32_t first, std::uint32_t end) const {
    const std::uint32_t above = shown_before(first) + 1;
    const std::uint32_t last = above + (end - first) - 1;
    return gap_marker(first + 1, end,
                      above == last ? fmt::format("as {}", above) : fmt::format("as {}-{}", above, last));
  }

  std::string part_marker(std::uint32_t i, const std::string& part) const {
    return gap_marker(i + 1, i + 1, part_text(lines_[i].text, part));
  }

  static void rank(std::vector<Count>& counts) {
    std::ranges::sort(counts, [](const Count& x, const Count& y) {
      return x.count != y.count ? x.count > y.count : x.template_id < y.template_id;
    });
  }

  /// At least a word: "=> #x#c#fff: # # #" tells nobody what went.
  static bool has_words(std::string_view text) {
    constexpr std::size_t kWord = 3;
    std::size_t run = 0;
    for (const char c : text) {
      run = (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? run + 1 : 0;
      if (run == kWord) return true;
    }
    return false;
  }

  const std::string& text_of(std::uint32_t id) {
    auto [found, fresh] = texts_.try_emplace(id);
    if (fresh) found->second = template_text(a_.document, a_.templates[id], kTemplateInGap);
    return found->second;
  }

  std::string gap_text(std::uint32_t begin, std::uint32_t end) {
    std::size_t bytes = 0;
    std::vector<Count> counts;
    std::unordered_map<std::uint32_t, std::size_t> where;
    for (std::uint32_t i = begin; i < end; ++i) {
      bytes += lines_[i].text.size() + 1;
      if (lines_[i].has(kBlank)) continue;
      const auto [found, fresh] = where.try_emplace(lines_[i].template_id, counts.size());
      if (fresh) counts.push_back({lines_[i].template_id, 0});
      ++counts[found->second].count;
    }
    rank(counts);
    if (const std::string_view dull = a_.dull.reason(begin, end); !dull.empty()) return std::string(dull);
    const std::string redrawn = redraw_text(begin, end);
    if (!redrawn.empty()) return redrawn;
    if (std::string found = findings_text(begin, end, bytes / 3); !found.empty()) return found;
    const std::size_t room = std::min<std::size_t>(bytes / 12, 150);
    const std::string places = places_text(begin, end, bytes / 3);
    if (room < 16) return places;
    std::string out;
    std::size_t shown = 0;
    for (const Count& c : counts) {
      const std::string& text = text_of(c.template_id);
      if (text.empty() || shown == 3) break;
      if (!has_words(text)) break;
      // What was told before is told in short.
      const bool known = told_[c.template_id]++ > 1 || !places.empty();
      Told& told = gaps_[c.template_id];
      told.lines += c.count;
      ++told.gaps;
      const std::string item =
          fmt::format("{}{}x {}", out.empty() ? "" : "; ", c.count, known ? text.substr(0, cut_at(text, 24)) : text);
      if (out.size() + item.size() > room && !out.empty()) break;
      if (item.size() > room + 40) break;
      out += item;
      ++shown;
    }
    if (shown < counts.size() && shown > 0 && room > 60) out += fmt::format("; {} other kinds", counts.size() - shown);
    if (!places.empty()) out += (out.empty() ? "at " : "; at ") + places;
    return out;
  }

  /// The kinds of findings whose heads are shown need no second telling in full.
  void note_found(std::uint32_t i) {
    const auto finding = std::ranges::lower_bound(a_.findings, i, {}, &Finding::head);
    if (finding != a_.findings.end() && finding->head == i) found_.insert(finding->kind);
  }

  /// What was found: in full, or where its kind was told, by its code or its first words.
  std::string found_label(const Finding& finding, bool fresh) const {
    const std::string_view code = code_of(finding.what);
    if (!fresh && !code.empty()) return std::string(code);
    std::string_view what = finding.what;
    // Of warnings beside errors it is told that they are none.
    if (what.starts_with("error: ")) what.remove_prefix(7);
    if (what.starts_with("warning: ") && !finds_errors_) what.remove_prefix(9);
    std::string_view label = what.substr(0, cut_at(what, fresh ? kFoundWhat : kFoundAgain));
    if (label.size() < what.size()) label = label.substr(0, label.rfind(' '));
    return std::string(label);
  }

  using Findings = std::vector<const Finding*>;

  /// The findings whose places are dropped, those of a kind together; none where the gap is about something else.
  std::vector<Findings> found_in(std::uint32_t begin, std::uint32_t end) const {
    std::vector<Findings> kinds;
    std::uint32_t lines = 0, count = 0;
    for (auto f = std::ranges::lower_bound(a_.findings, begin, {}, &Finding::where);
         f != a_.findings.end() && f->where < end && ++count <= kFoundPlaces; ++f) {
      lines += std::min(f->last, end - 1) + 1 - std::max(f->head, begin);
      const auto kind = std::ranges::find(kinds, f->kind, [](const auto& found) { return found.front()->kind; });
      if (kind == kinds.end()) {
        kinds.push_back({&*f});
      } else {
        kind->push_back(&*f);
      }
    }
    if (count > kFoundPlaces || lines * 2 < end - begin) kinds.clear();
    return kinds;
  }

  static std::string_view file_of(const Finding* f) { return f->place.substr(0, f->place.find_last_of(":(")); }

  /// "src/a.py:7,9 src/b.py:3"; a file that was told last is told by its name only.
  static std::string places_of(Findings found, std::string_view& file) {
    const Findings as_told = found;
    std::ranges::stable_sort(
        found, {}, [&](const Finding* f) { return std::ranges::find(as_told, file_of(f), file_of) - as_told.begin(); });
    std::string out;
    for (const Finding* f : found) {
      const std::string_view own = file_of(f);
      if (own == file && !out.empty()) {
        out += fmt::format(",{}", f->place.substr(own.size() + 1));
      } else {
        const std::size_t folder = own == file ? own.rfind('/') : std::string_view::npos;
        out += fmt::format("{}{}", out.empty() ? "" : " ", f->place.substr(folder + 1));
      }
      file = own;
    }
    return out;
  }

  std::size_t of_kind(std::uint64_t kind) {
    if (kinds_.empty()) {
      for (const Finding& f : a_.findings) ++kinds_[f.kind];
    }
    return kinds_[kind];
  }

  /// Of a gap's findings what each kind is, and where: "E501: src/a.py:7,9; F401: a.py:12"; of many those of common
  /// kinds are counted. Empty where the gap is about something else.
  std::string findings_text(std::uint32_t begin, std::uint32_t end, std::size_t room) {
    const std::vector<Findings> kinds = found_in(begin, end);
    if (kinds.empty()) return {};
    std::size_t all = 0;
    for (const Findings& found : kinds) all += found.size();
    std::string out = kinds_text(kinds, room, kCommonKind);
    if (out.size() > std::max(all > kPlaces ? room / 2 : room, kFoundWhat)) out = kinds_text(kinds, room, 0);
    if (out.size() > std::max(room, kFoundWhat)) return {};
    for (const Findings& found : kinds) found_.insert(found.front()->kind);
    return out;
  }

  /// Each kind with its places, or counted where it is more common than `common`.
  std::string kinds_text(const std::vector<Findings>& kinds, std::size_t room, std::size_t common) {
    std::string out;
    std::string_view file;
    std::vector<std::string_view> places;
    bool any_counted = false;
    for (const Findings& found : kinds) {
      for (const Finding* f : found) places.push_back(f->place);
    }
    for (const Findings& found : kinds) {
      const Finding& first = *found.front();
      const std::string label = found_label(first, !found_.contains(first.kind));
      const bool counted = places.size() > kPlaces && of_kind(first.kind) > common;
      any_counted |= counted;
      out += out.empty() ? "" : "; ";
      out +=
          counted ? fmt::format("{}x {}", found.size(), label) : fmt::format("{}: {}", label, places_of(found, file));
    }
    if (any_counted) out += "; at " + files_text(places, room);
    return out;
  }

  /// Where the dropped findings are: the places of few, the files of many.
  std::string places_text(std::uint32_t begin, std::uint32_t end, std::size_t room) const {
    std::vector<std::string_view> places;
    for (std::uint32_t i = begin; i < end; ++i) {
      const std::string_view place = place_of(a_.document, lines_[i]);
      if (!place.empty() && std::ranges::find(places, place) == places.end()) places.push_back(place);
      if (places.size() > 400) return {};
    }
    if (places.size() > kPlaces) return files_text(places, room);
    std::string out;
    std::string_view file;
    for (std::string_view place : places) {
      const std::size_t cut = place.find_last_of(":(");
      const bool same = place.substr(0, cut) == file;
      file = place.substr(0, cut);
      out += same ? fmt::format(",{}", place.substr(cut + 1)) : fmt::format("{}{}", out.empty() ? "" : " ", place);
    }
    return out.size() <= room ? out : std::string();
  }

  static std::string files_text(const std::vector<std::string_view>& places, std::size_t room) {
    std::vector<std::pair<std::string_view, std::size_t>> files;
    for (std::string_view place : places) {
      const std::string_view file = place.substr(0, place.find_last_of(":("));
      const auto found = std::ranges::find(files, file, &std::pair<std::string_view, std::size_t>::first);
      if (found == files.end()) {
        files.emplace_back(file, 1);
      } else {
        ++found->second;
      }
    }
    // The directory that all share is told once.
    std::string_view shared = files.front().first;
    for (const auto& [file, count] : files) {
      while (!file.starts_with(shared)) shared.remove_suffix(1);
    }
    shared = files.size() < 3 ? std::string_view() : shared.substr(0, shared.rfind('/') + 1);
    if (shared.size() < 8) shared = {};
    std::string out;
    for (std::size_t k = 0; k < files.size(); ++k) {
      out += fmt::format("{}{}x {}", k == 0 ? "" : ", ", files[k].second, files[k].first.substr(shared.size()));
      if (k + 1 == files.size() || out.size() < std::min<std::size_t>(room, kFilesText)) continue;
      out += fmt::format(", {} more files", files.size() - k - 1);
      break;
    }
    if (!shared.empty()) out = fmt::format("{}: {}", shared, out);
    return out;
  }

  /// What the last redrawn line of the gap showed in the end; empty where there is none.
  std::string redraw_text(std::uint32_t begin, std::uint32_t end) const {
    for (std::uint32_t i = end; i-- > begin;) {
      if (!lines_[i].has(kRedraw)) continue;
      const std::string_view all = lines_[i].text.substr(0, lines_[i].text.find_last_not_of("\r ") + 1);
      std::string_view state = all.substr(all.rfind('\r') + 1);
      state = state.substr(0, cut_at(state, 120));
      return fmt::format("progress redrawn {} times, at last: {}", std::ranges::count(all, '\r') + 1, state);
    }
    return {};
  }

  static std::size_t cut_at(std::string_view s, std::size_t most) {
    if (s.size() <= most) return s.size();
    while (most > 0 && (static_cast<unsigned char>(s[most]) & 0xC0u) == 0x80u) --most;
    return most;
  }

  std::string levels_text() const {
    std::array<std::uint32_t, 9> all{};
    for (const Line& line : lines_) {
      if (line.has(kExplicitLevel)) ++all[static_cast<std::size_t>(line.level)];
    }
    std::string out;
    for (std::size_t k = all.size(); k-- > 0;) {
      if (all[k] > 0 && !kLevelNames[k].empty())
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", all[k], kLevelNames[k]);
    }
    return out;
  }

  std::string slot_text(const Template& t, const Slot& slot) const {
    if (t.count < kRangesFrom) return {};
    if (!slot.many && slot.values.size() > 1 && slot.values.size() <= 6) {
      std::vector<SlotValue> values = slot.values;
      std::ranges::sort(values, [](const SlotValue& x, const SlotValue& y) {
        return x.count != y.count ? x.count > y.count : x.first < y.first;
      });
      std::string out;
      for (const SlotValue& v : values) {
        if (v.text.size() > 24) return {};
        out += fmt::format("{}{} {}x", out.empty() ? "" : ", ", v.text, v.count);
      }
      return out;
    }
    if (slot.numbers * 2 < t.count || slot.max.value <= slot.min.value) return {};
    if (!slot.measure && slot.max.value > 1e7) return {};
    return fmt::format("{}{}-{}, max line {}",
                       slot.name.size() > 16 ? std::string()
                       : slot.name.empty()   ? "#"
                                             : fmt::format("{} ", slot.name),
                       short_value(slot.min), short_value(slot.max), slot.max_line + 1);
  }

  std::string handle_text() {
    std::string out = dropped_ > 0 ? fmt::format("{} of {} lines dropped", dropped_, lines_.size())
                                   : std::string("lines that stand above are named by their number");
    if (!parts_.empty()) out += fmt::format(", {} shown in part", parts_.size());
    const std::size_t bytes =
        static_cast<std::size_t>(lines_.back().text.data() + lines_.back().text.size() - lines_.front().text.data());
    const std::size_t room = std::min<std::size_t>(bytes / 40, 900);
    const std::string levels = levels_text();
    if (!levels.empty() && room > 60) out += fmt::format("; of all lines: {}", levels);
    if (room < 120) return out;
    std::vector<Count> counts;
    for (std::uint32_t id = 1; id < a_.templates.size(); ++id) {
      // What one or two gaps told in full needs no second telling.
      const auto told = gaps_.find(id);
      const bool known =
          told != gaps_.end() && told->second.gaps <= 2 && told->second.lines * 20 >= a_.templates[id].count * 19;
      if ((known && !a_.document.timed) || !a_.dull.why[a_.templates[id].sample].empty()) continue;
      if (a_.templates[id].count > 2) counts.push_back({id, a_.templates[id].count});
    }
    rank(counts);
    std::string kinds;
    for (std::size_t k = 0; k < counts.size() && k < kHandleTemplates; ++k) {
      const Template& t = a_.templates[counts[k].template_id];
      std::string item = fmt::format("{}x {}", t.count, template_text(a_.document, t, kTemplateInHandle));
      std::string ranges;
      std::size_t told = 0;
      const auto slots = std::ranges::lower_bound(a_.slots, counts[k].template_id, {}, &TemplateSlots::template_id);
      if (slots != a_.slots.end() && slots->template_id == counts[k].template_id) {
        for (const Slot& slot : slots->slots) {
          const std::string text = slot_text(t, slot);
          if (text.empty() || text.size() > 120 || told++ >= 3) continue;
          ranges += (ranges.empty() ? "" : "; ") + text;
        }
      }
      if (!ranges.empty()) item += " (" + ranges + ")";
      if (kinds.size() + item.size() > room) break;
      kinds += (kinds.empty() ? "" : " | ") + item;
    }
    if (!kinds.empty()) out += "; commonest of all lines: " + kinds;
    return out;
  }

  const Analysis& a_;
  const std::vector<Line>& lines_;
  const std::vector<Reason>& keep_;
  const ShortLines& parts_;
  std::size_t dropped_ = 0;
  bool finds_errors_ = false;
  std::unordered_map<std::uint32_t, std::string> texts_;
  std::unordered_map<std::uint32_t, std::uint32_t> told_;
  std::unordered_map<std::uint32_t, Told> gaps_;
  std::unordered_map<std::string_view, std::uint32_t> shown_;  ///< long lines, and where they stand first
  std::unordered_set<std::uint64_t> found_;                    ///< kinds of findings that were told
  std::unordered_map<std::uint64_t, std::size_t> kinds_;       ///< findings of each kind
};

}  // namespace

std::string render(const Analysis& analysis, const std::vector<Reason>& keep, const ShortLines& parts,
                   std::string_view id) {
  return Renderer(analysis, keep, parts).run(id);
}

}  // namespace headroom::compress::log
