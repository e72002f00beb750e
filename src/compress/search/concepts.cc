#include "compress/search/concepts.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"

namespace headroom::compress::search {
namespace {

enum Kind : std::uint8_t { kZero = 1, kDefinition = 2, kAssignment = 4, kComment = 8, kLiteral = 16, kBranch = 32 };

/// Words of questions, what rows look like then, what paths look like; each a list separated by blanks ('~' is a
/// blank).
struct Entry {
  std::string_view triggers;
  std::string_view texts;
  std::string_view paths;
  std::uint8_t kinds = 0;
};

// Meanings of programs, not of any one of them.
constexpr std::array kEntries = {
    Entry{"disable disabled disables disabling off zero unlimited infinite infinitely forever indefinitely unbounded "
          "blocks unset none null nil false undefined clear clears cleared",
          "disable disabled off infinity inf math.inf unlimited no_ without", "", kZero},
    Entry{"enable enabled enables enabling", "enable enabled =~true =true true on =1", "", 0},
    Entry{"raise raises raised raising throw throws thrown throwing",
          "raise throw throws panic! panic( reject( "
          "errors.new fmt.errorf bail! abort( die(",
          "", 0},
    Entry{"fail fails failing failure failures error errors exception exceptions abort aborts panic panics crash "
          "crashes",
          "raise throw panic! panic( reject( error err exception fatal abort die( fail exit( unwrap( expect(", "", 0},
    Entry{"catch catches caught catching handle handles handled handling swallow swallows swallowed suppress "
          "suppressed recover recovers",
          "except catch rescue recover( suppress on_error onerror .catch(", "", 0},
    Entry{"ignore ignored ignores ignoring skip skipped skips exclude excluded excludes silence silenced",
          "ignore skip exclude suppress pass noqa nosec xfail continue nolint eslint-disable @suppresswarnings", "", 0},
    Entry{"test tests tested testing spec specs fixture fixtures mock mocks mocked",
          "assert mock expect( monkeypatch pytest unittest describe( fixture", "test spec mock fixture", 0},
    Entry{"deprecated deprecate deprecation legacy obsolete outdated old",
          "deprecat legacy obsolete old_ compat outdated superseded removed~in", "legacy old compat", 0},
    Entry{"default defaults fallback", "default fallback or~else getattr( .get( ??", "default", 0},
    Entry{"hardcoded hardcode hard-coded magic literal literals constant constants",
          "localhost 127.0.0.1 http:// https://", "const", kLiteral},
    Entry{"environment env", "getenv environ process.env os.env env[ env( ${ env::var", ".env", 0},
    Entry{"define defines defined definition definitions declare declares declared declaration implement implements "
          "implemented implementation",
          "", "", kDefinition},
    Entry{"comment comments commented documented documentation documents docs docstring mention mentions", "",
          ".md .rst doc", kComment},
    Entry{"todo todos fixme unfinished outstanding pending unresolved workaround workarounds hack hacks",
          "todo fixme xxx hack workaround temporary temporarily for~now", "", 0},
    Entry{
        "unsafe insecure security vulnerable vulnerability dangerous injection exploit untrusted",
        "unsafe insecure verify=false verify~=~false shell=true eval( exec( md5 sha1 pickle password secret innerhtml "
        "dangerouslysetinnerhtml system( strcpy sprintf( gets( yaml.load( noqa:~s nosec trust",
        "", 0},
    Entry{"retry retries retried retrying backoff attempt attempts", "retry retries attempt backoff", "retry", 0},
    Entry{"async asynchronous asynchronously await concurrent concurrently parallel",
          "async await future promise thread concurrent parallel spawn", "async", 0},
    Entry{"log logs logged logging print prints printed", "log. logger logging print( println printf console. warn(",
          "log", 0},
    Entry{"import imports imported importing include includes included require requires",
          "import include require from use using", "", 0},
    Entry{"override overrides overridden overriding monkeypatch patched patch",
          "override overridden monkeypatch patch( setattr(", "", 0},
    Entry{"configure configured configuration config configs setting settings option options parameter",
          "config setting option getenv environ param flag argument",
          "config setting .ini .toml .yaml .yml .cfg .conf .env", 0},
    Entry{"negative minus", "=~-1 =-1 (-1 ~-1 <~0", "", 0},
    Entry{"lock locks locked locking mutex synchronized deadlock", "lock mutex synchronized semaphore atomic acquire",
          "", 0},
    Entry{"windows", "win32 windows winapi _win32 'nt' \"nt\" msvc", "win", 0},
    Entry{"linux unix posix", "linux unix posix", "linux unix posix", 0},
    Entry{"mac macos darwin osx apple", "darwin macos osx apple mac", "mac darwin", 0},
    Entry{
        "delete deletes deleted deleting remove removes removed removing clear clears cleared clean cleanup drop drops "
        "dropped destroy free frees freed release releases",
        "del delete remove unlink rmdir rmtree clear drop free( destroy release pop( erase", "", 0},
    Entry{"assign assigns assigned assignment set sets setting write writes written mutate mutates mutated modify "
          "modifies "
          "modified change changes changed update updates updated increment incremented initialized initialised "
          "initialize "
          "initialise",
          "set_ .set( += -= ++ init", "", kAssignment},
    Entry{"return returns returned returning", "return yield", "", 0},
    Entry{"only if when unless condition conditional conditionally guard guarded check checks checked", "", "",
          kBranch},
    Entry{"close closes closed closing shutdown stop stops stopped terminate",
          "close shutdown stop terminate exit cancel", "", 0},
    Entry{"open opens opened opening connect connects connected connection", "open( connect create_connection socket",
          "", 0},
    Entry{"cast casts convert converts converted conversion coerce",
          "cast static_cast reinterpret_cast as~ int( str( float( parse", "", 0},
    Entry{"private internal hidden", "private internal _", "internal private", 0},
    Entry{"public exported api", "public export pub~", "api", 0},
    Entry{"abstract interface virtual unimplemented",
          "abstract notimplemented virtual interface trait unimplemented todo!", "", 0},
    Entry{"regex regexp regular", "re.compile re.match re.search re.sub regex regexp", "", 0},
    Entry{"sql query queries database", "select insert update delete execute( query sql", "sql db", 0},
    Entry{"duplicate duplicated duplicates copied copy", "copy duplicate clone", "", 0},
    Entry{"wait waits waiting block blocking blocked sleep sleeps", "wait sleep block join( select( poll(", "", 0},
    Entry{"generated autogenerated", "generated do~not~edit", "generated gen", 0},
    Entry{"replace replaces replaced replacing substitute substituted sanitize sanitized strip stripped escape escaped "
          "normalize normalized",
          "replace re.sub .sub( gsub translate strip( trim( escape quote( normalize sanitize", "", 0},
    Entry{"compare compares compared comparison equal equality", "== != equals compare cmp <= >=", "", 0},
    Entry{"parse parses parsed parsing", "parse loads( strtol atoi scanf int( unmarshal decode", "pars", 0},
    Entry{"serialize serialized dump dumps dumped", "dump dumps( serialize marshal encode stringify", "", 0},
    Entry{"cache caches cached caching memoize memoized", "cache memo lru", "cache", 0},
    Entry{"temporary temp tempfile", "tmp temp mktemp mkstemp tempfile", "tmp temp", 0},
    Entry{"permission permissions chmod", "chmod perm mode 0o 0644 0755 umask", "", 0},
    Entry{"validate validates validated validation verify verifies verified verification",
          "validate verify assert invalid valueerror raise isinstance check", "valid", 0},
    Entry{"warn warns warned warning warnings", "warn", "", 0},
    Entry{"limit limits limited cap capped maximum minimum bounded clamp clamped", "max min limit cap clamp max_ min_",
          "", 0},
    Entry{"start starts started starting launch launches launched spawn spawns spawned run runs execute executes "
          "executed",
          "start spawn popen exec launch run( fork system(", "", 0},
    Entry{"exit exits quit quits", "exit sys.exit quit os._exit", "", 0},
    Entry{"input argv argument arguments stdin", "argv stdin input( getopt argparse args", "", 0},
    Entry{"third-party vendor vendored vendors bundled", "", "vendor third_party third-party node_modules _vendor", 0},
};

bool alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

template <class Use>
void each_word(std::string_view words, const Use& use) {
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    if (end > at) use(words.substr(at, end - at));
    at = end + 1;
  }
}

/// '~' of the needle is a blank of the text. A needle that begins with a letter begins a word there; endings are free.
bool holds(std::string_view lower, std::string_view needle) {
  const char first = needle.front() == '~' ? ' ' : needle.front();
  for (std::size_t at = lower.find(first); at != std::string_view::npos; at = lower.find(first, at + 1)) {
    if (alnum(first) && at > 0 && alnum(lower[at - 1])) continue;
    if (lower.size() - at < needle.size()) return false;
    const bool same = std::ranges::equal(lower.substr(at, needle.size()), needle,
                                         [](char a, char b) { return a == b || (b == '~' && a == ' '); });
    if (!same) continue;
    // Short words must stand alone: "off" is not in "offset", "on" not in "only".
    const std::size_t after = at + needle.size();
    if (needle.size() <= 4 && alnum(needle.back()) && after < lower.size() && alnum(lower[after])) continue;
    return true;
  }
  return false;
}

bool any_of(std::string_view lower, const std::vector<std::string_view>& needles) {
  return std::ranges::any_of(needles, [&](std::string_view needle) { return holds(lower, needle); });
}

}  // namespace

std::vector<Concept> concepts_of(const std::vector<std::string>& stems) {
  std::vector<Concept> out;
  for (const Entry& entry : kEntries) {
    bool named = false;
    each_word(entry.triggers, [&](std::string_view trigger) {
      named = named || std::ranges::find(stems, base::stem(trigger)) != stems.end();
    });
    if (!named) continue;
    Concept found{.zero = (entry.kinds & kZero) != 0,
                  .definition = (entry.kinds & kDefinition) != 0,
                  .assignment = (entry.kinds & kAssignment) != 0,
                  .comment = (entry.kinds & kComment) != 0,
                  .literal = (entry.kinds & kLiteral) != 0,
                  .branch = (entry.kinds & kBranch) != 0};
    each_word(entry.texts, [&](std::string_view text) { found.texts.push_back(text); });
    each_word(entry.paths, [&](std::string_view path) { found.paths.push_back(path); });
    out.push_back(std::move(found));
    if (out.size() == 8) break;
  }
  return out;
}

bool is_comment(std::string_view text) {
  const std::string_view t = base::trim(text);
  static constexpr std::array<std::string_view, 9> kStarts = {"#", "//", "/*", "*", "--", ";", "<!--", "\"\"\"", "'''"};
  if (t.starts_with("#include") || t.starts_with("#define") || t.starts_with("#if") || t.starts_with("#["))
    return false;
  return std::ranges::any_of(kStarts, [&](std::string_view s) { return t.starts_with(s); });
}

bool is_definition(std::string_view text) {
  const std::string_view t = base::trim(text);
  static constexpr std::array<std::string_view, 22> kModifiers = {
      "export",   "default", "public",     "private", "protected", "static", "async",    "abstract",
      "final",    "pub",     "pub(crate)", "inline",  "virtual",   "extern", "override", "constexpr",
      "internal", "unsafe",  "declare",    "open",    "@override", "local"};
  static constexpr std::array<std::string_view, 22> kOpeners = {
      "def",       "class", "func", "fn",           "function", "struct", "enum",      "trait",
      "interface", "type",  "impl", "macro_rules!", "#define",  "module", "namespace", "union",
      "typedef",   "const", "val",  "record",       "sub",      "fun"};
  std::string_view rest = t;
  for (int words = 0; words < 5; ++words) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    if (std::ranges::find(kOpeners, word) != kOpeners.end()) return end < rest.size();
    if (std::ranges::find(kModifiers, word) == kModifiers.end()) break;
    rest = base::trim(rest.substr(end));
  }
  // "int f(int x) {" and "NAME = value" at the begin of a line.
  if (t.empty() || text.front() == ' ' || text.front() == '\t' || is_comment(t)) return false;
  const std::size_t open = t.find('(');
  if (open != std::string_view::npos && open > 2 && (t.ends_with('{') || t.ends_with("):"))) {
    const std::string_view head = t.substr(0, open);
    return head.find(' ') != std::string_view::npos && head.find('=') == std::string_view::npos && head != "if " &&
           !head.starts_with("if ") && !head.starts_with("for ") && !head.starts_with("while ") &&
           !head.starts_with("else") && !head.starts_with("return") && !head.starts_with("} ");
  }
  return false;
}

std::vector<OffValue> off_values(std::string_view text, std::string_view lower) {
  static constexpr std::array<std::string_view, kOffKinds / 2> kValues = {"0",  "none", "null",      "nil", "false",
                                                                          "-1", "inf",  "undefined", "0.0"};
  static constexpr std::string_view kSetters = "=:(,";
  std::vector<OffValue> found;
  for (std::size_t at = lower.find_first_of(kSetters); at != std::string_view::npos;
       at = lower.find_first_of(kSetters, at + 1)) {
    std::size_t from = at + 1;
    if (lower[at] == '=' && at > 0 && std::string_view("=!<>").find(lower[at - 1]) != std::string_view::npos) continue;
    while (from < lower.size() && (lower[from] == ' ' || lower[from] == '"' || lower[from] == '\'')) ++from;
    for (std::size_t kind = 0; kind < kValues.size(); ++kind) {
      if (!lower.substr(from).starts_with(kValues[kind])) continue;
      const std::size_t after = from + kValues[kind].size();
      if (after < lower.size() && (alnum(lower[after]) || lower[after] == '.' || lower[after] == '_')) continue;
      std::size_t end = at;
      while (end > 0 && (lower[end - 1] == ' ' || lower[end - 1] == '"' || lower[end - 1] == ':')) --end;
      std::size_t begin = end;
      while (begin > 0 && (alnum(lower[begin - 1]) || lower[begin - 1] == '_' || lower[begin - 1] == '-')) --begin;
      found.push_back({kind * 2 + (lower[at] == '('), text.substr(begin, end - begin)});
    }
    if (found.size() >= 8) break;
  }
  return found;
}

namespace {

bool has_assignment(std::string_view lower) {
  for (std::size_t at = lower.find('='); at != std::string_view::npos; at = lower.find('=', at + 1)) {
    if (at == 0 || at + 1 >= lower.size()) continue;
    if (lower[at + 1] == '=' || std::string_view("=!<>").find(lower[at - 1]) != std::string_view::npos) {
      at += lower[at + 1] == '=';
      continue;
    }
    if (lower[at - 1] == ' ' || lower[at - 1] == ':' || lower[at - 1] == '+' || lower[at - 1] == '-') return true;
  }
  return false;
}

bool has_literal(std::string_view lower) {
  const std::size_t at = lower.find_first_of("\"'`");
  if (at != std::string_view::npos && lower.find(lower[at], at + 1) > at + 2) return true;
  for (std::size_t i = 1; i < lower.size(); ++i) {
    if (lower[i] >= '0' && lower[i] <= '9' && !alnum(lower[i - 1]) && lower[i - 1] != '_') return true;
  }
  return false;
}

bool is_branch(std::string_view lower) {
  static const std::vector<std::string_view> kBranches = {"if",     "elif",  "else",   "unless", "when", "match",
                                                          "switch", "while", "#ifdef", "#if",    "?~"};
  return any_of(lower, kBranches);
}

}  // namespace

bool meets(const Concept& wanted, std::string_view text, std::string_view lower, std::string_view lower_path) {
  return any_of(lower, wanted.texts) || (wanted.definition && is_definition(text)) ||
         (wanted.assignment && has_assignment(lower)) || (wanted.comment && is_comment(text)) ||
         (wanted.literal && has_literal(lower)) || (wanted.branch && is_branch(lower)) ||
         (!lower_path.empty() && std::ranges::any_of(wanted.paths, [&](std::string_view needle) {
           return lower_path.find(needle) != std::string_view::npos;
         }));
}

}  // namespace headroom::compress::search
