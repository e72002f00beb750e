#include "compress/search/summary.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "compress/search/folders.h"
#include "compress/search/path.h"

namespace headroom::compress::search {
namespace {

struct Count {
  std::string_view name;
  std::size_t rows = 0;
};

/// Counts by name, in order of the first.
class Counter {
 public:
  void add(std::string_view name) {
    const auto [found, fresh] = at_.try_emplace(name, counts_.size());
    if (fresh) counts_.push_back({name, 0});
    ++counts_[found->second].rows;
  }
  std::vector<Count>& counts() { return counts_; }
  void by_size() {
    std::ranges::stable_sort(counts_, [](const Count& a, const Count& b) { return a.rows > b.rows; });
  }

 private:
  std::vector<Count> counts_;
  std::unordered_map<std::string_view, std::size_t> at_;
};

std::string_view base_name(std::string_view path) {
  return path.substr(folder_of(path).size());
}

std::string_view ending_of(std::string_view path) {
  const std::string_view name = base_name(path);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view() : name.substr(dot);
}

}  // namespace

std::string gap_summary(const Document& document, std::size_t first, std::size_t last, std::uint32_t open) {
  static constexpr std::size_t kNamed = 3;
  if (document.form == Form::kRaw || document.form == Form::kTree) return {};
  Counter files;
  bool others = false;
  for (std::size_t row = first; row < last; ++row) {
    const Row& r = document.rows[row];
    if (r.file == kNoFile) continue;
    if (document.form == Form::kList) {
      const std::string_view folder = folder_of(r.line);
      files.add(folder.empty() ? std::string_view("./") : folder);
      others = true;
    } else {
      files.add(base_name(document.files[r.file]));
      others = others || r.file != open;
    }
  }
  if (!others) return {};
  std::vector<Count>& counts = files.counts();
  const std::size_t few = counts.size() <= kNamed ? counts.size() : 2;
  if (document.form == Form::kList) {
    if (last - first < 8) return {};
    return counts.size() == 1 ? std::string(counts[0].name)
                              : fmt::format("{} .. {}", counts[0].name, counts.back().name);
  }
  std::string out;
  for (std::size_t k = 0; k < few; ++k) {
    out += fmt::format("{}{}", out.empty() ? "" : ", ", counts[k].name);
  }
  if (few < counts.size()) out += fmt::format(" and {} more", counts.size() - few);
  return out;
}

std::string handle_summary(const Document& document, const Keep& keep, std::size_t room) {
  const bool list = document.form == Form::kList;
  std::size_t dropped = 0, all = 0;
  Counter files, folders, endings;
  for (std::size_t row = 0; row < keep.size(); ++row) {
    const Row& r = document.rows[row];
    if (!r.found()) continue;
    ++all;
    if (keep[row] != Show::kNot) continue;
    ++dropped;
    const std::string_view path = r.file == kNoFile ? std::string_view() : list ? r.line : document.files[r.file];
    if (path.empty()) continue;
    files.add(path);
    folders.add(folder_of(path));
    if (list) endings.add(ending_of(path));
  }
  std::string out = fmt::format("{} of {} {} left out", dropped, all, list ? "paths" : "lines");
  const auto list_counts = [&](Counter& counter, std::string_view title, std::string_view root) {
    counter.by_size();
    std::string text;
    const std::vector<Count>& counts = counter.counts();
    for (std::size_t k = 0; k < counts.size(); ++k) {
      const std::string_view name = counts[k].name.substr(root.size());
      const std::string item =
          fmt::format("{}{} {}", text.empty() ? "" : ", ", name.empty() ? "./" : name, counts[k].rows);
      if (out.size() + text.size() + item.size() > room) {
        if (!text.empty()) text += fmt::format(", {} more", counts.size() - k);
        break;
      }
      text += item;
    }
    if (!text.empty()) out += fmt::format("{}{}", title, text);
  };
  if (files.counts().empty()) return out;
  std::vector<std::string_view> paths;
  for (const Count& file : files.counts()) paths.push_back(file.name);
  const std::string_view root = shared_root(paths);
  if (!list) out += fmt::format(" in {} files", files.counts().size());
  const std::string under = root.empty() ? std::string(": ") : fmt::format(", under {}: ", root);
  if (list) {
    list_counts(endings, ": ", {});
    list_counts(folders, "; ", {});
  } else if (files.counts().size() <= 12) {
    list_counts(files, under, root);
  } else {
    list_counts(folders, under, root);
  }
  return out;
}

}  // namespace headroom::compress::search
