#include "compress/search/features.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <string>
#include <unordered_map>

#include "base/text.h"
#include "compress/json/question.h"
#include "compress/search/concepts.h"
#include "compress/search/path.h"
#include "compress/search/wants.h"

namespace headroom::compress::search {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

void lower_into(std::string_view text, std::string& out) {
  out.assign(text);
  for (char& c : out) c = upper(c) ? static_cast<char>(c | 0x20) : c;
}

/// Names of code in the question: camelCase, with_parts, CONSTANTS, Types that do not open a sentence.
std::vector<std::string> identifiers(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    if (!letter(text[at]) && text[at] != '_') {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && (letter(text[at]) || digit(text[at]) || text[at] == '_')) ++at;
    const std::string_view name = text.substr(begin, at - begin);
    const bool joined = name.find('_') != std::string_view::npos && name.size() > 2;
    bool hump = false;
    for (std::size_t i = 1; i < name.size(); ++i)
      hump = hump || (upper(name[i]) && !upper(name[i - 1]) && name[i - 1] != '_');
    const bool capitals =
        name.size() >= 3 && std::ranges::all_of(name, [](char c) { return upper(c) || digit(c) || c == '_'; });
    const bool call = at < text.size() && text[at] == '(' && name.size() >= 3;
    if ((joined || hump || capitals || call) && out.size() < 16 && std::ranges::find(out, name) == out.end())
      out.emplace_back(name);
  }
  return out;
}

/// Words of questions about code in general.
bool is_generic(std::string_view stem) {
  static constexpr std::array<std::string_view, 30> kWords = {
      "code", "codebase", "repo", "repository", "project", "file", "files", "function", "method", "modul",
      "line", "place",    "call", "caller",     "use",     "usag", "hit",   "match",    "result", "search",
      "grep", "find",     "work", "whole",      "tree",    "name", "thing", "sourc",    "happen", "want"};
  return std::ranges::find(kWords, stem) != kWords.end();
}

class Finder {
 public:
  Finder(const Document& document, const std::vector<Shape>& shapes, const Query& query)
      : d_(document), query_(query), question_(query), shapes_(shapes) {
    for (const Row& row : d_.rows) found_ += row.found();
    without_tests_ = leaves_out_tests(query.user);
  }

  std::vector<Feature> run() {
    literals();
    words();
    assigned();
    concepts();
    numbers();
    remarks();
    if (without_tests_) outside_tests();
    if (d_.form == Form::kList) endings();
    return std::move(features_);
  }

 private:
  std::size_t share(std::size_t least, std::size_t part) const { return std::max(least, found_ / part); }

  void add(Feature feature) {
    if (!feature.rows.empty()) features_.push_back(std::move(feature));
  }

  /// Rows that hold the text, in their path or in what was found.
  std::vector<std::uint32_t> rows_with(std::string_view needle) const {
    std::vector<std::uint32_t> rows;
    if (d_.rows.empty() || needle.empty()) return rows;
    const char* begin = d_.rows.front().line.data();
    const char* end = d_.rows.back().line.data() + d_.rows.back().line.size();
    const std::string_view all(begin, static_cast<std::size_t>(end - begin));
    std::vector<bool> named(d_.files.size());
    const bool heads = d_.form == Form::kHeading;
    for (std::size_t at = all.find(needle); at != std::string_view::npos;) {
      const std::size_t after = at + needle.size();
      const auto joined = [](char a, char b) { return (digit(a) && digit(b)) || (letter(a) && letter(b)); };
      const bool cut =
          (at > 0 && joined(all[at - 1], needle.front())) || (after < all.size() && joined(needle.back(), all[after]));
      std::size_t next = after;
      if (!cut) {
        const auto row =
            std::ranges::upper_bound(d_.rows, begin + at, {}, [](const Row& r) { return r.line.data(); }) - 1;
        rows.push_back(static_cast<std::uint32_t>(row - d_.rows.begin()));
        if (heads && row->kind == RowKind::kHeading) named[row->file] = true;
        next = static_cast<std::size_t>(row->line.data() + row->line.size() - begin);
      }
      at = next >= all.size() ? std::string_view::npos : all.find(needle, next);
    }
    if (heads && std::ranges::find(named, true) != named.end()) {
      for (std::size_t i = 0; i < d_.rows.size(); ++i) {
        if (d_.rows[i].found() && d_.rows[i].file != kNoFile && named[d_.rows[i].file])
          rows.push_back(static_cast<std::uint32_t>(i));
      }
      std::ranges::sort(rows);
      const auto tail = std::ranges::unique(rows);
      rows.erase(tail.begin(), tail.end());
    }
    return rows;
  }

  void literals() {
    std::vector<std::string> all = question_.literals();
    for (std::string& name : identifiers(query_.user)) all.push_back(std::move(name));
    for (const std::string& literal : all) {
      add({.weight = 5, .why = Why::kNamed, .must = true, .few = share(16, 6), .rows = rows_with(literal)});
    }
    figures();
    for (const std::string& name : identifiers(query_.intent)) {
      add({.weight = 1.5, .why = Why::kNamed, .must = true, .few = 4, .rows = rows_with(name)});
    }
  }

  /// Plain numbers of the question, which stand alone in the row, too.
  void figures() {
    const std::string_view text = query_.user;
    std::vector<std::string_view> seen;
    for (std::size_t at = 0; at < text.size() && seen.size() < 8;) {
      const std::size_t begin = at;
      while (at < text.size() && digit(text[at])) ++at;
      const std::string_view number = text.substr(begin, at - begin);
      const bool alone = (begin == 0 || (!letter(text[begin - 1]) && text[begin - 1] != '_')) &&
                         (at >= text.size() || (!letter(text[at]) && text[at] != '_'));
      if (!number.empty() && alone && std::ranges::find(seen, number) == seen.end()) {
        seen.push_back(number);
        Feature feature{.weight = 2.5, .why = Why::kNamed, .must = true, .few = share(10, 20)};
        for (const std::uint32_t row : rows_with(number)) {
          if (d_.rows[row].found() && holds_number(d_.rows[row].text(), number)) feature.rows.push_back(row);
        }
        add(std::move(feature));
      }
      if (at == begin) ++at;
    }
  }

  static bool holds_number(std::string_view text, std::string_view number) {
    for (std::size_t at = text.find(number); at != std::string_view::npos; at = text.find(number, at + 1)) {
      const std::size_t after = at + number.size();
      const bool left = at == 0 || (!digit(text[at - 1]) && !letter(text[at - 1]) && text[at - 1] != '.');
      if (left && (after >= text.size() || (!digit(text[after]) && !letter(text[after])))) return true;
    }
    return false;
  }

  void words() {
    const std::size_t n = question_.terms().size();
    if (n == 0) return;
    std::vector<std::uint64_t> files(d_.files.size());
    if (d_.form != Form::kList) {
      for (std::size_t i = 0; i < files.size(); ++i) files[i] = question_.match(d_.files[i]);
    }
    std::vector<Feature> terms(n);
    std::vector<std::uint64_t> masks(d_.rows.size());
    for (std::size_t i = 0; i < d_.rows.size(); ++i) {
      const Row& row = d_.rows[i];
      if (!row.found()) continue;
      std::uint64_t mask = question_.match(row.text().substr(0, 1000));
      if (row.file != kNoFile) mask |= files[row.file];
      masks[i] = mask;
      for (; mask != 0; mask &= mask - 1)
        terms[static_cast<std::size_t>(std::countr_zero(mask))].rows.push_back(static_cast<std::uint32_t>(i));
    }
    const std::uint64_t user = question_.user_words_in(query_.user);
    const std::vector<std::string> lacking = lacked(query_.user);
    std::uint64_t uncommon = 0;
    for (std::size_t k = 0; k < n; ++k) {
      const bool users = (user >> k & 1) != 0;
      if (std::ranges::find(lacking, question_.terms()[k].stem) != lacking.end()) lack(terms[k].rows);
      if (users && terms[k].rows.empty()) compounds(question_.terms()[k].stem, terms[k].rows);
      if (users && terms[k].rows.size() * 8 <= found_ && !is_generic(question_.terms()[k].stem) &&
          !unwanted(question_.terms()[k].stem))
        uncommon |= 1ULL << k;
      const bool generic = is_generic(question_.terms()[k].stem) || unwanted(question_.terms()[k].stem);
      terms[k].weight = question_.terms()[k].weight * (generic ? 0.2 : 0.8);
      terms[k].why = Why::kAsked;
      terms[k].must = users && !generic;
      terms[k].few = share(12, 16);
      add(std::move(terms[k]));
    }
    // Two words that are less rare, in one row.
    Feature pairs{.weight = 2, .why = Why::kAsked, .must = true, .few = share(12, 10)};
    for (std::size_t i = 0; i < masks.size(); ++i) {
      if (std::popcount(masks[i] & uncommon) >= 2) pairs.rows.push_back(static_cast<std::uint32_t>(i));
    }
    add(std::move(pairs));
  }

  /// "timeout = 300": where what is asked about gets a number. Who asks for a figure may call it otherwise.
  void assigned() {
    const bool figure = wants_figure(query_.user);
    Feature values{.weight = 2, .why = Why::kDescribed, .must = true, .few = share(8, 12)};
    for (std::size_t i = 0; i < d_.rows.size(); ++i) {
      if (!d_.rows[i].found()) continue;
      const std::string_view text = d_.rows[i].text().substr(0, 600);
      for (std::size_t at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
        const std::size_t value = text.find_first_not_of(" \t", at + 1);
        if (value == std::string_view::npos || !digit(text[value])) continue;
        const std::string_view before = base::trim(text.substr(0, at));
        std::size_t begin = before.size();
        while (begin > 0 && (letter(before[begin - 1]) || digit(before[begin - 1]) || before[begin - 1] == '_'))
          --begin;
        if (begin == before.size() || (!figure && question_.match(before.substr(begin)) == 0)) continue;
        values.rows.push_back(static_cast<std::uint32_t>(i));
        break;
      }
    }
    add(std::move(values));
  }

  /// The rows that do not have what some have.
  void lack(const std::vector<std::uint32_t>& having) {
    if (having.size() * 30 < found_ || having.size() >= found_) return;
    Feature without{.weight = 4, .why = Why::kLacks, .must = true, .few = d_.rows.size()};
    std::size_t next = 0;
    for (std::size_t i = 0; i < d_.rows.size(); ++i) {
      if (next < having.size() && having[next] == i) {
        ++next;
      } else if (d_.rows[i].kind == RowKind::kHit || d_.rows[i].kind == RowKind::kPath) {
        without.rows.push_back(static_cast<std::uint32_t>(i));
      }
    }
    add(std::move(without));
  }

  /// A word that no row has by itself may be part of one: "robots" in "robotparser".
  void compounds(std::string_view stem, std::vector<std::uint32_t>& rows) {
    if (stem.size() < 4 || d_.rows.empty()) return;
    const char* begin = d_.rows.front().line.data();
    if (lower_.empty()) {
      const char* end = d_.rows.back().line.data() + d_.rows.back().line.size();
      lower_into({begin, static_cast<std::size_t>(end - begin)}, lower_);
    }
    for (std::size_t at = lower_.find(stem); at != std::string::npos;) {
      const auto row =
          std::ranges::upper_bound(d_.rows, begin + at, {}, [](const Row& r) { return r.line.data(); }) - 1;
      if (row->found()) rows.push_back(static_cast<std::uint32_t>(row - d_.rows.begin()));
      const auto next = static_cast<std::size_t>(row->line.data() + row->line.size() - begin);
      at = next >= lower_.size() ? std::string::npos : lower_.find(stem, next);
    }
  }

  void concepts() {
    std::vector<std::string> asked = base::words(query_.user);
    std::erase_if(asked, [&](const std::string& word) { return unwanted(word); });
    const std::vector<Concept> wanted = concepts_of(asked);
    const bool zero = std::ranges::any_of(wanted, &Concept::zero);
    const bool defined = std::ranges::any_of(wanted, &Concept::definition);
    std::vector<Feature> found(wanted.size(),
                               {.weight = 2.5, .why = Why::kDescribed, .must = true, .few = share(12, 10)});
    std::vector<Feature> off(kOffKinds, {.weight = 3, .why = Why::kDescribed, .must = true, .few = share(12, 8)});
    Feature definitions{
        .weight = defined ? 3.0 : 1.2, .why = Why::kDefinition, .must = true, .few = defined ? share(12, 6) : 8};
    std::string lower, path;
    std::vector<std::string> paths;
    for (std::string_view file : d_.files) {
      if (wanted.empty()) break;
      lower_into(file, path);
      paths.push_back(path);
    }
    for (std::size_t i = 0; i < d_.rows.size(); ++i) {
      const Row& row = d_.rows[i];
      if (!row.found()) continue;
      const auto index = static_cast<std::uint32_t>(i);
      const std::string_view text = row.text().substr(0, 600);
      if (d_.form != Form::kList && is_definition(text)) definitions.rows.push_back(index);
      if (wanted.empty()) continue;
      lower_into(d_.form == Form::kList ? std::string_view() : text, lower);
      const std::string_view where = row.file == kNoFile ? std::string_view() : std::string_view(paths[row.file]);
      for (std::size_t k = 0; k < wanted.size(); ++k) {
        if (meets(wanted[k], text, lower, where)) found[k].rows.push_back(index);
      }
      if (!zero) continue;
      for (const OffValue& value : off_values(text, lower)) {
        std::vector<std::uint32_t>& rows = off[value.kind].rows;
        if (is_asked_for(value.name) && (rows.empty() || rows.back() != index)) rows.push_back(index);
      }
    }
    for (Feature& feature : found) add(std::move(feature));
    for (Feature& feature : off) add(std::move(feature));
    add(std::move(definitions));
  }

  /// A name that has a word of the question in it: "settimeout" for "timeout".
  bool is_asked_for(std::string_view name) const {
    if (question_.match(name) != 0) return true;
    std::string low;
    lower_into(name, low);
    return std::ranges::any_of(question_.terms(), [&](const json::Question::Term& term) {
      return term.stem.size() >= 4 && low.find(term.stem) != std::string::npos;
    });
  }

  void numbers() {
    std::vector<std::uint32_t> rows;
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      if (shapes_[i].numbers) rows.push_back(static_cast<std::uint32_t>(i));
    }
    const auto by_number = [&](std::uint32_t a, std::uint32_t b) {
      return shapes_[a].number != shapes_[b].number ? shapes_[a].number < shapes_[b].number : a < b;
    };
    for (const json::Question::Bound& bound : question_.bounds()) {
      Feature beyond{.weight = 3, .why = Why::kExtreme, .must = true, .few = share(12, 6)};
      for (std::uint32_t row : rows) {
        if (bound.above ? shapes_[row].number >= bound.value : shapes_[row].number <= bound.value)
          beyond.rows.push_back(row);
      }
      add(std::move(beyond));
    }
    if (!question_.orders().high && !question_.orders().low) return;
    std::ranges::sort(rows, by_number);
    static constexpr std::size_t kEnds = 4;
    Feature ends{.weight = 3, .why = Why::kExtreme, .must = true, .few = 2 * kEnds};
    for (std::size_t k = 0; k < std::min(kEnds, rows.size()); ++k) {
      if (question_.orders().high) ends.rows.push_back(rows[rows.size() - 1 - k]);
      if (question_.orders().low) ends.rows.push_back(rows[k]);
    }
    std::ranges::sort(ends.rows);
    const auto tail = std::ranges::unique(ends.rows);
    ends.rows.erase(tail.begin(), tail.end());
    add(std::move(ends));
  }

  void remarks() {
    Feature remark{.weight = 1, .why = Why::kRemark, .must = true, .few = share(6, 25)};
    Feature odd{.weight = 1, .why = Why::kOdd, .must = true, .few = share(6, 25)};
    Feature single{.weight = 0.7, .why = Why::kOdd, .must = true, .few = share(6, 25)};
    std::unordered_map<std::uint32_t, std::size_t> of_file;
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      const auto index = static_cast<std::uint32_t>(i);
      if (shapes_[i].remark) remark.rows.push_back(index);
      if (shapes_[i].odd) odd.rows.push_back(index);
      if (shapes_[i].kind > 0 && shapes_[i].of_kind == 1 && d_.rows[i].kind == RowKind::kHit)
        single.rows.push_back(index);
    }
    add(std::move(remark));
    add(std::move(odd));
    add(std::move(single));
  }

  /// The question speaks of tests only to say that it is not about them.
  bool unwanted(std::string_view word) const { return without_tests_ && (word == "test" || word == "tests"); }

  /// What stands outside tests is asked for, and nothing makes a hit in a test worth more than another.
  void outside_tests() {
    Feature outside{.weight = 4, .why = Why::kOutside, .must = true, .few = share(24, 2)};
    std::vector<bool> test(d_.rows.size(), false);
    for (std::size_t i = 0; i < d_.rows.size(); ++i) {
      if (!d_.rows[i].found() || d_.rows[i].file == kNoFile) continue;
      test[i] = is_test_path(d_.files[d_.rows[i].file]);
      if (!test[i]) outside.rows.push_back(static_cast<std::uint32_t>(i));
    }
    for (Feature& feature : features_) {
      std::erase_if(feature.rows, [&](std::uint32_t row) { return test[row]; });
    }
    if (std::ranges::find(test, true) != test.end()) add(std::move(outside));
  }

  /// Files of a list with an extension that hardly any other has.
  void endings() {
    std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_ending;
    std::size_t paths = 0;
    for (std::size_t i = 0; i < d_.rows.size(); ++i) {
      if (d_.rows[i].kind != RowKind::kPath) continue;
      ++paths;
      const std::string_view line = d_.rows[i].line;
      const std::string_view name = line.substr(folder_of(line).size());
      const std::size_t dot = name.rfind('.');
      by_ending[dot == std::string_view::npos ? std::string_view() : name.substr(dot)].push_back(
          static_cast<std::uint32_t>(i));
    }
    Feature rare{.weight = 1, .why = Why::kOdd, .must = true, .few = share(6, 20)};
    for (const auto& [ending, rows] : by_ending) {
      if (rows.size() <= 2 && paths >= 30) rare.rows.insert(rare.rows.end(), rows.begin(), rows.end());
    }
    std::ranges::sort(rare.rows);
    add(std::move(rare));
  }

  const Document& d_;
  const Query& query_;
  const json::Question question_;
  const std::vector<Shape>& shapes_;
  std::size_t found_ = 0;
  bool without_tests_ = false;
  std::string lower_;  // the whole text, when it is needed
  std::vector<Feature> features_;
};

}  // namespace

std::string_view why_name(Why why) {
  switch (why) {
    case Why::kNone:
      break;
    case Why::kNamed:
      return "named in the question";
    case Why::kAsked:
      return "words of the question";
    case Why::kDescribed:
      return "as the question describes";
    case Why::kExtreme:
      return "its number";
    case Why::kDefinition:
      return "a definition";
    case Why::kRemark:
      return "a remark";
    case Why::kLacks:
      return "without what the question says is missing";
    case Why::kOutside:
      return "in no test";
    case Why::kOdd:
      return "unlike the others";
  }
  return "one of its kind";
}

std::vector<Feature> find_features(const Document& document, const std::vector<Shape>& shapes, const Query& query) {
  return Finder(document, shapes, query).run();
}

}  // namespace headroom::compress::search
