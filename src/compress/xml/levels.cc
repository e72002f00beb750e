#include "compress/xml/levels.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

namespace headroom::compress::xml {
namespace {

constexpr std::size_t kLeastRecords = 8;
constexpr std::size_t kLeastBytes = 800;

/// All elements with the same names from the root down.
struct Path {
  std::uint32_t parent = kNone;
  std::vector<std::uint32_t> elements;
  std::size_t bytes = 0;
  std::size_t built = 0;  ///< elements with attributes or with others in them: no bare values
  bool closed = true;
};

std::vector<Path> find_paths(const Document& document) {
  std::vector<Path> paths;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> numbers;
  std::vector<std::uint32_t> path_of(document.elements.size());
  for (std::uint32_t i = 0; i < document.elements.size(); ++i) {
    const Element& e = document.elements[i];
    const std::uint32_t parent = e.parent == kNone ? kNone : path_of[e.parent];
    const auto [at, added] = numbers.try_emplace({parent, e.name}, static_cast<std::uint32_t>(paths.size()));
    if (added) paths.push_back({.parent = parent});
    Path& path = paths[at->second];
    path_of[i] = at->second;
    path.elements.push_back(i);
    path.bytes += e.end - e.begin;
    path.built += e.attributes > 0 || document.has_children(i);
    path.closed = path.closed && e.closed;
  }
  return paths;
}

class Finder {
 public:
  explicit Finder(const Document& document)
      : document_(document), paths_(find_paths(document)), above_(paths_.size(), kNone) {
    for (std::uint32_t i = 0; i < paths_.size(); ++i) {
      const std::uint32_t parent = paths_[i].parent;
      if (parent != kNone) above_[i] = is_list(parent) ? parent : above_[parent];
      if (above_[i] != kNone && is_list(i)) inside_[above_[i]].push_back(i);
    }
  }

  std::vector<Chain> run() {
    std::vector<Chain> chains;
    for (std::uint32_t i = 0; i < paths_.size(); ++i) {
      if (is_list(i) && above_[i] == kNone) chains.push_back(chain_from(i));
    }
    return chains;
  }

 private:
  bool is_list(std::uint32_t i) const {
    const Path& path = paths_[i];
    return path.elements.size() >= kLeastRecords && path.bytes >= kLeastBytes && path.built * 2 >= path.elements.size();
  }

  /// Goes down while a list inside makes up most of the one around.
  Chain chain_from(std::uint32_t at) {
    Chain chain;
    for (;;) {
      chain.push_back({paths_[at].elements, paths_[at].bytes});
      std::uint32_t inside = kNone;
      for (const std::uint32_t i : inside_[at]) {
        if (inside == kNone || paths_[i].bytes > paths_[inside].bytes) inside = i;
      }
      const bool most = inside != kNone && paths_[inside].bytes * 2 >= paths_[at].bytes &&
                        paths_[inside].elements.size() > paths_[at].elements.size() && !are_fields(inside, at);
      if (!most) return chain;
      at = inside;
    }
  }

  /// Each element around holds as many, called the same: they are its fields, and it is the record.
  bool are_fields(std::uint32_t inside, std::uint32_t around) const {
    const std::vector<std::uint32_t>& elements = paths_[inside].elements;
    std::map<std::size_t, std::size_t> holding;  // so many: elements that hold so many
    std::unordered_set<std::string_view> names;
    std::size_t next = 0;
    for (const std::uint32_t outer : paths_[around].elements) {
      const std::size_t first = next;
      while (next < elements.size() && elements[next] < document_.elements[outer].next) ++next;
      ++holding[next - first];
    }
    for (const std::uint32_t element : elements) names.insert(document_.called(element));
    const auto most = std::ranges::max_element(holding, {}, [](const auto& entry) { return entry.second; });
    return most->second * 10 >= paths_[around].elements.size() * 8 && names.size() <= 2 * most->first;
  }

  const Document& document_;
  std::vector<Path> paths_;
  std::vector<std::uint32_t> above_;                            ///< by path: the nearest list around it
  std::map<std::uint32_t, std::vector<std::uint32_t>> inside_;  ///< by list: those right in it
};

}  // namespace

std::vector<Chain> find_chains(const Document& document) {
  return Finder(document).run();
}

}  // namespace headroom::compress::xml
