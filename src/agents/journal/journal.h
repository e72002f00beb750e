#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/edit/edit.h"
#include "agents/journal/files.h"
#include "agents/journal/record.h"
#include "base/clock.h"

namespace headroom::agents {

/// What somebody wants of one file.
struct FileEdits {
  std::string file;                    ///< absolute; symbolic links are followed
  std::vector<KeyEdit> keys;           ///< in this order
  std::optional<std::string> content;  ///< instead of keys: the whole file
};

/// One file, before and after; nullopt: there is none.
struct Change {
  std::string file;
  std::optional<std::string> before, after;
  std::vector<std::string> notes;  ///< for people: what was left as it is, and why
};

/// Remembers what files of other programs were like before Headroom changed them, so that each change can be taken
/// back, to the byte, offline, and whatever happened in between. Original bytes are on the disk before a file is
/// touched; a file is replaced in one step. Where somebody else has changed a file since, only our keys are taken back
/// and the rest is kept. Several owners ("wrap codex", "mcp codex") may change one file, and take their parts back in
/// any order. Processes take turns by a lock.
class Journal {
 public:
  /// `folder` is made on first use; `files` and `clock` must outlive the journal.
  Journal(Files& files, std::string folder, const base::Clock& clock);

  /// What apply() would do.
  base::Result<std::vector<Change>> preview(std::string_view owner, const std::vector<FileEdits>& wanted);
  /// Makes the owner's edits; those that it made before and does not want any more are taken back. After an error, all
  /// is as it was before the call; what the disk does not let go back, undo() takes back later.
  base::Result<std::vector<Change>> apply(std::string_view owner, const std::vector<FileEdits>& wanted);

  /// What undo() would do.
  base::Result<std::vector<Change>> preview_undo(std::string_view owner);
  /// Takes back all that the owner has changed. No records: no changes. A file that cannot be read any more keeps its
  /// record, and a note says so.
  base::Result<std::vector<Change>> undo(std::string_view owner);

  /// What a file is without the changes of these owners; nullopt: there is none then. A file that others have made
  /// unreadable since is given as it is.
  base::Result<std::optional<std::string>> without(const std::vector<std::string>& owners, const std::string& file);

  /// What is changed at this time, by whom; in the order of the files.
  base::Result<std::vector<Record>> records();

 private:
  struct Plan;
  base::Result<std::vector<Plan>> plan(std::string_view owner, const std::vector<FileEdits>& wanted);
  base::Result<Plan> plan_file(std::string_view owner, const std::string& file, const FileEdits* wanted);
  base::Result<std::optional<Record>> record_of(const std::string& file);
  base::Result<void> commit(const Plan& plan);
  base::Result<void> revert(const Plan& plan);
  base::Result<std::vector<Change>> run(std::string_view owner, const std::vector<FileEdits>& wanted, bool dry);
  std::string record_path(const std::string& file) const;
  base::Result<std::shared_ptr<void>> lock();

  Files& files_;
  const std::string folder_;
  const base::Clock& clock_;
};

/// The difference of two texts for people, in the form of `diff -u` without its head.
std::string text_diff(std::string_view before, std::string_view after);

}  // namespace headroom::agents
