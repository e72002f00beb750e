#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "context/reread.h"
#include "context/sought.h"

namespace headroom::context {

/// A result as it is and as it is sent.
struct SentResult {
  std::string_view text, sent;
  bool all_shown = false;  ///< nothing of the text is left out in what is sent, in whatever form that shows it
  /// Of an earlier result: what is left out there is as little asked for now as it was then.
  bool same_question = false;
  /// Of an earlier result that sends a reader from one reference to the next: only nearly all of it may be meant.
  bool only_as_a_whole = false;
  /// Of an earlier result: lines that name it are not stood for by what is left out there.
  Sought sought = {};
};

/// A run of lines that an earlier result stands for.
struct SameRun {
  Repeat repeat;           ///< `block` is the index of the earlier result among those that were given
  bool with_gaps = false;  ///< some of its lines are left out there, too
  std::string older;       ///< by how much the ages in it have grown: "+20s"; empty where they are the same, or none
};

struct SameResult {
  std::vector<SameRun> runs;      ///< lines of the new text, in order
  std::vector<std::string> rest;  ///< what is sent before, between and behind them: one more than runs
  std::size_t kept = 0;           ///< lines of the new text in `rest`
};

/// How two results of a call are compared.
struct Comparison {
  bool columns = false;  ///< a table: padding does not count
  bool ages = true;      ///< ... nor does an age that has grown by as much as the others
  std::size_t edge = 2;  ///< lines next to what is new that stay with it, so that it is seen in its place
};

/// The lines of a new result that earlier ones, of the same call or of one like it, can stand for: they are shown
/// there, or left out there as they would be left out here. A file that is read again needs no second outline; of tests
/// that run again, and of what is polled, only what is new is sent. Line numbers of file views do not count, so what
/// moved is found as well. nullopt where that is not worth a reference, or where the new result, or all of the earlier
/// ones, are not sent as lines of their text and gaps between them.
std::optional<SameResult> same_result(const SentResult& fresh, std::span<const SentResult> earlier, Comparison how);

/// How an earlier result is named: "Bash: pytest above (number 2 of 3)".
struct EarlierName {
  std::string full;
  std::size_t number = 0;  ///< which of several results of the call; 0: there is but one
};

/// The text that is sent: `rest` with a gap for each run that names the earlier result, and the handle. `names`: of
/// each of the earlier results.
std::string with_references(const SameResult& same, std::span<const EarlierName> names, std::string_view handle);

}  // namespace headroom::context
