#include "context/json_changes.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/json_document.h"

namespace headroom::context {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

/// Deeper texts are not compared.
constexpr int kDeepest = 64;

/// Objects of more members must have them in the same order.
constexpr std::uint32_t kMostMembers = 500;

/// Times that each item of an array may be looked at to see how far items have moved.
constexpr std::size_t kMostLooks = 4;

bool is_container(const JsonNode& node) {
  return node.kind == JsonKind::kObject || node.kind == JsonKind::kArray;
}

/// Of an item of which more is to be said it is not looked for what all say.
constexpr std::size_t kMostLines = 100;

/// A document and a hash of each of its values, which white space does not change.
class Hashed {
 public:
  explicit Hashed(JsonDocument parsed) : document(std::move(parsed)), hashes_(document.nodes().size()) {
    for (std::size_t i = hashes_.size(); i-- > 0;) hashes_[i] = hash_of(document.nodes()[i]);
  }

  std::uint64_t of(const JsonNode& node) const { return hashes_[document.index_of(node)]; }

  const JsonDocument document;

 private:
  /// Children come behind their parent, so they are known.
  std::uint64_t hash_of(const JsonNode& node) const {
    if (!is_container(node)) return base::hash64(node.raw);
    std::uint64_t hash = node.kind == JsonKind::kObject ? 0x51ED27 : 0xA2247;
    for (const JsonNode& child : document.children(node)) {
      hash = (hash * 0x9E3779B97F4A7C15ULL) ^ (of(child) + 31 * base::hash64(child.key));
      hash ^= hash >> 29;
    }
    return hash;
  }

  std::vector<std::uint64_t> hashes_;
};

void append_compact(const JsonDocument& document, const JsonNode& node, std::string& out) {
  if (!is_container(node)) {
    out += node.raw;
    return;
  }
  const bool object = node.kind == JsonKind::kObject;
  out.push_back(object ? '{' : '[');
  bool first = true;
  for (const JsonNode& child : document.children(node)) {
    if (!std::exchange(first, false)) out.push_back(',');
    if (object) out.append(child.key_raw).push_back(':');
    append_compact(document, child, out);
  }
  out.push_back(object ? '}' : ']');
}

/// ".name", or ["a name"] where a dot would mislead.
std::string step_to(const JsonNode& member) {
  const bool plain = !member.key.empty() && member.key_raw.size() == member.key.size() + 2 &&
                     member.key.find_first_of(".[]{}: \t\n\r,") == std::string_view::npos;
  return plain ? fmt::format(".{}", member.key) : fmt::format("[{}]", member.key_raw);
}

std::string range_of(std::size_t first, std::size_t end) {
  return end - first == 1 ? fmt::format("[{}]", first) : fmt::format("[{}-{}]", first, end - 1);
}

class Comparer {
 public:
  /// What is said of a value, each behind the path that leads to it.
  using Lines = std::vector<std::string>;

  Comparer(const Hashed& before, const Hashed& after, std::size_t most) : before_(before), after_(after), most_(most) {}

  /// False where the texts differ by too much, or are too deep.
  bool compare(const JsonNode& was, const JsonNode& is, int depth, Lines& lines) {
    if (before_.of(was) == after_.of(is)) return true;
    if (depth > kDeepest) return false;
    if (was.kind != is.kind || !is_container(is)) return say(": " + compact(is), lines);
    return is.kind == JsonKind::kObject ? compare_objects(was, is, depth, lines)
                                        : compare_arrays(was, is, depth, lines);
  }

 private:
  using Items = std::vector<const JsonNode*>;

  bool say(std::string line, Lines& lines) {
    bytes_ += line.size() + 1;
    lines.push_back(std::move(line));
    return bytes_ <= most_;
  }

  std::string compact(const JsonNode& node) const {
    std::string out;
    append_compact(after_.document, node, out);
    return out;
  }

  bool compare_objects(const JsonNode& was, const JsonNode& is, int depth, Lines& lines) {
    const Items old = items_of(before_.document, was), now = items_of(after_.document, is);
    std::vector<bool> met(old.size());
    std::vector<std::string> values;  // ".name: value"
    Lines inner;
    for (std::size_t i = 0; i < now.size(); ++i) {
      std::size_t at = i;
      if (at >= old.size() || old[at]->key != now[i]->key) {
        if (old.size() > kMostMembers) return false;
        at = static_cast<std::size_t>(std::ranges::find(old, now[i]->key, &JsonNode::key) - old.begin());
      }
      Lines of_member;
      if (at < old.size()) {
        if (met[at]) return false;  // a key that stands there twice
        met[at] = true;
        if (!compare(*old[at], *now[i], depth + 1, of_member)) return false;
      } else if (!say(": " + compact(*now[i]), of_member)) {
        return false;
      }
      const std::string step = step_to(*now[i]);
      const bool value = of_member.size() == 1 && of_member[0].starts_with(": ") && step.front() == '.';
      for (std::string& line : of_member) (value ? values : inner).push_back(step + line);
    }
    for (std::size_t i = 0; i < old.size(); ++i) {
      if (!met[i] && !say(step_to(*old[i]) + " not there", inner)) return false;
    }
    if (values.size() == 1) lines.push_back(std::move(values[0]));
    if (values.size() > 1) {
      std::string all = ".{";
      for (const std::string& value : values) all.append(all.size() > 2 ? ", " : "").append(value.substr(1));
      lines.push_back(all + "}");
    }
    std::ranges::move(inner, std::back_inserter(lines));
    return true;
  }

  /// Items at the begin or the end come and go; between them each is compared with the one in its place.
  bool compare_arrays(const JsonNode& was, const JsonNode& is, int depth, Lines& lines) {
    const Items old = items_of(before_.document, was), now = items_of(after_.document, is);
    if (const auto moved = shifted(old, now)) {
      const auto& [gone, added] = *moved;
      // What is left of the old ones, and where it stands now.
      const std::size_t kept = std::min(old.size() - gone, now.size() - added);
      return say_gone(0, gone, lines) && say_gone(gone + kept, old.size(), lines) && say_new(now, 0, added, lines) &&
             say_new(now, added + kept, now.size(), lines);
    }
    std::size_t first = 0;
    while (first < std::min(old.size(), now.size()) && same(*old[first], *now[first])) ++first;
    std::size_t behind = 0;
    while (behind < std::min(old.size(), now.size()) - first &&
           same(*old[old.size() - behind - 1], *now[now.size() - behind - 1]))
      ++behind;
    const std::size_t old_end = old.size() - behind, now_end = now.size() - behind;
    if (old_end != now_end) return say_gone(first, old_end, lines) && say_new(now, first, now_end, lines);
    return compare_items(std::span(old).subspan(first, now_end - first), std::span(now).subspan(first), first, depth,
                         lines);
  }

  /// What is to be said of all items is said once, and so is what is the same for neighbours.
  bool compare_items(std::span<const JsonNode* const> old, std::span<const JsonNode* const> now, std::size_t index,
                     int depth, Lines& lines) {
    std::vector<Lines> of_items;  // of neighbours that are alike the first has the lines
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i < old.size(); ++i) {
      Lines of_item;
      const std::size_t bytes = bytes_;
      if (!compare(*old[i], *now[i], depth + 1, of_item)) return false;
      if (!of_items.empty() && of_item == of_items.back()) {
        bytes_ = bytes;
        continue;
      }
      of_items.push_back(std::move(of_item));
      begins.push_back(i);
    }
    begins.push_back(old.size());
    for (const std::string& line : take_common(of_items)) lines.push_back(range_of(index, index + old.size()) + line);
    for (std::size_t k = 0; k < of_items.size(); ++k) {
      for (const std::string& line : of_items[k])
        lines.push_back(range_of(index + begins[k], index + begins[k + 1]) + line);
    }
    return true;
  }

  /// Takes out the lines that each of several items has.
  Lines take_common(std::vector<Lines>& of_items) {
    const auto many = [](const Lines& lines) { return lines.size() > kMostLines; };
    if (of_items.size() < 3 || std::ranges::any_of(of_items, many)) return {};
    const auto holds = [](const Lines& all, const std::string& line) {
      return std::ranges::find(all, line) != all.end();
    };
    Lines common = of_items[0];
    for (std::size_t k = 1; k < of_items.size() && !common.empty(); ++k) {
      std::erase_if(common, [&](const std::string& line) { return !holds(of_items[k], line); });
    }
    if (common.empty()) return {};
    for (std::size_t k = 0; k < of_items.size(); ++k) {
      std::erase_if(of_items[k], [&](const std::string& line) { return holds(common, line); });
    }
    for (const std::string& line : common) bytes_ -= (line.size() + 1) * (of_items.size() - 1);
    return common;
  }

  /// How many items are gone in front, and how many came there, where all that both have left is the same, and that is
  /// at least half of the old ones.
  std::optional<std::pair<std::size_t, std::size_t>> shifted(const Items& old, const Items& now) const {
    if (old.empty() || now.empty()) return std::nullopt;
    // Of items that are all the same, each place would fit nearly to its end.
    std::size_t looks = kMostLooks * (old.size() + now.size());
    const auto fits = [&](std::size_t gone, std::size_t added) {
      const std::size_t kept = std::min(old.size() - gone, now.size() - added);
      for (std::size_t i = 0; i < kept; ++i) {
        if (looks == 0) return false;
        --looks;
        if (!same(*old[gone + i], *now[added + i])) return false;
      }
      return kept * 2 >= old.size();
    };
    for (std::size_t added = 0; added < now.size(); ++added) {
      if (fits(0, added)) return std::pair{std::size_t{0}, added};
    }
    for (std::size_t gone = 1; gone < old.size(); ++gone) {
      if (fits(gone, 0)) return std::pair{gone, std::size_t{0}};
    }
    return std::nullopt;
  }

  bool say_gone(std::size_t first, std::size_t end, Lines& lines) {
    return first == end || say(range_of(first, end) + " not there", lines);
  }

  bool say_new(const Items& now, std::size_t first, std::size_t end, Lines& lines) {
    if (first == end) return true;
    std::string line = end < now.size() ? fmt::format(", {} new before [{}]: ", end - first, first)
                                        : fmt::format(", {} new at the end: ", end - first);
    for (std::size_t i = first; i < end; ++i) {
      if (i > first) line += ", ";
      line += compact(*now[i]);
      if (bytes_ + line.size() > most_) return false;
    }
    return say(std::move(line), lines);
  }

  static Items items_of(const JsonDocument& document, const JsonNode& node) {
    Items items;
    for (const JsonNode& child : document.children(node)) items.push_back(&child);
    return items;
  }

  bool same(const JsonNode& was, const JsonNode& is) const { return before_.of(was) == after_.of(is); }

  const Hashed& before_;
  const Hashed& after_;
  std::size_t most_, bytes_ = 0;
};

}  // namespace

std::optional<JsonChanges> json_changes(std::string_view earlier, std::string_view later, std::size_t most_bytes) {
  auto before = JsonDocument::parse(earlier);
  auto after = JsonDocument::parse(later);
  if (!before || !after) return std::nullopt;
  const Hashed was(*std::move(before)), is(*std::move(after));
  const JsonNode& root = is.document.root();
  if (!is_container(root) || root.kind != was.document.root().kind) return std::nullopt;
  Comparer comparer(was, is, most_bytes);
  JsonChanges changes;
  if (!comparer.compare(was.document.root(), root, 0, changes.lines)) return std::nullopt;
  for (std::string& line : changes.lines) {
    if (line.starts_with('.') || line.starts_with(", ")) line.erase(0, line.find_first_not_of("., "));
  }
  return changes;
}

}  // namespace headroom::context
