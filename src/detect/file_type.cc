#include "detect/file_type.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace headroom::detect {
namespace {

using enum ContentType;

struct Names {
  ContentType type;
  std::string_view names;  // each between blanks
};

/// Extensions, and names of files that have none.
constexpr std::array<Names, 11> kByExtension = {{
    {kCode,
     " c h cc cpp cxx hh hpp hxx ipp m mm py pyi pyx js jsx mjs cjs ts tsx mts cts java kt kts scala groovy go rs rb "
     "php swift cs fs vb lua pl pm r jl hs ml mli ex exs erl hrl clj cljs dart zig nim d v sv vhd sql sh bash zsh fish "
     "ps1 psm1 bat cmd awk sed tcl el lisp scm vue svelte proto thrift graphql gql cmake mk s asm cu cuh glsl hlsl "
     "ipynb makefile dockerfile cmakelists.txt rakefile gemfile vimrc "},
    {kProse, " md markdown mdx rst adoc asciidoc tex texi org pod man readme changelog license copying news "},
    {kConfig,
     " yaml yml toml ini cfg conf properties env hcl tf tfvars editorconfig gitconfig desktop service timer socket "
     "lock gitignore dockerignore npmrc "},
    {kLog, " log out err trace "},
    {kTable, " csv tsv psv "},
    {kHtml, " html htm xhtml "},
    {kXml,
     " xml xsd xsl xslt svg pom csproj vbproj fsproj vcxproj props targets resx xaml wsdl rss atom nuspec xliff "
     "plist "},
    {kJson, " json geojson json5 jsonc har ipynb webmanifest "},
    {kNdjson, " ndjson jsonl "},
    {kDiff, " diff patch rej "},
    {kBinary, " png jpg jpeg gif webp pdf zip gz xz bz2 zst tar so o a bin exe dll class jar pyc whl "},
}};

/// Languages of fences beyond what extensions name.
constexpr std::array<Names, 6> kByLanguage = {{
    {kCode,
     " python python3 javascript typescript cplusplus c++ objective-c csharp c# golang rust ruby perl haskell kotlin "
     "elixir erlang clojure powershell starlark "},
    {kProse, " markdown "},
    {kConfig, " hcl terraform dotenv nginx apache "},
    {kHtml, " html "},
    {kXml, " xml "},
    {kTable, " csv "},
}};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

template <std::size_t N>
ContentType named(const std::array<Names, N>& table, std::string_view name) {
  const std::string word = " " + lower(name) + " ";
  for (const Names& line : table) {
    if (line.names.find(word) != std::string_view::npos) return line.type;
  }
  return kOther;
}

}  // namespace

ContentType content_type_of_path(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (name.empty() || name.find(' ') != std::string_view::npos) return kOther;
  if (const ContentType whole = named(kByExtension, name); whole != kOther && name.size() > 4) return whole;
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? kOther : named(kByExtension, name.substr(dot + 1));
}

ContentType content_type_of_language(std::string_view language) {
  const std::string_view word = language.substr(0, language.find_first_of(" \t{,:"));
  // What shells and consoles print is told by its lines.
  static constexpr std::string_view kTold = " text txt plain console shell bash sh zsh terminal session out log none ";
  if (word.empty() || kTold.find(" " + lower(word) + " ") != std::string_view::npos) return kOther;
  const ContentType type = named(kByExtension, word);
  return type == kOther ? named(kByLanguage, word) : type;
}

bool looks_like_path(std::string_view word) {
  if (word.size() < 3 || word.size() > 240) return false;
  static constexpr std::string_view kAllowed = "._/\\~@+-:[](){}$%=,";
  bool letter = false;
  for (char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    letter = letter || std::isalpha(byte) != 0;
    if (std::isalnum(byte) == 0 && byte < 0x80 && kAllowed.find(c) == std::string_view::npos) return false;
  }
  if (!letter || word.find("://") != std::string_view::npos) return false;
  const std::size_t slash = word.find('/');
  const std::size_t dot = word.rfind('.');
  const bool extension = dot != std::string_view::npos && dot > 0 && dot + 1 < word.size() &&
                         std::isalpha(static_cast<unsigned char>(word[dot + 1])) != 0;
  return (slash != std::string_view::npos && word.size() > 3) || extension;
}

}  // namespace headroom::detect
