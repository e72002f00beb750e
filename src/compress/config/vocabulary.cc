#include "compress/config/vocabulary.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/text.h"
#include "compress/config/letters.h"

namespace headroom::compress::config {
namespace {

/// Words with which people ask about settings, whichever they are. They name none.
constexpr std::string_view kGeneral =
    "set setting settings value values config configs configuration configured configure option options variable "
    "variables parameter parameters property properties current currently default defaults use used using "
    "uses want know thing things kind much large big high low small old new often far long wide again really actually "
    "effect anything something nothing yes enabled enable disabled disable turned turn allowed allow may might way "
    "right "
    "wrong changed change different question say said contain contains keep keeps come same only ever already "
    "mean "
    "means sure think look looks happen happens ok okay fine go going goes whatever defined specified given listed not "
    "without take takes point points outside many apply applies work works working whole "
    "entire overall together being";

/// Words that are said with others to name a setting, and seldom alone. They name one where their part of the question
/// has no other word.
constexpr std::string_view kVague =
    "flag flags key keys system machine box check effect active run running file output command first number level "
    "levels type "
    "types print printed size name names build built builds start started starts since card device server computer who "
    "stored saved located kept";

/// What people say, and what settings call it, parted by a colon.
constexpr std::array<std::string_view, 65> kNames = {
    "header headers:include inc",
    "library libraries:lib libs ld",
    "directory directories folder:dir dirs path home root prefix",
    "install installed installation:prefix home root destdir",
    "memory ram:mem rss heap memory",
    "core cores processor processors cpu cpus:cpu core processor nproc nprocessors model",
    "maximum most limit limits largest longest biggest highest cap ceiling:max limit maximum",
    "tls ssl https:ssl tls https",
    "verification verified verify verifies:verify verification",
    "garbage:gc",
    "opened open:open",
    "free available:free avail available",
    "minimum least smallest shortest:min minimum",
    "number count:num count nr total",
    "network:net ip",
    "address addresses:addr ip host",
    "password passwords:passwd pass password",
    "certificate certificates:cert ssl tls",
    "retry retries tries tried try attempt attempts:retry retries tries attempts",
    "wait waits waiting delay:timeout wait delay interval",
    "keepalive keepalives heartbeat:alive heartbeat",
    "logs logging:log logging",
    "compiler compilers:cc gcc cxx clang compiler",
    "linker:ld linker",
    "built build:build built",
    "threaded threads:thread threads",
    "month months:mon month",
    "weekday:day wday",
    "scrollback:history",
    "collector:gc",
    "collection:gc",
    "language:lang locale",
    "encoding:charset codeset encoding",
    "zone timezone:tz timezone",
    "temporary:tmp temp",
    "database databases:db database",
    "snapshot snapshots backup:save dump backup",
    "resident:rss",
    "expire expires expiry:expire ttl lifetime expiry",
    "connect connects connection connections:conn connections connection",
    "email mails:mail smtp",
    "upload uploads:upload body",
    "module modules:mod module modules",
    "package packages:pkg package packages",
    "version versions:version ver release",
    "error errors:err error",
    "file files:nofile file",
    "source sources:src source",
    "executable binary binaries program programs:bin exe executable",
    "parallel concurrency concurrent:concurrency jobs workers threads parallel",
    "architecture:arch machine",
    "second seconds:sec seconds",
    "size large big:size bytes",
    "user users:user users uid",
    "interpreter:python interpreter",
    "optimisation optimization:opt optimize",
    "mask:umask mask",
    "hugepage hugepages:huge hugepages",
    "pool pools:pool",
    "endpoint service:endpoint url uri host",
    "url:url uri endpoint",
    "editor:editor visual",
    "secret secrets credentials:secret token password key",
    "who:user users group owner",
    "process processes:process proc fork forks"};

/// Words of who wants to see it all.
constexpr std::string_view kOverview = "look review summarize summarise summary overview understand explain describe";

/// Words for trouble, which settings tell by their values.
constexpr std::string_view kTrouble =
    "fail fails failed failing failure die dies died dying dead crash crashes crashed crashing kill kills killed "
    "restart "
    "restarts restarting restarted broken break breaks error errors problem problems trouble down stopped stops "
    "degraded "
    "unhealthy wrong";

/// What switches are set to, and what a question calls that.
constexpr std::string_view kOnWords = "on enabled enable active true yes";
constexpr std::string_view kOffWords = "off disabled disable inactive false";
constexpr std::string_view kOnValues = "on enabled true yes 1 active define y";
constexpr std::string_view kOffValues = "off disabled false no 0 inactive undef n none";

/// A list of words with blanks between has the word.
bool has(std::string_view list, std::string_view word) {
  const std::vector<std::string_view> words = split(list, " ");
  return std::ranges::find(words, word) != words.end();
}

std::unordered_set<std::string> roots_of(std::string_view words) {
  std::unordered_set<std::string> roots;
  for (std::string_view word : split(words, " ")) roots.insert(root_of(word));
  return roots;
}

struct Meaning {
  std::vector<std::string> said, called;  ///< roots
};

const std::vector<Meaning>& meanings() {
  static const std::vector<Meaning> kMeanings = [] {
    std::vector<Meaning> out;
    for (std::string_view row : kNames) {
      const std::size_t colon = row.find(':');
      Meaning& meaning = out.emplace_back();
      for (std::string_view word : split(row.substr(0, colon), " ")) meaning.said.push_back(root_of(word));
      for (std::string_view word : split(row.substr(colon + 1), " ")) meaning.called.push_back(root_of(word));
    }
    return out;
  }();
  return kMeanings;
}

/// "[enabled]", "'true';", "on": the switch that a value is, in lower case.
std::string switch_of(std::string_view value) {
  const auto wraps = [](char c) { return std::string_view("[]\"'(){};").find(c) != std::string_view::npos; };
  while (!value.empty() && wraps(value.front())) value.remove_prefix(1);
  value = value.substr(0, value.find_first_of(" \t"));
  while (!value.empty() && wraps(value.back())) value.remove_suffix(1);
  return lowered(value.substr(0, 12));
}

}  // namespace

std::string root_of(std::string stem, std::string_view word) {
  static constexpr std::size_t kShortest = 5;
  for (std::string_view ending : {"ation", "at", "ion"}) {
    if (stem.size() < ending.size() + kShortest || !stem.ends_with(ending)) continue;
    stem.resize(stem.size() - ending.size());
    break;
  }
  // "vectoriser", "vectorize"
  for (std::string_view middle : {"is", "iz"}) {
    const std::size_t at = stem.rfind(middle);
    if (at != std::string::npos && at >= kShortest && stem.size() - at <= 4) stem.resize(at);
  }
  if (stem.size() >= kShortest && (stem.ends_with('y') || stem.ends_with('i'))) stem.pop_back();
  if (stem.size() < kShortestPart && word.starts_with(stem + 'e')) stem += 'e';
  // "try" does not stand in "tries"
  if (stem.size() < kShortestPart && word.ends_with("ies")) stem = word.substr(0, word.size() - 1);
  return stem;
}

std::string root_of(std::string_view word) {
  return root_of(base::stem(word), word);
}

bool is_general(const std::string& root) {
  static const std::unordered_set<std::string> kRoots = roots_of(kGeneral);
  return base::is_stop_word(root) || kRoots.contains(root);
}

bool is_vague(const std::string& root) {
  static const std::unordered_set<std::string> kRoots = roots_of(kVague);
  return kRoots.contains(root);
}

std::vector<std::string> other_roots(const std::vector<std::string>& roots) {
  std::vector<std::string> out;
  for (const Meaning& meaning : meanings()) {
    const bool said = std::ranges::any_of(
        roots, [&](const std::string& root) { return std::ranges::find(meaning.said, root) != meaning.said.end(); });
    if (said) out.insert(out.end(), meaning.called.begin(), meaning.called.end());
  }
  return out;
}

bool asks_for_overview(std::string_view word) {
  return has(kOverview, word);
}

bool is_trouble(std::string_view word) {
  return has(kTrouble, word);
}

Switches switches_of(std::string_view word) {
  if (has(kOffWords, word)) return Switches::kOff;
  return has(kOnWords, word) ? Switches::kOn : Switches::kAny;
}

bool stands(std::string_view value, Switches asked) {
  return asked != Switches::kAny && has(asked == Switches::kOn ? kOnValues : kOffValues, switch_of(value));
}

}  // namespace headroom::compress::config
