#include "agents/journal/journal.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"

namespace headroom::agents {

/// One file: what is to be written, and the record to keep with it.
struct Journal::Plan {
  Change change;
  std::optional<Record> record;  ///< nullopt: nothing is ours in the file any more
  std::optional<Record> known;   ///< the record that there is
  unsigned mode = 0600;
  std::vector<std::string> folders;  ///< made for the file, to be taken away when it goes
  bool blocked = false;              ///< cannot be done; the notes say why
};

namespace {

std::string state_of(const std::optional<std::string>& bytes) {
  return bytes ? base::sha256_hex(*bytes) : std::string();
}

std::optional<std::string> original_of(const Record& record) {
  return record.existed ? std::optional(record.original) : std::nullopt;
}

/// Somebody else has changed the file since we did.
bool is_changed(const Record& record, const std::optional<std::string>& now) {
  const std::string state = state_of(now);
  return std::ranges::find(record.states, state) == record.states.end() && state != state_of(original_of(record));
}

std::vector<OwnedEdit> edits_of_others(const Record& record, std::string_view owner) {
  std::vector<OwnedEdit> others;
  std::ranges::copy_if(record.edits, std::back_inserter(others),
                       [owner](const OwnedEdit& edit) { return edit.owner != owner; });
  return others;
}

/// Somebody else has changed the file: what they made of it, less what is ours, is the original from now on, and what
/// they changed of ours is theirs.
base::Result<void> rebase(Record& record, const std::optional<std::string>& now, std::vector<std::string>& notes) {
  if (!now) {
    notes.push_back("the file was deleted since");
    record.existed = false;
    record.original.clear();
    record.edits.clear();
    return {};
  }
  auto theirs = without_edits(*now, record.original, record.edits, notes);
  if (!theirs) return std::unexpected(theirs.error());
  record.existed = record.existed || !says_nothing(*theirs);
  record.original = record.existed ? *std::move(theirs) : std::string();
  if (notes.empty()) notes.push_back("the file was changed since: only what is ours is taken back");
  return {};
}

}  // namespace

Journal::Journal(Files& files, std::string folder, const base::Clock& clock)
    : files_(files), folder_(std::move(folder)), clock_(clock) {}

std::string Journal::record_path(const std::string& file) const {
  return fmt::format("{}/{}.json", folder_, base::content_id(file));
}

base::Result<std::shared_ptr<void>> Journal::lock() {
  const auto missing = missing_folders(files_, folder_);
  if (!missing) return std::unexpected(missing.error());
  for (const std::string& folder : *missing) {
    if (auto made = files_.make_folder(folder, 0700); !made) return std::unexpected(made.error());
  }
  return files_.lock(folder_ + "/lock");
}

base::Result<std::vector<Record>> Journal::records() {
  const auto names = files_.list(folder_);
  if (!names) return std::unexpected(names.error());
  std::vector<Record> records;
  for (const std::string& name : *names) {
    if (!name.ends_with(".json")) continue;
    const auto state = files_.read(folder_ + "/" + name);
    if (!state) return std::unexpected(state.error());
    if (!*state) continue;
    auto record = read_record((*state)->bytes);
    if (!record) {
      return base::fail(record.error().code, fmt::format("{}/{}: {}", folder_, name, record.error().message));
    }
    records.push_back(*std::move(record));
  }
  std::ranges::sort(records, {}, &Record::file);
  return records;
}

base::Result<std::optional<Record>> Journal::record_of(const std::string& file) {
  const auto kept = files_.read(record_path(file));
  if (!kept) return std::unexpected(kept.error());
  if (!*kept) return std::nullopt;
  auto record = read_record((*kept)->bytes);
  if (!record) return base::fail(record.error().code, fmt::format("{}: {}", record_path(file), record.error().message));
  return *std::move(record);
}

base::Result<std::optional<std::string>> Journal::without(const std::vector<std::string>& owners,
                                                          const std::string& file) {
  const auto real = files_.real_path(file);
  if (!real) return std::unexpected(real.error());
  const auto state = files_.read(*real);
  if (!state) return std::unexpected(state.error());
  const auto now = *state ? std::optional((*state)->bytes) : std::nullopt;
  auto record = record_of(*real);
  if (!record) return std::unexpected(record.error());
  if (!*record) return now;
  std::vector<std::string> notes;
  if (is_changed(**record, now) && !rebase(**record, now, notes)) return now;
  for (const std::string& owner : owners) (*record)->edits = edits_of_others(**record, owner);
  if ((*record)->edits.empty()) return original_of(**record);
  auto less = with_edits((*record)->original, (*record)->edits);
  if (!less) return std::unexpected(less.error());
  return *std::move(less);
}

base::Result<Journal::Plan> Journal::plan_file(std::string_view owner, const std::string& file,
                                               const FileEdits* wanted) {
  const auto now = files_.read(file);
  if (!now) return std::unexpected(now.error());
  const auto known = record_of(file);
  if (!known) return std::unexpected(known.error());
  Plan plan;
  plan.change.file = file;
  plan.known = *known;
  if (*now) plan.change.before = (*now)->bytes;
  Record record;
  if (*known) {
    record = **known;
    if (is_changed(record, plan.change.before)) {
      if (auto done = rebase(record, plan.change.before, plan.change.notes); !done) {
        plan.change.after = plan.change.before;
        plan.change.notes.push_back(fmt::format("cannot be read any more ({}); the original is kept in {}",
                                                done.error().message, record_path(file)));
        plan.blocked = true;
        return plan;
      }
    }
  } else {
    record = {file, now->has_value(), *now ? (*now)->mode : 0600, plan.change.before.value_or(""), {}, {}, {}, 0};
    const auto missing = missing_folders(files_, folder_of(file));
    if (!missing) return std::unexpected(missing.error());
    record.folders = *missing;
  }
  record.edits = edits_of_others(record, owner);
  if (wanted != nullptr) {
    for (const KeyEdit& key : wanted->keys) record.edits.push_back({std::string(owner), key, std::nullopt});
    if (wanted->content) record.edits.push_back({std::string(owner), {}, wanted->content});
  }
  plan.mode = *now ? (*now)->mode : record.mode;
  plan.folders = record.folders;
  if (record.edits.empty()) {
    plan.change.after = original_of(record);
    return plan;
  }
  auto after = with_edits(record.original, record.edits);
  if (!after) return base::fail(after.error().code, fmt::format("{}: {}", file, after.error().message));
  plan.change.after = *std::move(after);
  record.states = {state_of(plan.change.before), state_of(plan.change.after)};
  record.time_ms = clock_.now_ms();
  plan.record = std::move(record);
  return plan;
}

base::Result<std::vector<Journal::Plan>> Journal::plan(std::string_view owner, const std::vector<FileEdits>& wanted) {
  std::vector<Plan> plans;
  std::vector<std::string> seen;
  for (const FileEdits& edits : wanted) {
    const auto real = files_.real_path(edits.file);
    if (!real) return std::unexpected(real.error());
    auto made = plan_file(owner, *real, &edits);
    if (!made) return std::unexpected(made.error());
    seen.push_back(*real);
    plans.push_back(*std::move(made));
  }
  const auto known = records();
  if (!known) return std::unexpected(known.error());
  for (const Record& record : *known) {
    if (std::ranges::find(seen, record.file) != seen.end()) continue;
    if (std::ranges::find(record.edits, owner, &OwnedEdit::owner) == record.edits.end()) continue;
    auto made = plan_file(owner, record.file, nullptr);
    if (!made) return std::unexpected(made.error());
    plans.push_back(*std::move(made));
  }
  return plans;
}

base::Result<void> Journal::commit(const Plan& plan) {
  if (plan.blocked) return {};
  const Change& change = plan.change;
  const std::string kept = record_path(change.file);
  if (plan.record) {
    if (auto done = replace_file(files_, kept, write_record(*plan.record), 0600); !done) return done;
  }
  if (change.after) {
    for (const std::string& folder : plan.folders) {
      if (auto made = files_.make_folder(folder, 0700); !made) return std::unexpected(made.error());
    }
    if (change.after != change.before) {
      if (auto done = replace_file(files_, change.file, *change.after, plan.mode); !done) return done;
    }
  } else if (change.before) {
    if (auto done = files_.remove(change.file); !done) return done;
  }
  if (plan.record) return {};
  // A step that was cut short may have left this.
  const auto beside = files_.read(file_beside(change.file));
  if (beside && *beside) {
    if (auto done = files_.remove(file_beside(change.file)); !done) return done;
  }
  if (!change.after) {
    for (std::size_t i = plan.folders.size(); i-- > 0;) {
      if (auto gone = files_.remove_folder(plan.folders[i]); !gone) return gone;
    }
  }
  return files_.remove(kept);
}

/// The file first: as long as it is not back, its record must stay.
base::Result<void> Journal::revert(const Plan& plan) {
  if (plan.blocked) return {};
  const Change& change = plan.change;
  const std::string kept = record_path(change.file);
  const auto now = files_.read(change.file);
  if (!now) return std::unexpected(now.error());
  if (change.before && (!*now || (*now)->bytes != *change.before)) {
    for (const std::string& folder : plan.folders) {
      if (auto made = files_.make_folder(folder, 0700); !made) return std::unexpected(made.error());
    }
    if (auto done = replace_file(files_, change.file, *change.before, plan.mode); !done) return done;
  }
  if (!change.before) {
    if (auto done = files_.remove(change.file); !done) return done;
    for (std::size_t i = plan.folders.size(); i-- > 0;) {
      if (auto gone = files_.remove_folder(plan.folders[i]); !gone) return gone;
    }
  }
  return plan.known ? replace_file(files_, kept, write_record(*plan.known), 0600) : files_.remove(kept);
}

base::Result<std::vector<Change>> Journal::run(std::string_view owner, const std::vector<FileEdits>& wanted, bool dry) {
  std::shared_ptr<void> held;
  if (!dry) {
    auto lock_result = lock();
    if (!lock_result) return std::unexpected(lock_result.error());
    held = *std::move(lock_result);
  }
  // All is worked out before anything is touched: an error then leaves everything as it is.
  const auto plans = plan(owner, wanted);
  if (!plans) return std::unexpected(plans.error());
  std::vector<Change> changes;
  for (std::size_t i = 0; i < plans->size(); ++i) {
    const Plan& one = (*plans)[i];
    changes.push_back(one.change);
    if (dry) continue;
    const auto done = commit(one);
    if (done) continue;
    // An undo is half way where its caller wants it; edits are all made, or none.
    for (std::size_t back = i + 1; !wanted.empty() && back-- > 0;) static_cast<void>(revert((*plans)[back]));
    return std::unexpected(done.error());
  }
  return changes;
}

base::Result<std::vector<Change>> Journal::preview(std::string_view owner, const std::vector<FileEdits>& wanted) {
  return run(owner, wanted, true);
}

base::Result<std::vector<Change>> Journal::apply(std::string_view owner, const std::vector<FileEdits>& wanted) {
  return run(owner, wanted, false);
}

base::Result<std::vector<Change>> Journal::preview_undo(std::string_view owner) {
  return run(owner, {}, true);
}

base::Result<std::vector<Change>> Journal::undo(std::string_view owner) {
  return run(owner, {}, false);
}

}  // namespace headroom::agents
