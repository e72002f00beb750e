#include "compress/search/shapes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/hash.h"
#include "base/hash_map.h"
#include "base/string_list.h"
#include "base/text.h"

namespace headroom::compress::search {
namespace {

constexpr std::uint32_t kStudied = 8;      // rows a kind needs for its values to be compared
constexpr std::size_t kLongestText = 400;  // bytes of a row that are looked at
constexpr std::size_t kMostSlots = 24;     // values of a row that are compared

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
bool word(char c) {
  return letter(c) || digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
  return hash ^ (hash >> 29);
}

/// Words that say what a row does; they belong to its kind.
bool is_keyword(std::string_view w) {
  static constexpr base::StringList kWords(std::to_array<std::string_view>(
      {"if",     "else",   "for",  "while",  "return", "raise", "throw", "def",   "class",  "import",
       "from",   "with",   "try",  "except", "catch",  "await", "async", "yield", "assert", "del",
       "not",    "in",     "is",   "and",    "or",     "new",   "const", "let",   "var",    "function",
       "struct", "static", "void", "public", "fn",     "func",  "use",   "#",     "elif",   "lambda"}));
  return w.size() <= 8 && kWords.has(w);
}

bool is_remark(std::string_view w) {
  static constexpr base::StringList kWords(std::to_array<std::string_view>(
      {"todo", "fixme", "xxx", "hack", "bug", "deprecated", "unsafe", "danger", "dangerous", "insecure", "workaround",
       "temporary", "obsolete", "nosec", "vulnerable", "broken", "deprecation"}));
  if (w.size() < 3 || w.size() > 11) return false;
  std::array<char, 12> low{};
  for (std::size_t i = 0; i < w.size(); ++i)
    low[i] = static_cast<char>(w[i] >= 'A' && w[i] <= 'Z' ? w[i] | 0x20 : w[i]);
  return kWords.has({low.data(), w.size()});
}

struct Slots {
  std::size_t first = 0, count = 0;
};

class Study {
 public:
  explicit Study(const Document& document)
      : d_(document), shapes_(document.rows.size()), slots_(document.rows.size()) {}

  std::vector<Shape> run() {
    for (std::size_t row = 0; row < shapes_.size(); ++row) {
      if (d_.rows[row].found()) read(row);
    }
    for (Shape& shape : shapes_) {
      if (shape.kind > 0) shape.of_kind = kinds_[shape.kind];
    }
    if (d_.form != Form::kList) compare();
    return std::move(shapes_);
  }

 private:
  void read(std::size_t row) {
    Shape& shape = shapes_[row];
    const std::string_view text = base::trim(d_.rows[row].text()).substr(0, kLongestText);
    slots_[row].first = values_.size();
    std::uint64_t kind = 0x51ED;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t begin = at;
      const char c = text[at];
      if (digit(c)) {
        while (at < text.size() && (word(text[at]) || text[at] == '.')) ++at;
        number(text.substr(begin, at - begin), shape);
        kind = mix(kind, '0');
        slot(row, text.substr(begin, at - begin));
      } else if (word(c)) {
        while (at < text.size() && word(text[at])) ++at;
        const std::string_view name = text.substr(begin, at - begin);
        shape.remark = shape.remark || is_remark(name) || is_issue(text, begin, at);
        if (is_keyword(name)) {
          kind = mix(kind, base::hash64(name));
        } else {
          kind = mix(kind, 'a');
          slot(row, name);
        }
      } else if (c == '"' || c == '\'') {
        const std::size_t close = text.find(c, at + 1);
        at = close == std::string_view::npos ? text.size() : close + 1;
        kind = mix(kind, '"');
        slot(row, text.substr(begin, at - begin));
      } else {
        ++at;
        if (c != ' ' && c != '\t') kind = mix(kind, static_cast<unsigned char>(c));
      }
    }
    const auto [id, fresh] = ids_.try_emplace(kind);
    if (fresh) {
      id = static_cast<std::uint32_t>(kinds_.size());
      kinds_.push_back(0);
    }
    shape.kind = id;
    shape.before = kinds_[shape.kind]++;
    shape.copies = copies_[base::hash64(text)]++;
  }

  /// "BUG-123", "#4512" behind a word: an issue.
  static bool is_issue(std::string_view text, std::size_t begin, std::size_t end) {
    if (end + 1 >= text.size() || text[end] != '-' || !digit(text[end + 1]) || end - begin < 2) return false;
    return std::ranges::all_of(text.substr(begin, end - begin), [](char c) { return c >= 'A' && c <= 'Z'; });
  }

  static void number(std::string_view text, Shape& shape) {
    double value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc()) return;
    shape.number = shape.numbers ? std::max(shape.number, value) : value;
    shape.numbers = true;
  }

  void slot(std::size_t row, std::string_view value) {
    if (slots_[row].count >= kMostSlots) return;
    values_.push_back(base::hash64(value));
    ++slots_[row].count;
  }

  /// Values that few rows of a kind have where most rows have one of few.
  void compare() {
    std::vector<std::uint32_t> studied(kinds_.size());  // of a kind: its number among those that are compared
    std::uint32_t kinds = 0;
    for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
      if (kinds_[kind] >= kStudied) studied[kind] = kinds++;
    }
    base::HashMap<std::uint32_t> counts(values_.size() / 2);  // kind, place and value
    std::vector<std::uint32_t> distinct(kinds * kMostSlots);  // kind and place
    const auto place = [&](std::size_t row, std::size_t k) { return studied[shapes_[row].kind] * kMostSlots + k; };
    for (std::size_t row = 0; row < shapes_.size(); ++row) {
      if (shapes_[row].of_kind < kStudied) continue;
      for (std::size_t k = 0; k < slots_[row].count; ++k) {
        std::uint64_t& value = values_[slots_[row].first + k];
        value = mix(mix(7, place(row, k)), value);
        if (counts[value]++ == 0) ++distinct[place(row, k)];
      }
    }
    for (std::size_t row = 0; row < shapes_.size(); ++row) {
      const std::uint32_t n = shapes_[row].of_kind;
      if (n < kStudied) continue;
      for (std::size_t k = 0; k < slots_[row].count && !shapes_[row].odd; ++k) {
        const std::uint32_t same = counts[values_[slots_[row].first + k]];
        shapes_[row].odd = same <= std::max(1u, n / 40) && distinct[place(row, k)] * 4 <= n;
      }
    }
  }

  const Document& d_;
  std::vector<Shape> shapes_;
  std::vector<Slots> slots_;
  std::vector<std::uint64_t> values_;
  std::vector<std::uint32_t> kinds_{0};
  base::HashMap<std::uint32_t> ids_, copies_;
};

}  // namespace

std::vector<Shape> find_shapes(const Document& document) {
  return Study(document).run();
}

}  // namespace headroom::compress::search
