#include "compress/json/idle_members.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/json/member_keys.h"

namespace headroom::compress::json {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::size_t kMostNames = 12;
constexpr std::size_t kMostLinks = 64;  // of one object; more are a list of addresses, and each is compared with all
constexpr std::size_t kMostSame = 24;   // keys
constexpr std::size_t kFewestSame = 4;  // members

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_link(const JsonNode& value) {
  return value.kind == JsonKind::kString && (value.text.starts_with("https://") || value.text.starts_with("http://")) &&
         value.text.find(' ') == std::string_view::npos;
}

/// The address of a picture that stands beside a name in a user interface.
bool is_decoration(const JsonNode& value) {
  static constexpr std::array<std::string_view, 3> kKeys = {"avatar", "icon", "gravatar"};
  // Not "title/avatar-2009", nor a "lexicon".
  static constexpr std::array<std::string_view, 7> kPlaces = {"/avatar/", "/avatars/", "//avatars.", "//avatar.",
                                                              "/icons/",  "gravatar.", "favicon"};
  if (std::ranges::any_of(kPlaces, [&](std::string_view place) { return base::contains_ci(value.text, place); }))
    return true;
  if (std::ranges::none_of(kKeys, [&](std::string_view key) { return base::contains_ci(value.key, key); }))
    return false;
  return std::ranges::any_of(base::words(value.key),
                             [&](const std::string& word) { return std::ranges::find(kKeys, word) != kKeys.end(); });
}

std::string_view host_of(std::string_view link) {
  const std::size_t begin = link.find("//") + 2;
  return link.substr(begin, link.find_first_of("/?#", begin) - begin);
}

/// "https://x/users/7/gists{/id}" of "https://x/users/7": more words of a path. A page number or a cursor would be
/// news.
bool goes_on_from(std::string_view link, std::string_view other) {
  if (link.size() <= other.size() || !link.starts_with(other)) return false;
  const std::string_view rest = link.substr(other.size());
  if (rest.front() != '/' && rest.front() != '{') return false;
  return std::ranges::all_of(rest, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("/{}_-?,:").find(c) != std::string_view::npos;
  });
}

std::string_view number_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return text.substr(at, end - at);
}

/// Equal but for numbers, of which `may_differ` says so.
template <typename MayDiffer>
bool differ_in_numbers_only(std::string_view one, std::string_view other, MayDiffer may_differ) {
  std::size_t a = 0, b = 0;
  while (a < one.size() && b < other.size()) {
    if (is_digit(one[a]) && is_digit(other[b])) {
      const std::string_view mine = number_at(one, a), others = number_at(other, b);
      if (mine != others && !may_differ(mine, others)) return false;
      a += mine.size();
      b += others.size();
    } else if (one[a++] != other[b++]) {
      return false;
    }
  }
  return a == one.size() && b == other.size();
}

/// "48x48" and "16x16", "image_24" and "image_72".
bool name_sizes(std::string_view one, std::string_view other) {
  const auto any = [](std::string_view, std::string_view) { return true; };
  return std::ranges::any_of(one, is_digit) && differ_in_numbers_only(one, other, any);
}

bool has_number(std::string_view text, std::string_view number) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view here = number_at(text, at);
    if (!here.empty() && here == number) return true;
    at += here.size();
  }
  return false;
}

/// One for programs to call, not for people to open.
bool for_programs(std::string_view link) {
  return host_of(link).starts_with("api.") || link.find("/api/") != std::string_view::npos ||
         link.find("/rest/") != std::string_view::npos;
}

/// The link ends with what another member of the object says: an id, a name.
bool ends_with_a_sibling(const JsonDocument& doc, const JsonNode& object, std::string_view link) {
  const std::string_view last = link.substr(link.find_last_of("/=") + 1);
  if (last.empty()) return false;
  for (const JsonNode& member : doc.children(object)) {
    if (member.kind == JsonKind::kNumber && member.raw == last) return true;
    if (member.kind == JsonKind::kString && member.text == last) return true;
  }
  return false;
}

std::string with_folded_digits(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (!is_digit(c)) {
      out.push_back(c);
    } else if (out.empty() || out.back() != '#') {
      out.push_back('#');
    }
  }
  return out;
}

/// None of the keys with which the root says something stands anywhere else. To see that is cheaper than to number all.
bool speaks_alone(const JsonDocument& doc) {
  static constexpr std::size_t kMostKeys = 8;
  std::vector<std::string_view> keys;
  for (const JsonNode& member : doc.children(doc.root())) {
    if (member.kind != JsonKind::kArray && member.kind != JsonKind::kObject) keys.push_back(member.key_raw);
  }
  if (keys.size() > kMostKeys) return false;
  return std::ranges::all_of(
      keys, [&](std::string_view key) { return std::ranges::count(doc.nodes(), key, &JsonNode::key_raw) == 1; });
}

/// The names, as many as cost little beside what left.
std::string joined(const std::vector<std::string>& names, std::size_t bytes) {
  constexpr std::size_t kFew = 3, kPart = 4;
  std::string out;
  std::size_t told = 0;
  for (const std::string& name : names) {
    if (told == kMostNames || (told >= kFew && (out.size() + name.size()) * kPart > bytes)) break;
    out += (out.empty() ? "" : ", ") + name;
    ++told;
  }
  return out + (told < names.size() || told == kMostNames ? ", ..." : "");
}

std::string all_of(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

IdleMembers::IdleMembers(const Question& question, std::string_view user)
    : question_(question), empty_asked_(question.conditions().empty) {
  static constexpr std::array<std::string_view, 10> kOfLinks = {"link",     "url",     "uri",     "href",  "address",
                                                                "endpoint", "webhook", "http://", "https", "download"};
  static constexpr std::array<std::string_view, 7> kOfPictures = {"avatar", "icon", "picture",  "image",
                                                                  "photo",  "logo", "thumbnail"};
  pictures_asked_ = std::ranges::any_of(kOfPictures, [&](auto word) { return base::contains_ci(user, word); });
  links_asked_ = std::ranges::any_of(kOfLinks, [&](auto word) { return base::contains_ci(user, word); });
}

/// Keys whose members all have the same short value: those with the most bytes, for all are named in the handle.
const IdleMembers::Values& IdleMembers::same_in(const JsonDocument& doc) {
  const auto [found, fresh] = same_values_.try_emplace(&doc);
  Values& values = found->second;
  if (!fresh) return values;
  const MemberKeys members(doc);
  const std::vector<MemberKeys::Key>& keys = members.keys();
  struct Candidate {
    std::size_t bytes;
    std::string_view name;
    std::uint32_t key;
  };
  std::vector<Candidate> order;
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    const MemberKeys::Key& key = keys[i];
    if (key.same && key.count >= kFewestSame && !described(key.name) && question_.match(key.value) == 0)
      order.push_back({key.bytes, key.name, i});
  }
  if (order.empty()) return values;
  const auto rank = [](const Candidate& candidate) { return std::tie(candidate.bytes, candidate.name, candidate.key); };
  std::ranges::sort(order, std::greater<>(), rank);
  if (order.size() > 4 * kMostSame) order.resize(4 * kMostSame);
  std::vector<bool> wanted(keys.size(), false);
  for (const Candidate& candidate : order) wanted[candidate.key] = true;
  const std::vector<bool> no_news = members.no_news(wanted);
  for (const auto& [bytes, name, key] : order) {
    if (!no_news[key]) continue;
    const auto told = told_.find(name);
    const bool fits = told == told_.end() ? told_.size() < kMostSame : told->second == keys[key].value;
    if (!fits) continue;
    told_.emplace(name, keys[key].value);
    values.emplace(name, keys[key].value);
  }
  return values;
}

/// The same picture in another size, which the key and the address say.
bool IdleMembers::is_other_size(const Link& one, const Link& other) {
  return name_sizes(one.key, other.key) &&
         differ_in_numbers_only(one.text, other.text, [&](std::string_view mine, std::string_view others) {
           return has_number(one.key, mine) && has_number(other.key, others);
         });
}

bool IdleMembers::described(std::string_view key) const {
  return question_.describes(key).all() != 0;
}

void IdleMembers::note(Left& left, const JsonNode& member) {
  ++left.count;
  left.bytes += member.key_raw.size() + member.raw.size() + 2;
  const bool same = &left == &same_;  // told with its value, each
  if (left.names.size() == kMostNames && !same) return;
  std::string name = same ? fmt::format("{}={}", member.key, member.raw) : with_folded_digits(member.key);
  if (std::ranges::find(left.names, name) == left.names.end()) left.names.push_back(std::move(name));
}

void IdleMembers::find_links(const JsonDocument& doc, const JsonNode& object, const std::vector<Link>& links,
                             std::vector<bool>& leaves) const {
  const bool root = &object == &doc.root();
  for (std::size_t at = 0; at < links.size(); ++at) {
    const std::string_view link = links[at].text;
    bool follows = !root && for_programs(link) && hosts_.contains(std::string(host_of(link))) &&
                   ends_with_a_sibling(doc, object, link);
    for (std::size_t other = 0; other < links.size() && !follows; ++other) {
      follows = goes_on_from(link, links[other].text) ||
                (other < at && !leaves[links[other].member] && is_other_size(links[at], links[other]));
    }
    leaves[links[at].member] = follows;
  }
}

std::vector<bool> IdleMembers::leaving(const JsonDocument& doc, const JsonNode& object) {
  if (object.kind != JsonKind::kObject) return {};
  std::vector<bool> leaves(object.size, false);
  std::vector<Link> links;
  static const Values kNone;
  const Values& same = &object == &doc.root() && speaks_alone(doc) ? kNone : same_in(doc);
  std::size_t at = 0;
  for (const JsonNode& member : doc.children(object)) {
    const std::size_t number = at++;
    if (says_nothing(member)) {
      leaves[number] = !empty_asked_ && !described(member.key);
      if (leaves[number]) note(empty_, member);
    } else if (const auto value = same.find(member.key_raw); value != same.end()) {
      leaves[number] = true;
      note(same_, member);
    } else if (is_link(member) && !links_asked_ && !pictures_asked_ && is_decoration(member) &&
               !described(member.key)) {
      leaves[number] = true;
      note(pictures_, member);
    } else if (is_link(member)) {
      links.push_back({member.key, member.text, number});
    }
  }
  if (!links.empty() && links.size() <= kMostLinks && !links_asked_) find_links(doc, object, links, leaves);
  at = 0;
  std::size_t link = 0;
  for (const JsonNode& member : doc.children(object)) {
    const std::size_t number = at++;
    // A decoration has left already.
    if (link == links.size() || links[link].member != number) continue;
    ++link;
    if (leaves[number] && described(member.key)) leaves[number] = false;
    if (leaves[number]) {
      note(links_, member);
    } else {
      hosts_.emplace(host_of(member.text));
    }
  }
  if (std::ranges::none_of(leaves, [](bool leaves_it) { return leaves_it; })) leaves.clear();
  return leaves;
}

void IdleMembers::append(std::string& out, const JsonDocument& doc, const JsonNode& value) {
  if (value.kind != JsonKind::kArray && value.kind != JsonKind::kObject) {
    out.append(value.raw);
    return;
  }
  const bool object = value.kind == JsonKind::kObject;
  const std::vector<bool> leaves = leaving(doc, value);
  out.push_back(object ? '{' : '[');
  bool first = true;
  std::size_t at = 0;
  for (const JsonNode& child : doc.children(value)) {
    const std::size_t number = at++;
    if (!leaves.empty() && leaves[number]) continue;
    if (!first) out.push_back(',');
    first = false;
    if (object) {
      out.append(child.key_raw);
      out.push_back(':');
    }
    append(out, doc, child);
  }
  out.push_back(object ? '}' : ']');
}

std::string IdleMembers::what() const {
  std::string out;
  if (empty_.count > 0) {
    out = fmt::format("{} members that are null or empty not shown ({})", empty_.count,
                      joined(empty_.names, empty_.bytes));
  }
  if (same_.count > 0) {
    out += fmt::format("{}{} members that are the same in all objects that have them not shown ({})",
                       out.empty() ? "" : "; ", same_.count, all_of(same_.names));
  }
  if (pictures_.count > 0) {
    out += fmt::format("{}{} addresses of avatars or icons not shown", out.empty() ? "" : "; ", pictures_.count);
  }
  if (links_.count > 0) {
    out += fmt::format("{}{} addresses that follow from others not shown ({})", out.empty() ? "" : "; ", links_.count,
                       joined(links_.names, links_.bytes));
  }
  return out;
}

}  // namespace headroom::compress::json
