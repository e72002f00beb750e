#include "compress/log/vocabulary.h"

#include <algorithm>
#include <array>

#include "compress/log/scanner.h"

namespace headroom::compress::log {
namespace {

struct Row {
  std::string_view words;  // separated by blanks
  std::uint16_t flags;
  Level level;
};

/// The whole vocabulary. Words of any tool may be added; a word that fits two rows gets both.
constexpr std::array kRows = {
    Row{"trace verbose", 0, Level::kTrace},
    Row{"debug dbg", 0, Level::kDebug},
    Row{"info inf information", 0, Level::kInfo},
    Row{"notice", 0, Level::kNotice},
    Row{"warn warning wrn", kWarnWord, Level::kWarn},
    Row{"error err severe", kErrorWord, Level::kError},
    Row{"fatal critical crit emerg emergency alert panic ftl", kErrorWord, Level::kFatal},
    Row{"errors failed failure failures fail failing exception exceptions panicked traceback segfault sigsegv sigabrt "
        "sigbus sigill sigkill unhandled uncaught crashed crash crashloopbackoff oomkilled oomkilling imagepullbackoff "
        "errimagepull abort aborted aborting eacces econnrefused enospc fatality bug undefined unresolved corrupt "
        "corrupted corruption deadlock overflow leaked leak leaks assertion incompatible ✗ ✕ ✖ ✘ × ❌ 🚨",
        kErrorWord, Level::kNone},
    Row{"cannot couldn unable denied refused timeout timeouts unreachable missing invalid killed rejected unrecognized "
        "unexpected mismatch mismatched expired conflict conflicts lost oom forbidden unauthorized unhealthy stalled "
        "hung "
        "evicted backoff unschedulable insufficient exceeded exhausted enoent etimedout econnreset violation violates "
        "unsupported interrupted disconnected terminated unavailable rollback stopped throttled throttling degraded "
        "suspicious blocked banned bad broken blown wrong illegal outage evicting tripped",
        kProblemWord, Level::kNone},
    Row{"deprecated deprecation deprecationwarning userwarning futurewarning runtimewarning syntaxwarning "
        "resourcewarning caution ⚠ ⚠️ warnings",
        kWarnWord, Level::kNone},
    Row{"passed failed skipped total totals finished completed complete passing failing failures errors warnings error "
        "tests test elapsed duration added removed changed audited packages vulnerabilities generated upgraded "
        "installed "
        "processed transferred received sent captured bytes files succeeded success successful successfully done "
        "suites suite collected result results ok summary items problems duplicates records rows exported executed "
        "reused cached built taken took real average",
        kTotalWord, Level::kNone},
    Row{"successful successfully succeeded success complete completed verdict conclusion aborted recap summary",
        kVerdictWord, Level::kNone},
    Row{"no without zero non never ignoring ignore ignored if on", kNegation, Level::kNone},
    Row{"level severity lvl loglevel levelname priority log.level", kLevelKey, Level::kNone},
    Row{"exit exited exits returned rc exitcode", kExitWord, Level::kNone},
};

/// Open addressing over a power of two of slots, never more than half full; built once, read by all threads.
template <typename Value, std::size_t kSlots>
class FlatTable {
 public:
  Value& operator[](std::uint32_t key) {
    std::size_t at = key & (kSlots - 1);
    while (keys_[at] != 0 && keys_[at] != key) at = (at + 1) & (kSlots - 1);
    keys_[at] = key;
    return values_[at];
  }

  const Value* find(std::uint32_t key) const {
    for (std::size_t at = key & (kSlots - 1); keys_[at] != 0; at = (at + 1) & (kSlots - 1)) {
      if (keys_[at] == key) return &values_[at];
    }
    return nullptr;
  }

 private:
  std::array<std::uint32_t, kSlots> keys_{};
  std::array<Value, kSlots> values_{};
};

struct Tables {
  FlatTable<WordEntry, 1024> tokens;
  FlatTable<std::uint16_t, 32> words;
};

Tables build() {
  Tables t;
  for (const Row& row : kRows) {
    for (std::string_view rest = row.words; !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      WordEntry& entry = t.tokens[token_hash(rest.substr(0, end))];
      entry.flags |= row.flags;
      if (row.level != Level::kNone) entry.level = row.level;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  for (std::string_view name : {"error", "exception", "panic", "fault", "failure"}) {
    t.words[word_hash(name)] = kExceptionWord;
  }
  t.words[word_hash("warning")] = kWarnWord;
  return t;
}

const Tables& tables() {
  static const Tables kTables = build();
  return kTables;
}

}  // namespace

const WordEntry* lookup_token(std::uint32_t token_hash) {
  return tables().tokens.find(token_hash);
}

std::uint16_t lookup_word(std::uint32_t word_hash) {
  const std::uint16_t* found = tables().words.find(word_hash);
  return found == nullptr ? 0 : *found;
}

}  // namespace headroom::compress::log
