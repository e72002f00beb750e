#include "compress/code/language.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "base/text.h"

extern "C" {
const TSLanguage* tree_sitter_bash();
const TSLanguage* tree_sitter_c();
const TSLanguage* tree_sitter_cpp();
const TSLanguage* tree_sitter_c_sharp();
const TSLanguage* tree_sitter_go();
const TSLanguage* tree_sitter_java();
const TSLanguage* tree_sitter_javascript();
const TSLanguage* tree_sitter_perl();
const TSLanguage* tree_sitter_php();
const TSLanguage* tree_sitter_python();
const TSLanguage* tree_sitter_ruby();
const TSLanguage* tree_sitter_rust();
const TSLanguage* tree_sitter_tsx();
const TSLanguage* tree_sitter_typescript();
#ifdef HEADROOM_MORE_GRAMMARS
const TSLanguage* tree_sitter_kotlin();
const TSLanguage* tree_sitter_scala();
const TSLanguage* tree_sitter_swift();
#endif
}

namespace headroom::compress::code {
namespace {

constexpr auto kLanguages = std::to_array<Language>({
    {"bash", "#", Layout::kBraces, tree_sitter_bash, {}},
    {"c", "//", Layout::kBraces, tree_sitter_c, {}},
    {"c++", "//", Layout::kBraces, tree_sitter_cpp, {}},
    {"c#", "//", Layout::kBraces, tree_sitter_c_sharp, {}},
    {"go", "//", Layout::kBraces, tree_sitter_go, {}},
    {"java", "//", Layout::kBraces, tree_sitter_java, {}},
    {"javascript", "//", Layout::kBraces, tree_sitter_javascript, {}},
    {"perl", "#", Layout::kBraces, tree_sitter_perl, {}},
    {"php", "//", Layout::kBraces, tree_sitter_php, {}},
    {"python", "#", Layout::kIndent, tree_sitter_python, {}},
    {"ruby", "#", Layout::kEnd, tree_sitter_ruby, {}},
    {"rust", "//", Layout::kBraces, tree_sitter_rust, {}},
    {"tsx", "//", Layout::kBraces, tree_sitter_tsx, {}},
    {"typescript", "//", Layout::kBraces, tree_sitter_typescript, {}},
#ifdef HEADROOM_MORE_GRAMMARS
    {"kotlin", "//", Layout::kBraces, tree_sitter_kotlin, {}},
    {"scala", "//", Layout::kBraces, tree_sitter_scala, {}},
    {"swift", "//", Layout::kBraces, tree_sitter_swift, {}},
#endif
});

struct Named {
  std::string_view key, language;
};

constexpr auto kExtensions = std::to_array<Named>({
    {"py", "python"},
    {"pyi", "python"},
    {"pyw", "python"},
    {"js", "javascript"},
    {"mjs", "javascript"},
    {"cjs", "javascript"},
    {"jsx", "javascript"},
    {"ts", "typescript"},
    {"mts", "typescript"},
    {"cts", "typescript"},
    {"tsx", "tsx"},
    {"go", "go"},
    {"rs", "rust"},
    {"java", "java"},
    {"c", "c"},
    {"h", "c"},
    {"cc", "c++"},
    {"cpp", "c++"},
    {"cxx", "c++"},
    {"c++", "c++"},
    {"hh", "c++"},
    {"hpp", "c++"},
    {"hxx", "c++"},
    {"h++", "c++"},
    {"ipp", "c++"},
    {"inl", "c++"},
    {"tcc", "c++"},
    {"cs", "c#"},
    {"rb", "ruby"},
    {"rake", "ruby"},
    {"gemspec", "ruby"},
    {"ru", "ruby"},
    {"php", "php"},
    {"phtml", "php"},
    {"sh", "bash"},
    {"bash", "bash"},
    {"zsh", "bash"},
    {"ksh", "bash"},
    {"bats", "bash"},
    {"pl", "perl"},
    {"pm", "perl"},
    {"t", "perl"},
    {"kt", "kotlin"},
    {"kts", "kotlin"},
    {"scala", "scala"},
    {"sc", "scala"},
    {"swift", "swift"},
    {"rakefile", "ruby"},
    {"gemfile", "ruby"},
    {"vagrantfile", "ruby"},
});

constexpr auto kInterpreters = std::to_array<Named>({
    {"python", "python"},
    {"bash", "bash"},
    {"node", "javascript"},
    {"ruby", "ruby"},
    {"perl", "perl"},
    {"php", "php"},
    {"zsh", "bash"},
    {"ksh", "bash"},
    {"sh", "bash"},
});

/// What a line of a language starts with (`starts`) or holds; each line counts a language once.
struct Clue {
  std::string_view text, language;
  int weight;
  bool starts;
};

constexpr auto kClues = std::to_array<Clue>({
    {"def ", "python", 1, true},
    {"elif ", "python", 2, true},
    {"import ", "python", 1, true},
    {"from ", "python", 1, true},
    {"except ", "python", 2, true},
    {"self.", "python", 1, true},
    {"async def ", "python", 3, true},
    {"if __name__ ==", "python", 5, true},
    {"def ", "ruby", 1, true},
    {"end", "ruby", 1, true},
    {"require ", "ruby", 2, true},
    {"attr_", "ruby", 3, true},
    {"module ", "ruby", 1, true},
    {"elsif ", "ruby", 1, true},
    {" do |", "ruby", 3, false},
    {"func ", "go", 2, true},
    {"package ", "go", 2, true},
    {" := ", "go", 2, false},
    {"if err != nil", "go", 4, true},
    {"type ", "go", 1, true},
    {"defer ", "go", 2, true},
    {"fn ", "rust", 2, true},
    {"pub fn ", "rust", 3, true},
    {"impl ", "rust", 2, true},
    {"impl<", "rust", 3, true},
    {"use ", "rust", 1, true},
    {"let mut ", "rust", 3, true},
    {"pub struct ", "rust", 3, true},
    {"#[", "rust", 2, true},
    {"match ", "rust", 1, true},
    {"public class ", "java", 2, true},
    {"import java", "java", 5, true},
    {"package ", "java", 1, true},
    {"@Override", "java", 4, true},
    {"private final ", "java", 3, true},
    {"public ", "java", 1, true},
    {"private ", "java", 1, true},
    {"#include ", "c", 3, true},
    {"static ", "c", 1, true},
    {"struct ", "c", 1, true},
    {"#define ", "c", 2, true},
    {"typedef ", "c", 2, true},
    {"->", "c", 1, false},
    {"#include ", "c++", 3, true},
    {"namespace ", "c++", 4, true},
    {"std::", "c++", 2, false},
    {"template <", "c++", 4, true},
    {"template<", "c++", 4, true},
    {"class ", "c++", 1, true},
    {"::", "c++", 1, false},
    {"public:", "c++", 3, true},
    {"private:", "c++", 3, true},
    {"using System", "c#", 6, true},
    {"using ", "c#", 1, true},
    {"namespace ", "c#", 2, true},
    {"public ", "c#", 1, true},
    {"private ", "c#", 1, true},
    {"{ get;", "c#", 4, false},
    {"const ", "javascript", 1, true},
    {"let ", "javascript", 1, true},
    {"=> {", "javascript", 1, false},
    {"function ", "javascript", 2, true},
    {"require(", "javascript", 2, false},
    {"export ", "javascript", 1, true},
    {" === ", "javascript", 2, false},
    {"import {", "javascript", 1, true},
    {"var ", "javascript", 1, true},
    {"module.exports", "javascript", 4, true},
    {"const ", "typescript", 1, true},
    {"=> {", "typescript", 1, false},
    {"import {", "typescript", 1, true},
    {"export ", "typescript", 1, true},
    {"interface ", "typescript", 2, true},
    {": string", "typescript", 3, false},
    {": number", "typescript", 3, false},
    {": boolean", "typescript", 3, false},
    {"readonly ", "typescript", 2, true},
    {"import type ", "typescript", 4, true},
    {": void", "typescript", 2, false},
    {" === ", "typescript", 2, false},
    {"<?php", "php", 20, true},
    {"$this->", "php", 4, false},
    {"sub ", "perl", 3, true},
    {"my $", "perl", 4, true},
    {"my ($", "perl", 4, true},
    {"use strict", "perl", 6, true},
    {"fi", "bash", 2, true},
    {"esac", "bash", 3, true},
    {"done", "bash", 2, true},
    {"then", "bash", 1, true},
    {"if [", "bash", 3, true},
    {"() {", "bash", 1, false},
    {"local ", "bash", 2, true},
    {"echo ", "bash", 1, true},
    {"fun ", "kotlin", 3, true},
    {"val ", "kotlin", 1, true},
    {"data class ", "kotlin", 4, true},
    {"override fun ", "kotlin", 4, true},
    {"private fun ", "kotlin", 4, true},
    {"companion object", "kotlin", 4, true},
    {"func ", "swift", 1, true},
    {"guard let ", "swift", 5, true},
    {"let ", "swift", 1, true},
    {"import Foundation", "swift", 6, true},
    {"extension ", "swift", 3, true},
    {"if let ", "swift", 2, true},
    {"object ", "scala", 2, true},
    {"case class ", "scala", 5, true},
    {"val ", "scala", 1, true},
    {"override def ", "scala", 5, true},
    {"def ", "scala", 1, true},
    {"implicit ", "scala", 4, true},
    {"import scala", "scala", 6, true},
});

constexpr std::size_t kSample = std::size_t{32} << 10;
constexpr int kEnough = 4;  // points below which a text is of no known language

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

const Language* by_path(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  const std::string name = lower(slash == std::string_view::npos ? path : path.substr(slash + 1));
  const std::string_view key = std::string_view(name).substr(name.rfind('.') + 1);  // npos + 1 is 0
  const auto found = std::ranges::find(kExtensions, key, &Named::key);
  return found == kExtensions.end() ? nullptr : language_by_name(found->language);
}

const Language* by_shebang(std::string_view text) {
  if (!text.starts_with("#!")) return nullptr;
  const std::string_view line = text.substr(0, text.find('\n'));
  for (const Named& known : kInterpreters) {
    if (line.find(known.key) != std::string_view::npos) return language_by_name(known.language);
  }
  return nullptr;
}

const Language* by_words(std::string_view text) {
  std::array<int, kLanguages.size()> points{};
  for (std::string_view line : base::split_lines(text.substr(0, kSample))) {
    line = base::trim(line);
    if (line.empty()) continue;
    for (const Clue& clue : kClues) {
      if (!(clue.starts ? line.starts_with(clue.text) : line.find(clue.text) != std::string_view::npos)) continue;
      const auto at = std::ranges::find(kLanguages, clue.language, &Language::name);
      if (at != kLanguages.end()) points[static_cast<std::size_t>(at - kLanguages.begin())] += clue.weight;
    }
  }
  const auto best = std::ranges::max_element(points);
  return *best < kEnough ? nullptr : &kLanguages[static_cast<std::size_t>(best - points.begin())];
}

}  // namespace

const Language* language_by_name(std::string_view name) {
  const auto found = std::ranges::find(kLanguages, name, &Language::name);
  return found == kLanguages.end() ? nullptr : &*found;
}

bool looks_written(const Language& language, std::string_view text) {
  const std::string_view name = language.name == "tsx" ? std::string_view("typescript") : language.name;
  int points = 0;
  for (std::string_view line : base::split_lines(text.substr(0, kSample))) {
    line = base::trim(line);
    for (const Clue& clue : kClues) {
      if (clue.language != name || line.empty()) continue;
      if (clue.starts ? line.starts_with(clue.text) : line.find(clue.text) != std::string_view::npos)
        points += clue.weight;
    }
    if (points >= kEnough) return true;
  }
  return false;
}

const Language* find_language(std::string_view path, std::string_view text) {
  const Language* found = by_path(path);
  if (found != nullptr && found->name == "c" && path.ends_with(".h")) {
    // A header tells by its text which of the two it is.
    const Language* seen = by_words(text);
    if (seen != nullptr && seen->name == "c++") return seen;
  }
  if (found != nullptr) return found;
  if (const Language* shebang = by_shebang(text)) return shebang;
  return by_words(text);
}

}  // namespace headroom::compress::code
