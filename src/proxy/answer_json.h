#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_document.h"
#include "base/splice.h"

namespace headroom::proxy {

// What the implementations of AnswerMerger share: small changes to JSON texts, every other byte as it was.

/// Sums of an answer's usage over its rounds: whole numbers by their path ("prompt_tokens_details.cached_tokens").
class UsageSums {
 public:
  /// Numbers of the round that is under way; later ones replace earlier ones of the same path. They are only read
  /// when somebody wants sums: most answers have one round.
  void note(const base::JsonNode& usage);
  /// The round is over.
  void end_round();
  /// Edits that make of a usage object's numbers the sums over all rounds, this one included. With `complete`, numbers
  /// of the object's own level that only other rounds had are added.
  void write(const base::JsonDocument& document, const base::JsonNode& usage, std::vector<base::Edit>& edits,
             bool complete) const;

 private:
  using Numbers = std::map<std::string, std::int64_t>;

  static void note_at(const std::string& path, const base::JsonDocument& document, const base::JsonNode& usage,
                      Numbers& numbers);
  Numbers numbers_now() const;
  void write_at(const std::string& path, const base::JsonDocument& document, const base::JsonNode& usage,
                std::vector<base::Edit>& edits) const;

  Numbers before_;
  Numbers now_;                     // without what follows
  std::vector<std::string> noted_;  // JSON
};

/// "a,b,c"
std::string join_elements(const std::vector<std::string>& elements);

/// The text with `element` behind the last one of the list that `list` is; empty when the edit fails.
std::string append_elements(std::string_view text, const base::JsonDocument& document, const base::JsonNode& list,
                            const std::string& elements);

/// The text with the edits made; as it is when there are none or they fail.
std::string with_edits(std::string_view text, const std::vector<base::Edit>& edits);

/// The object's last member of that name, if it is an object; else nullptr.
const base::JsonNode* object_member(const base::JsonDocument& document, const base::JsonNode& object,
                                    std::string_view key);

/// A whole number, or -1.
std::int64_t integer_of(const base::JsonNode* node);

/// Members of something that comes in pieces, in the order in which they came first.
template <typename Value>
using Members = std::vector<std::pair<std::string, Value>>;

/// The member of that name, made where there is none.
template <typename Value>
Value& member_of(Members<Value>& members, std::string_view key) {
  const auto known = std::ranges::find(members, key, &std::pair<std::string, Value>::first);
  return known != members.end() ? known->second : members.emplace_back(std::string(key), Value()).second;
}

}  // namespace headroom::proxy
