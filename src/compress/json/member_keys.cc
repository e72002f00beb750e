#include "compress/json/member_keys.h"

#include <map>
#include <utility>

namespace headroom::compress::json {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::size_t kLongestSame = 34;  // bytes of the value
constexpr std::size_t kMostParts = 6;     // objects of one whose parts have names

bool same_bytes(std::string_view a, std::string_view b) {
  return a.data() == b.data() && a.size() == b.size();
}

/// The keys under which an object stands, and the one that it stands in; as they stand in the text.
struct Place {
  std::string_view key, outer;

  /// As it is with all elements of an array.
  bool is(const Place& other) const { return same_bytes(key, other.key) && same_bytes(outer, other.outer); }
};

struct Object {
  std::uint32_t node = 0;
  Place place;
};

std::vector<Object> objects_of(const JsonDocument& doc) {
  struct Open {
    std::uint32_t end;
    bool object;
    Place place;
  };
  std::vector<Object> objects;
  std::vector<Open> open;
  for (std::uint32_t at = 0; at < doc.nodes().size(); ++at) {
    const JsonNode& node = doc.node(at);
    const bool object = node.kind == JsonKind::kObject;
    if (!object && (node.kind != JsonKind::kArray || node.size == 0)) continue;
    while (!open.empty() && open.back().end <= at) open.pop_back();
    Place place{.key = {}, .outer = "nothing"};  // no key as it stands in the text: these have quotes
    if (!open.empty()) {
      const Open& in = open.back();
      place = in.object ? Place{node.key_raw, in.place.key} : in.place;
    }
    if (object) objects.push_back({at, place});
    if (node.size > 0) open.push_back({node.next, object, place});
  }
  return objects;
}

/// A key; true: that of the object outside.
using Group = std::pair<std::string_view, bool>;

struct Groups {
  struct One {
    std::size_t objects = 0;
    bool parts = false;  // of one object
  };
  std::vector<One> all;
  std::vector<std::uint32_t> of_object;
};

Groups groups_of(const std::vector<Object>& objects) {
  std::unordered_map<std::string_view, std::size_t> by_key;
  std::size_t* counted = nullptr;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (i == 0 || !same_bytes(objects[i].place.key, objects[i - 1].place.key)) counted = &by_key[objects[i].place.key];
    ++*counted;
  }
  Groups groups;
  std::map<Group, std::uint32_t> numbers;
  groups.of_object.reserve(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const Place& place = objects[i].place;
    if (i == 0 || !place.is(objects[i - 1].place)) {
      const bool outer = by_key[place.key] <= 1;
      const Group group(outer ? place.outer : place.key, outer);
      const auto [known, fresh] = numbers.try_emplace(group, static_cast<std::uint32_t>(groups.all.size()));
      if (fresh) groups.all.push_back({.objects = 0, .parts = outer});
      groups.of_object.push_back(known->second);
    } else {
      groups.of_object.push_back(groups.of_object.back());
    }
    ++groups.all[groups.of_object.back()].objects;
  }
  return groups;
}

}  // namespace

bool says_nothing(const JsonNode& value) {
  switch (value.kind) {
    case JsonKind::kNull:
      return true;
    case JsonKind::kString:
      return value.raw.size() == 2;
    case JsonKind::kArray:
    case JsonKind::kObject:
      return value.size == 0;
    default:
      return false;
  }
}

MemberKeys::MemberKeys(const JsonDocument& doc) : doc_(doc) {
  of_node_.reserve(doc.nodes().size());
  for (const JsonNode& node : doc.nodes()) {
    if (node.key_raw.empty()) {
      of_node_.push_back(kNone);
      continue;
    }
    const std::uint32_t number = number_of(node.key_raw);
    of_node_.push_back(number);
    Key& key = keys_[number];
    const bool plain = node.kind != JsonKind::kArray && node.kind != JsonKind::kObject && !says_nothing(node);
    key.same = key.same && plain && node.raw.size() <= kLongestSame && (key.count == 0 || key.value == node.raw);
    if (++key.count == 1) key.value = node.raw;
    key.bytes += node.key_raw.size() + node.raw.size();
  }
}

/// The objects of a list have their members in one order, so most keys are found without being looked up.
std::uint32_t MemberKeys::number_of(std::string_view name) {
  if (!keys_.empty()) {
    const std::uint32_t guess = keys_[last_].next;
    if (keys_[guess].name == name) return last_ = guess;
  }
  const auto [known, fresh] = numbers_.try_emplace(name, static_cast<std::uint32_t>(keys_.size()));
  if (!keys_.empty()) keys_[last_].next = known->second;
  if (fresh) keys_.push_back({.name = name, .value = {}});
  return last_ = known->second;
}

std::vector<bool> MemberKeys::no_news(const std::vector<bool>& wanted) const {
  const std::vector<Object> objects = objects_of(doc_);
  const Groups groups = groups_of(objects);
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> having;  // by key and group
  for (std::size_t i = 0; i < objects.size(); ++i) {
    for (const JsonNode& member : doc_.children(doc_.node(objects[i].node))) {
      const std::uint32_t key = of(doc_.index_of(member));
      if (wanted[key]) ++having[{key, groups.of_object[i]}];
    }
  }
  std::vector<bool> out = wanted;
  for (const auto& [where, count] : having) {
    const Groups::One& group = groups.all[where.second];
    const bool part_of_one = group.parts && count == 1 && group.objects <= kMostParts;
    if (count != group.objects && !part_of_one) out[where.first] = false;
  }
  return out;
}

}  // namespace headroom::compress::json
