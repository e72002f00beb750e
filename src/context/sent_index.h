#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "store/decision_store.h"
#include "wire/conversation.h"

namespace headroom::context {

/// What was sent before by names that last when a conversation is called otherwise, as with another model, with other
/// settings, or when its client has changed something at its beginning: a result by its call and its text, the retrieve
/// tool by what the user said first. Kept for some days in the store. Thread-safe.
class SentIndex {
 public:
  /// Both must outlive this. `store` may be nullptr: then nothing is known.
  SentIndex(store::DecisionStore* store, const base::Clock& clock) : store_(store), clock_(clock) {}

  bool knows_more_than_the_process() const { return store_ != nullptr; }

  /// Names, of the owner's. A result without the id of a call has none.
  static std::optional<base::Hash128> name_of_result(const wire::Block& result, std::string_view owner);
  static base::Hash128 name_of_tool(const wire::Conversation& conversation, std::string_view owner);

  /// Where a decision is kept: its conversation, and its key there.
  struct Place {
    base::Hash128 conversation, key;
    bool operator==(const Place&) const = default;
  };
  /// The first of a day counts.
  void note(std::string_view owner, const base::Hash128& name, const Place& place);
  /// The latest, of each name.
  std::vector<std::optional<Place>> find(std::string_view owner, std::span<const base::Hash128> names) const;

  static constexpr int kDays = 15;

 private:
  std::string day(std::string_view owner, int before) const;

  store::DecisionStore* const store_;
  const base::Clock& clock_;
};

}  // namespace headroom::context
