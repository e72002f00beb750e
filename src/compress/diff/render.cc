#include "compress/diff/render.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "compress/diff/path_kind.h"
#include "compress/focus/asked_lines.h"
#include "compress/focus/walk.h"
#include "compress/marker.h"

namespace headroom::compress::diff {
namespace {

constexpr std::size_t kSectionText = 60;    // bytes
constexpr std::size_t kKnownTemplate = 24;  // bytes of a template's text from its third mention on
constexpr std::size_t kHandleTemplates = 6;

std::string cut(std::string_view text, std::size_t room) {
  if (text.size() <= room) return std::string(text);
  while (room > 0 && (static_cast<unsigned char>(text[room]) & 0xC0) == 0x80) --room;
  return std::string(text.substr(0, room)) + "...";
}

/// Texts of the gaps, in order; what was told before is told in short.
class Gaps {
 public:
  Gaps(const Document& d, const Templates& t, const Selection& s) : d_(d), templates_(t), selection_(s) {
    mentions_.assign(t.all.size(), 0);
    hunk_of_.assign(d.lines.size(), 0);
    file_of_.assign(d.lines.size(), 0);
    for (std::uint32_t h = 0; h < d.hunks.size(); ++h) {
      for (std::uint32_t i = d.hunks[h].head; i < d.hunks[h].end; ++i) hunk_of_[i] = h + 1;
    }
    for (std::uint32_t f = 0; f < d.files.size(); ++f) {
      for (std::uint32_t i = d.files[f].begin; i < d.files[f].end; ++i) file_of_[i] = f + 1;
    }
  }

  std::string text(std::uint32_t begin, std::uint32_t end) {
    std::string files;
    std::map<std::uint32_t, std::size_t> repeats;
    std::size_t added = 0;
    std::size_t removed = 0;
    std::uint32_t stats = 0;
    for (std::uint32_t i = begin; i < end;) {
      const std::uint32_t f = file_of_[i];
      if (f != 0 && selection_.whole_file[f - 1] != 0 && d_.files[f - 1].begin == i) {
        const File& file = d_.files[f - 1];
        files += fmt::format("{}{}", files.empty() ? "" : ", ", file.path);
        if (file.added != last_added_ || file.removed != last_removed_ || files.size() == file.path.size()) {
          files += fmt::format(" +{} -{}", file.added, file.removed);
        }
        last_added_ = file.added;
        last_removed_ = file.removed;
        if (const std::string_view kind = machine_made(file.path); !kind.empty()) files += fmt::format(" {}", kind);
        count_repeats(file.begin, file.end, repeats);
        i = file.end;
        continue;
      }
      const bool counted = selection_.lines[i] == Left::kMachine || selection_.lines[i] == Left::kAside;
      if (counted && d_.changed(i)) ++(d_.kinds[i] == Kind::kAdded ? added : removed);
      stats += selection_.lines[i] == Left::kStat;
      ++i;
    }
    count_repeats_outside(begin, end, repeats);
    std::string out = files;
    const auto part = [&](const std::string& text) {
      if (text.empty()) return;
      if (!out.empty()) out += "; ";
      out += text;
    };
    for (const auto& [t, n] : repeats) {
      const std::string& text = templates_.all[t].text;
      part(fmt::format("{}x {}", n, mentions_[t]++ < 2 ? text : cut(text, kKnownTemplate)));
    }
    if (added + removed > 0) part(fmt::format("+{} -{}", added, removed));
    if (stats > 1) part(fmt::format("{} files", stats));
    part(copies(begin, end));
    if (std::any_of(selection_.lines.begin() + begin, selection_.lines.begin() + end,
                    [](Left l) { return l == Left::kSpace; })) {
      part("as added below but for white space");
    }
    part(place(begin, end));
    return out;
  }

 private:
  /// Runs whose first line is in the range.
  void count_repeats(std::uint32_t begin, std::uint32_t end, std::map<std::uint32_t, std::size_t>& repeats) const {
    const auto from = std::ranges::lower_bound(d_.runs, begin, {}, &Run::begin);
    for (auto run = from; run != d_.runs.end() && run->begin < end; ++run) {
      if (selection_.lines[run->begin] != Left::kRepeat) continue;
      const std::uint32_t t = templates_.of_run[static_cast<std::size_t>(run - d_.runs.begin())];
      if (t != kNoTemplate) ++repeats[t];
    }
  }

  void count_repeats_outside(std::uint32_t begin, std::uint32_t end,
                             std::map<std::uint32_t, std::size_t>& repeats) const {
    for (std::uint32_t i = begin; i < end;) {
      const std::uint32_t f = file_of_[i];
      std::uint32_t stop = i + 1;
      if (f == 0) {
        i = stop;
        continue;
      }
      stop = std::min(end, d_.files[f - 1].end);
      if (selection_.whole_file[f - 1] == 0) count_repeats(i, stop, repeats);
      i = stop;
    }
  }

  /// "as 60-88 removed from src/a.c".
  std::string copies(std::uint32_t begin, std::uint32_t end) const {
    std::string out;
    const auto from = std::ranges::lower_bound(selection_.copies, begin, {}, &Copy::begin);
    for (auto copy = from; copy != selection_.copies.end() && copy->begin < end; ++copy) {
      const bool added = d_.kinds[copy->begin] == Kind::kAdded;
      const bool from_added = d_.kinds[copy->from] == Kind::kAdded;
      if (!out.empty()) out += ", ";
      out +=
          fmt::format("{} as {}-{}", added ? "added" : "removed", copy->from + 1, copy->from + copy->end - copy->begin);
      if (added != from_added) out += from_added ? " added" : " removed";
      const std::uint32_t file = file_of_[copy->from];
      if (file != 0 && file != file_of_[copy->begin]) out += fmt::format(" in {}", d_.files[file - 1].path);
    }
    return out;
  }

  /// Where the next line stands, when the hunk's heading is in the gap: "@@ +43 int main()".
  std::string place(std::uint32_t begin, std::uint32_t end) {
    if (end >= d_.lines.size()) return {};
    const std::uint32_t h = hunk_of_[end];
    if (h == 0) return {};
    const Hunk& hunk = d_.hunks[h - 1];
    if (hunk.head < begin || hunk.head >= end) return {};
    std::string out = fmt::format("@@ +{}", d_.place[end]);
    const bool told = hunk.section == section_ && hunk.file == section_file_;
    if (!hunk.section.empty() && !told) out += " " + cut(hunk.section, kSectionText);
    section_ = hunk.section;
    section_file_ = hunk.file;
    return out;
  }

  const Document& d_;
  const Templates& templates_;
  const Selection& selection_;
  std::vector<std::uint32_t> hunk_of_, file_of_;  // per line, from 1
  std::vector<std::size_t> mentions_;
  std::uint32_t last_added_ = 0, last_removed_ = 0;
  std::string_view section_;
  std::uint32_t section_file_ = 0;
};

std::string handle_text(const Document& d, const Templates& templates, const Selection& selection) {
  std::size_t left = 0;
  std::size_t files = 0;
  std::size_t machine_added = 0;
  std::size_t machine_removed = 0;
  std::size_t machine = 0;
  for (const Left l : selection.lines) left += l != Left::kKept;
  for (std::uint32_t f = 0; f < d.files.size(); ++f) {
    const File& file = d.files[f];
    files += selection.whole_file[f];
    if (selection.whole_file[f] != 0 && selection.lines[file.begin] == Left::kAside) --files;
    if (selection.whole_file[f] == 0 || selection.lines[file.begin] != Left::kMachine) continue;
    ++machine;
    machine_added += file.added;
    machine_removed += file.removed;
  }
  std::string out = fmt::format("{} of {} lines left out", left, d.lines.size());
  if (files > machine)
    out += fmt::format("; {} of {} files only repeat changes shown", files - machine, d.files.size());
  const auto aside = std::ranges::count(selection.lines, Left::kAside);
  if (aside > 0) out += fmt::format("; {} lines of files that are not asked about", aside);
  if (machine > 0) out += fmt::format("; {} machine-made +{} -{}", machine, machine_added, machine_removed);
  std::vector<std::pair<std::size_t, std::uint32_t>> repeats;
  for (std::uint32_t t = 0; t < templates.all.size(); ++t) {
    std::size_t n = 0;
    for (const std::uint32_t run : templates.all[t].runs) n += selection.lines[d.runs[run].begin] == Left::kRepeat;
    if (n > 0) repeats.emplace_back(n, t);
  }
  std::ranges::stable_sort(repeats, [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t k = 0; k < std::min(kHandleTemplates, repeats.size()); ++k) {
    out += fmt::format("; {}x {}", repeats[k].first, cut(templates.all[repeats[k].second].text, kSectionText));
  }
  return out;
}

}  // namespace

void settle(const Document& d, const Templates& templates, Selection& selection) {
  Gaps gaps(d, templates, selection);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> back;
  focus::walk(
      selection.lines, Left::kKept,
      [&](std::uint32_t begin, std::uint32_t end) {
        std::size_t tokens = 0;
        for (std::uint32_t i = begin; i < end; ++i) tokens += focus::estimated_tokens(d.lines[i]);
        const std::string what = gaps.text(begin, end);
        if (focus::gap_tokens(begin + 1, end, what) + 4 > tokens) back.emplace_back(begin, end);
      },
      [](std::uint32_t) {});
  for (const auto& [begin, end] : back) {
    for (std::uint32_t i = begin; i < end; ++i) selection.lines[i] = Left::kKept;
  }
}

std::string render(const Document& d, const Templates& templates, const Selection& selection, std::string_view id) {
  Gaps gaps(d, templates, selection);
  std::string out;
  focus::walk(
      selection.lines, Left::kKept,
      [&](std::uint32_t begin, std::uint32_t end) {
        out.append(gap_marker(begin + 1, end, gaps.text(begin, end))).push_back('\n');
      },
      [&](std::uint32_t i) { out.append(d.lines[i]).push_back('\n'); });
  out += handle_marker(id, handle_text(d, templates, selection));
  if (d.final_newline) out.push_back('\n');
  return out;
}

}  // namespace headroom::compress::diff
