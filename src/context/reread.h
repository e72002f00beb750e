#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "wire/conversation.h"

namespace headroom::context {

/// A run of lines of a new text that an earlier block of the conversation shows, too.
struct Repeat {
  std::size_t first = 0, last = 0;  ///< lines of the new text, from 1, both included
  std::size_t block = 0;            ///< index in Conversation::blocks of the one that shows them
  std::size_t shown_first = 0;      ///< its line, from 1, that is line `first`
  std::int32_t number = -1;         ///< of line `first` in the gutter of the new text; -1: it has none
  std::int32_t shown_number = -1;   ///< of line `shown_first` in its own
};

/// What the model can see of a conversation's tool results, by line. Lines of file views count without their numbers,
/// so a file in which a line was added is found again below it. Not thread-safe.
class ShownLines {
 public:
  /// The text of a block as it is sent. Blocks come with rising indexes.
  void add(std::size_t block, std::string_view text);
  /// A block's own text of which only these lines are sent; they keep their numbers.
  void add(std::size_t block, std::string_view text, const std::vector<bool>& shown);

  /// The runs of `text` that were shown before, in order, each at least kFewestLines long and worth a reference; of
  /// several places that show a run, the latest that begins it counts. Time linear in the text.
  std::vector<Repeat> find(std::string_view text) const;

  std::size_t bytes() const;

  static constexpr std::size_t kFewestLines = 6;
  static constexpr std::size_t kFewestBytes = 240;

 private:
  struct Shown {
    std::size_t block = 0;
    std::vector<std::uint64_t> lines;  ///< hash of each
    std::vector<std::uint32_t> sizes;
    std::vector<std::int32_t> numbers;  ///< in the gutter; -1: none
  };
  struct At {
    std::uint32_t shown = 0, line = 0;
  };
  static Shown read(std::string_view text);
  void add(std::size_t block, Shown shown);
  static std::uint64_t window(const Shown& shown, std::size_t line);

  std::vector<Shown> shown_;
  std::unordered_map<std::uint64_t, At> by_window_;  ///< of kWindow lines; the latest
};

/// "as lines 1-200 of Read src/a.py above", and where these lines are now if they have moved. `where`: "of Read
/// src/a.py above", or "there" behind a reference to the same result.
std::string reference_to(const Repeat& repeat, std::string_view where);

/// The text with a gap marker in place of each run, which says where it stands: "<<1-200: as lines 1-200 of Read
/// src/a.py above>>", and the handle of the whole at the end. `sources`: for each run, how the block that shows it is
/// named.
std::string with_references(std::string_view text, std::span<const Repeat> repeats,
                            std::span<const std::string> sources, std::string_view id);

/// Finds answers to the call that a block answers: the same tool with the same input, or the same command, however it
/// is described. The block must outlive it.
class SameCall {
 public:
  explicit SameCall(const wire::Block& block);
  bool operator()(const wire::Block& other) const;

 private:
  const wire::Block& block_;
  std::string command_;
};

/// How an earlier result is named to the model: "Read src/a.py", "Bash: git status".
std::string call_label(std::string_view tool_name, std::string_view tool_arguments);

/// The texts of several lines that a call's arguments hold, such as the file that it writes.
std::vector<std::string> long_strings(std::string_view arguments);

}  // namespace headroom::context
