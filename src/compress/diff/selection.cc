#include "compress/diff/selection.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "compress/diff/moves.h"
#include "compress/diff/path_kind.h"
#include "compress/focus/asked_lines.h"

namespace headroom::compress::diff {
namespace {

constexpr std::size_t kShown = 2;              // runs of a template that stay
constexpr std::size_t kShownGently = 6;        // ... in a gentle profile,
constexpr std::uint32_t kContextGently = 3;    // which has so many lines around a change
constexpr std::uint32_t kMachineChanges = 12;  // changed lines from which a machine-made file is folded
constexpr std::uint32_t kRespaced = 3;         // removed lines together that come back with other white space
constexpr std::uint32_t kShortestCopy = 5;     // lines
constexpr std::size_t kLongStat = 12;          // lines of a list of files
constexpr std::size_t kTopStat = 5;            // that stay of a long one: those with the most changes
constexpr std::size_t kSmallDiff = 400;        // lines up to which each change keeps a line of context on each side

bool word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The question says the file's name, or its name without the ending when that is no common word.
bool names(std::string_view question, std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto says = [&](std::string_view what) {
    if (what.size() < 4) return false;
    for (std::size_t at = question.find(what); at != std::string_view::npos; at = question.find(what, at + 1)) {
      const std::size_t end = at + what.size();
      if ((at == 0 || !word_char(question[at - 1])) && (end == question.size() || !word_char(question[end])))
        return true;
    }
    return false;
  };
  if (says(name)) return true;
  const std::string_view stem = name.substr(0, name.rfind('.'));
  return stem.find_first_of("_-0123456789") != std::string_view::npos && says(stem);
}

/// What a lock file rarely has and a reviewer must see: plain http, sources other than a registry.
bool odd_source(std::string_view line) {
  static constexpr std::array<std::string_view, 6> kOdd = {"http://", "git+",   "git://",
                                                           "file:",   "ssh://", "\"hasInstallScript\""};
  return std::ranges::any_of(kOdd, [&](std::string_view odd) { return line.find(odd) != std::string_view::npos; });
}

/// The question is about what a project depends on, so the versions in a lock file are part of the answer.
bool asks_for_dependencies(std::string_view question) {
  static constexpr std::array<std::string_view, 8> kWords = {"dependenc", "package", "version",    "lock",
                                                             "upgrade",   "bump",    "transitive", "vulnerab"};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return base::contains_ci(question, word); });
}

/// A line of a lock file that holds a digest or an address and no more.
bool is_digest(std::string_view line) {
  static constexpr std::array<std::string_view, 8> kDigests = {"integrity", "resolved",    "checksum", "sha512-",
                                                               "sha256:",   "/go.mod h1:", "hash = ",  "contentHash"};
  return std::ranges::any_of(kDigests, [&](std::string_view d) { return line.find(d) != std::string_view::npos; });
}

class Selector {
 public:
  Selector(const Document& d, const Templates& t, const std::vector<std::uint8_t>& deviates,
           const std::vector<std::uint8_t>& asked, const Query& query, Profile profile)
      : d_(d), templates_(t), deviates_(deviates), asked_(asked), query_(query) {
    out_.lines.assign(d.lines.size(), Left::kKept);
    out_.whole_file.assign(d.files.size(), 0);
    shown_most_ = profile == Profile::kAggressive ? 1 : kShown;
    context_ = profile == Profile::kAggressive || d.lines.size() > kSmallDiff ? 0 : 1;
    if (profile == Profile::kGentle) {
      shown_most_ = kShownGently;
      context_ = kContextGently;
    }
    shown_.assign(t.all.size(), 0);
    dependencies_ = asks_for_dependencies(query.user);
  }

  Selection run() {
    for (std::uint32_t f = 0; f < d_.files.size(); ++f) file(f);
    stat_lines();
    for (std::uint32_t r = 0; r < d_.runs.size(); ++r) respaced(d_.runs[r]);
    drop_copies();
    return std::move(out_);
  }

 private:
  bool asked_in(std::uint32_t begin, std::uint32_t end) const {
    return std::any_of(asked_.begin() + begin, asked_.begin() + end, [](auto a) { return a != 0; });
  }

  void file(std::uint32_t index) {
    const File& file = d_.files[index];
    for (std::uint32_t i = file.begin; i < file.end; ++i) {
      if (d_.kinds[i] == Kind::kData) out_.lines[i] = Left::kData;
    }
    const bool named = names(query_.user, file.path) || names(query_.user, file.old_path);
    const bool machine = !named && !machine_made(file.path).empty() && file.added + file.removed >= kMachineChanges;
    versions_ = machine && dependencies_ && machine_made(file.path) == "lock file";
    bool any = false;
    for (std::uint32_t h = file.first_hunk; h < file.last_hunk && !named; ++h) any = hunk(d_.hunks[h], machine) || any;
    if (named) return header(file);
    if (file.first_hunk == file.last_hunk || any) return header(file);
    out_.whole_file[index] = 1;
    const Left why = machine ? Left::kMachine : Left::kRepeat;
    for (std::uint32_t i = file.begin; i < file.header_end; ++i) out_.lines[i] = why;
  }

  /// One line says which file it is; more stay when they say more than that.
  void header(const File& file) {
    std::string_view old_name;
    std::string_view new_name;
    for (std::uint32_t i = file.begin; i < file.header_end; ++i) {
      if (d_.lines[i].starts_with("--- ")) old_name = d_.lines[i];
      if (d_.lines[i].starts_with("+++ ")) new_name = d_.lines[i];
    }
    const bool moved = file.old_path != file.path;
    for (std::uint32_t i = file.begin; i < file.header_end; ++i) {
      const std::string_view l = d_.lines[i];
      const auto starts = [&](std::string_view s) { return l.starts_with(s); };
      const bool names_it = !new_name.empty();
      bool drop = starts("index ") || starts("=====") || starts("dissimilarity ") || starts("mode ");
      if (starts("diff ") || starts("Index: ")) drop = names_it || moved_without_hunks(file) || binary(file);
      if (starts("similarity ")) drop = true;
      if (starts("rename ") || starts("copy ")) drop = names_it && !starts("copy ");
      if (starts("--- ")) drop = !moved && new_name != "+++ /dev/null";
      if (starts("new file mode 100644") || starts("deleted file mode ")) drop = names_it;
      if (drop) out_.lines[i] = Left::kHeader;
    }
  }

  bool has_line(const File& file, std::string_view start) const {
    for (std::uint32_t i = file.begin; i < file.header_end; ++i) {
      if (d_.lines[i].starts_with(start)) return true;
    }
    return false;
  }
  bool moved_without_hunks(const File& file) const {
    return has_line(file, "rename to ") || has_line(file, "copy to ");
  }
  bool binary(const File& file) const { return has_line(file, "Binary files "); }

  bool stays(std::uint32_t r, bool machine) {
    const Run& run = d_.runs[r];
    if (asked_in(run.begin, run.end)) return true;
    if (machine) return false;
    const std::uint32_t t = templates_.of_run[r];
    if (t == kNoTemplate || deviates_[r] != 0) return true;
    return shown_[t]++ < shown_most_;
  }

  /// True when a line of it stays.
  bool hunk(const Hunk& hunk, bool machine) {
    const std::uint32_t body = hunk.head + 1;
    if (versions_) {
      for (std::uint32_t i = body; i < hunk.end; ++i) {
        if (is_digest(d_.lines[i]) && asked_[i] == 0 && !odd_source(d_.lines[i])) out_.lines[i] = Left::kMachine;
      }
      return true;
    }
    for (std::uint32_t i = hunk.head; i < hunk.end; ++i) out_.lines[i] = Left::kContext;
    bool any = false;
    for (std::uint32_t r = hunk.first_run; r < hunk.last_run; ++r) {
      const Run& run = d_.runs[r];
      std::uint32_t begin = run.begin;
      std::uint32_t end = run.end;
      if (stays(r, machine)) {
        if (machine) {
          machine_lines(run);
          any = true;
          continue;
        }
        begin = std::max(body, begin - std::min(begin, context_));
        end = std::min(hunk.end, end + context_);
        // A neighbour that repeats something is no context.
        for (std::uint32_t i = begin; i < end; ++i) {
          if (!d_.changed(i) || (i >= run.begin && i < run.end)) out_.lines[i] = Left::kKept;
        }
        any = true;
      } else {
        for (std::uint32_t i = begin; i < end; ++i) {
          out_.lines[i] = machine ? Left::kMachine : Left::kRepeat;
        }
        if (machine) any = odd_lines(run) || any;
      }
    }
    for (std::uint32_t i = body; i < hunk.end && !machine; ++i) {
      if (asked_[i] != 0) {
        out_.lines[i] = Left::kKept;
        any = true;
      }
    }
    if (any && out_.lines[std::min(body, hunk.end - 1)] == Left::kKept) out_.lines[hunk.head] = Left::kKept;
    return any;
  }

  bool odd_lines(const Run& run) {
    bool any = false;
    for (std::uint32_t i = run.begin; i < run.end; ++i) {
      if (!odd_source(d_.lines[i])) continue;
      out_.lines[i] = Left::kKept;
      any = true;
    }
    return any;
  }

  /// Of a machine-made file only the lines around what is asked for.
  void machine_lines(const Run& run) {
    static constexpr std::uint32_t kAround = 4;
    for (std::uint32_t i = run.begin; i < run.end; ++i) {
      const std::uint32_t from = std::max(run.begin, i - std::min(i, kAround));
      const bool near = asked_in(from, std::min(run.end, i + kAround + 1));
      out_.lines[i] = near || odd_source(d_.lines[i]) ? Left::kKept : Left::kMachine;
    }
  }

  /// Removed lines that come back in the same run with other white space: the new ones say it all.
  void respaced(const Run& run) {
    if (run.end - run.begin < 2 * kRespaced) return;
    for (const auto& [begin, end] : respaced_lines(d_, run, kRespaced)) {
      bool kept = !asked_in(begin, end);
      for (std::uint32_t i = begin; i < end && kept; ++i) kept = out_.lines[i] == Left::kKept;
      if (kept) std::fill(out_.lines.begin() + begin, out_.lines.begin() + end, Left::kSpace);
    }
  }

  void drop_copies() {
    for (const Copy& copy : find_copies(d_)) {
      // Lines that the question names stay; what is left between them may still be worth a gap.
      std::uint32_t begin = copy.begin;
      for (std::uint32_t i = copy.begin; i <= copy.end; ++i) {
        if (i < copy.end && asked_[i] == 0) continue;
        if (i - begin >= kShortestCopy) drop_copy({begin, i, copy.from + (begin - copy.begin)});
        begin = i + 1;
      }
    }
  }

  void drop_copy(const Copy& copy) {
    const std::uint32_t size = copy.end - copy.begin;
    const auto kept = [&](std::uint32_t at) {
      return std::all_of(out_.lines.begin() + at, out_.lines.begin() + at + size,
                         [](Left l) { return l == Left::kKept; });
    };
    if (!kept(copy.begin) || !kept(copy.from)) return;
    std::fill(out_.lines.begin() + copy.begin, out_.lines.begin() + copy.end, Left::kCopy);
    out_.copies.push_back(copy);
  }

  void stat_lines() {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> counts;  // changes, line
    for (std::uint32_t i = 0; i < d_.lines.size(); ++i) {
      if (d_.kinds[i] != Kind::kStat) continue;
      std::string_view count = base::trim(d_.lines[i].substr(d_.lines[i].find(" | ") + 3));
      std::uint32_t n = 0;
      std::from_chars(count.data(), count.data() + count.size(), n);
      counts.emplace_back(n, i);
    }
    if (counts.size() <= kLongStat || d_.files.empty()) return;
    std::ranges::stable_sort(counts, [](const auto& a, const auto& b) { return a.first > b.first; });
    for (std::size_t k = kTopStat; k < counts.size(); ++k) {
      if (asked_[counts[k].second] == 0) out_.lines[counts[k].second] = Left::kStat;
    }
  }

  const Document& d_;
  const Templates& templates_;
  const std::vector<std::uint8_t>& deviates_;
  const std::vector<std::uint8_t>& asked_;
  const Query& query_;
  std::uint32_t context_ = 1;
  std::size_t shown_most_ = kShown;
  bool dependencies_ = false;
  bool versions_ = false;  ///< of the file at hand, a lock file, only digests go
  std::vector<std::size_t> shown_;
  Selection out_;
};

}  // namespace

std::string_view left_name(Left left) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "kept",       "context",     "header",           "repeated change", "machine-made",
      "stat lines", "binary data", "white space only", "not asked for",   "stands above"};
  return kNames[static_cast<std::size_t>(left)];
}

Selection select_lines(const Document& document, const Templates& templates, const std::vector<std::uint8_t>& deviates,
                       const std::vector<std::uint8_t>& asked, const Query& query, Profile profile) {
  return Selector(document, templates, deviates, asked, query, profile).run();
}

void meet_budget(const Document& document, const std::vector<std::uint8_t>& asked, const Query& query,
                 std::size_t tokens, Selection& selection) {
  static constexpr std::size_t kGap = 12;  // tokens of a gap and what it says
  std::vector<Left>& lines = selection.lines;
  const auto cost = [&](std::uint32_t begin, std::uint32_t end) {
    std::size_t sum = 0;
    for (std::uint32_t i = begin; i < end; ++i) {
      if (lines[i] == Left::kKept) {
        sum += focus::estimated_tokens(document.lines[i]);
      } else if (i == begin || lines[i - 1] == Left::kKept) {
        sum += kGap;
      }
    }
    return sum;
  };
  std::size_t left = cost(0, static_cast<std::uint32_t>(lines.size())) + 3 * kGap;
  for (std::uint32_t f = 0; f < document.files.size(); ++f) {
    if (selection.whole_file[f] != 0) left += focus::estimated_tokens(document.files[f].path);
  }
  std::vector<std::pair<std::size_t, std::uint32_t>> files;
  for (std::uint32_t f = 0; f < document.files.size(); ++f) {
    const File& file = document.files[f];
    const bool touched =
        names(query.user, file.path) || names(query.user, file.old_path) ||
        std::any_of(asked.begin() + file.begin, asked.begin() + file.end, [](auto a) { return a != 0; });
    if (!touched && selection.whole_file[f] == 0) files.emplace_back(cost(file.header_end, file.end), f);
  }
  std::ranges::stable_sort(files, [](const auto& a, const auto& b) { return a.first > b.first; });
  const auto drop = [&](std::uint32_t begin, std::uint32_t end, std::size_t stays) {
    const std::size_t before = cost(begin, end);
    std::fill(lines.begin() + begin, lines.begin() + end, Left::kAside);
    left -= std::min(left, before - std::min(before, stays));
  };
  for (const auto& [_, f] : files) {
    if (left <= tokens) break;
    drop(document.files[f].header_end, document.files[f].end, kGap);
  }
  for (const auto& [_, f] : files) {
    if (left <= tokens) break;
    drop(document.files[f].begin, document.files[f].header_end, focus::estimated_tokens(document.files[f].path));
    selection.whole_file[f] = 1;
  }
  // What is gone can not be referred to.
  std::erase_if(selection.copies, [&](const Copy& copy) {
    const std::uint32_t size = copy.end - copy.begin;
    const bool gone = std::any_of(lines.begin() + copy.from, lines.begin() + copy.from + size,
                                  [](Left l) { return l == Left::kAside; }) ||
                      lines[copy.begin] == Left::kAside;
    if (gone) std::fill(lines.begin() + copy.begin, lines.begin() + copy.end, Left::kAside);
    return gone;
  });
}

}  // namespace headroom::compress::diff
