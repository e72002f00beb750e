#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/json_document.h"
#include "compress/json/question.h"

namespace headroom::compress::json {

/// Members of objects that tell a reader nothing: null or empty ones, those that say the same in each of many objects
/// (the handle says what), addresses that follow from another member that stays, and those of avatars and icons. What
/// the question speaks of is never among them. Counts what it leaves out, so one object serves one writing of a text,
/// in document order. For one thread.
class IdleMembers {
 public:
  /// `user`: the user's request, which may ask for addresses.
  IdleMembers(const Question& question, std::string_view user);

  /// By member, in order: it leaves. Empty when all stay.
  std::vector<bool> leaving(const base::JsonDocument& doc, const base::JsonNode& object);

  /// Appends the value minified, without the members that leave.
  void append(std::string& out, const base::JsonDocument& doc, const base::JsonNode& value);

  /// Bytes of the members that left.
  std::size_t bytes() const { return empty_.bytes + same_.bytes + links_.bytes + pictures_.bytes; }
  /// What left, for the handle; empty when nothing did.
  std::string what() const;

 private:
  struct Left {
    std::size_t count = 0, bytes = 0;
    std::vector<std::string> names;  ///< the first of them, each once
  };
  struct Link {
    std::string_view key, text;
    std::size_t member = 0;
  };

  using Values = std::unordered_map<std::string_view, std::string_view>;  ///< by key, both as they stand

  const Values& same_in(const base::JsonDocument& doc);
  bool described(std::string_view key) const;
  static bool is_other_size(const Link& one, const Link& other);
  void find_links(const base::JsonDocument& doc, const base::JsonNode& object, const std::vector<Link>& links,
                  std::vector<bool>& leaves) const;
  void note(Left& left, const base::JsonNode& member);

  const Question& question_;
  bool empty_asked_ = false;
  bool links_asked_ = false;
  bool pictures_asked_ = false;
  Left empty_, same_, links_, pictures_;
  std::unordered_map<const base::JsonDocument*, Values> same_values_;
  Values told_;                            ///< of all documents: the handle has one value for a key
  std::unordered_set<std::string> hosts_;  ///< of the addresses shown so far
};

}  // namespace headroom::compress::json
