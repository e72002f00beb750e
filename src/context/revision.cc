#include "context/revision.h"

#include <algorithm>
#include <charconv>
#include <span>

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/json_writer.h"
#include "context/decision_text.h"

namespace headroom::context {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

std::string hex(const base::Hash128& hash) {
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

base::Result<base::Hash128> from_hex(std::string_view text) {
  base::Hash128 hash;
  if (text.size() == 32) {
    const auto high = std::from_chars(text.data(), text.data() + 16, hash.high, 16);
    const auto low = std::from_chars(text.data() + 16, text.data() + 32, hash.low, 16);
    if (high.ptr == text.data() + 16 && low.ptr == text.data() + 32) return hash;
  }
  return base::fail(base::ErrorCode::kParse, "no hash");
}

base::Result<std::uint32_t> number_of(const JsonNode* node) {
  std::uint32_t number = 0;
  if (node != nullptr) {
    const char* const end = node->raw.data() + node->raw.size();
    if (std::from_chars(node->raw.data(), end, number).ptr == end) return number;
  }
  return base::fail(base::ErrorCode::kParse, "no number in a revision");
}

/// What was done to fit a window.
base::Result<void> read_window(const JsonDocument& document, const JsonNode& root, Revision& revision) {
  if (const JsonNode* texts = document.find(root, "texts")) {
    for (const JsonNode& entry : document.children(*texts)) {
      if (entry.kind != JsonKind::kObject) return base::fail(base::ErrorCode::kParse, "no text in a revision");
      const auto block = number_of(document.find(entry, "block"));
      if (!block) return std::unexpected(block.error());
      Revision::Text text{*block, std::string(document.string_member(entry, "text")), {}};
      if (const JsonNode* ids = document.find(entry, "ids")) {
        for (const JsonNode& id : document.children(*ids)) text.ids.emplace_back(id.text);
      }
      revision.texts.push_back(std::move(text));
    }
  }
  if (const JsonNode* removed = document.find(root, "removed")) {
    std::vector<std::uint32_t> numbers;
    for (const JsonNode& node : document.children(*removed)) {
      const auto number = number_of(&node);
      if (!number) return std::unexpected(number.error());
      numbers.push_back(*number);
    }
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) revision.removed.emplace_back(numbers[i], numbers[i + 1]);
  }
  return {};
}

}  // namespace

std::string write_revision(const Revision& revision) {
  base::JsonWriter json;
  json.begin_object().member("at", revision.at).member("place", hex(revision.place)).member("why", revision.why);
  json.member("window_at", revision.window_at).member("window_place", hex(revision.window_place));
  json.member("tell", revision.tell).key("tell_ids").begin_array();
  for (const std::string& id : revision.tell_ids) json.value(id);
  json.end_array().member("pin", revision.pin).key("decisions").begin_array();
  for (const auto& [place, decision] : revision.decisions) {
    json.begin_object().member("place", hex(place)).key("decision").raw(write_decision(*decision)).end_object();
  }
  json.end_array().key("texts").begin_array();
  for (const Revision::Text& text : revision.texts) {
    json.begin_object().member("block", text.block).member("text", text.text).key("ids").begin_array();
    for (const std::string& id : text.ids) json.value(id);
    json.end_array().end_object();
  }
  json.end_array().key("removed").begin_array();
  for (const auto& [first, end] : revision.removed) json.value(first).value(end);
  json.end_array().end_object();
  return std::move(json).take();
}

base::Result<Revision> read_revision(std::string_view text) {
  const auto document = JsonDocument::parse(text);
  if (!document) return std::unexpected(document.error());
  const JsonNode& root = document->root();
  if (root.kind != JsonKind::kObject) return base::fail(base::ErrorCode::kParse, "no revision");
  Revision revision;
  auto place = from_hex(document->string_member(root, "place"));
  if (!place) return std::unexpected(place.error());
  revision.place = *place;
  if (const JsonNode* at = document->find(root, "at")) {
    std::from_chars(at->raw.data(), at->raw.data() + at->raw.size(), revision.at);
  }
  if (const JsonNode* at = document->find(root, "window_at")) {
    std::from_chars(at->raw.data(), at->raw.data() + at->raw.size(), revision.window_at);
  }
  if (auto of = from_hex(document->string_member(root, "window_place"))) revision.window_place = *of;
  revision.why = document->string_member(root, "why");
  revision.tell = document->string_member(root, "tell");
  if (const JsonNode* ids = document->find(root, "tell_ids")) {
    for (const JsonNode& id : document->children(*ids)) revision.tell_ids.emplace_back(id.text);
  }
  revision.pin = document->string_member(root, "pin");
  if (auto read = read_window(*document, root, revision); !read) return std::unexpected(read.error());
  const JsonNode* decisions = document->find(root, "decisions");
  if (decisions == nullptr) return revision;
  for (const JsonNode& entry : document->children(*decisions)) {
    const JsonNode* written = entry.kind == JsonKind::kObject ? document->find(entry, "decision") : nullptr;
    if (written == nullptr) return base::fail(base::ErrorCode::kParse, "no decision in a revision");
    auto of = from_hex(document->string_member(entry, "place"));
    auto decision = read_decision(written->raw);
    if (!of || !decision) return base::fail(base::ErrorCode::kParse, "a damaged decision in a revision");
    revision.decisions.emplace_back(*of, keep(*std::move(decision)));
  }
  return revision;
}

namespace {

/// Where the place is; the number of places when it is not there.
std::size_t find_place(const History& history, std::size_t expected, const base::Hash128& place) {
  const std::vector<base::Hash128>& places = history.places;
  if (expected < places.size() && places[expected] == place) return expected;
  return static_cast<std::size_t>(std::ranges::find(places, place) - places.begin());
}

/// Leaves of the revision what holds for the history; true when all of it does.
bool settle(Revision& revision, const History& history) {
  const std::size_t count = history.places.size();
  if (!revision.texts.empty() || !revision.removed.empty()) {
    const std::size_t at = find_place(history, revision.window_at, revision.window_place);
    const auto shift = static_cast<std::uint32_t>(at - revision.window_at);  // wraps around where it is below 0
    for (Revision::Text& text : revision.texts) text.block += shift;
    for (auto& [first, end] : revision.removed) first += shift, end += shift;
    if (at == count) revision.texts.clear(), revision.removed.clear();
    std::erase_if(revision.texts, [&](const Revision::Text& text) { return text.block >= count; });
  }
  revision.at = find_place(history, revision.at, revision.place);
  if (revision.at < count) return true;
  revision.tell.clear();
  return false;
}

/// A pin is large, and of all that a conversation's revisions name only the newest is read: so a revision has its name,
/// and it stands with the decisions. (Those of older programs stand in the revision itself.)
std::string pin_name(const base::Hash128& hash) {
  return '#' + hex(hash);
}

/// The pin of the name; empty where it is not there.
base::Result<std::string> find_pin(store::DecisionStore& store, const History& history, std::string_view name) {
  if (!name.starts_with('#')) return std::string(name);
  const auto hash = from_hex(name.substr(1));
  if (!hash) return std::string();
  const std::vector<std::string> places = {base::hash_bytes(*hash)};
  auto found = store.find(base::hash_bytes(history.conversation), places);
  if (!found) return std::unexpected(found.error());
  return std::move(found->front());
}

}  // namespace

base::Result<Revision> RevisionReader::read(std::string_view text) {
  const std::uint64_t key = base::hash128(text).low;
  if (const auto known = cache_.find(key)) return **known;
  auto revision = read_revision(text);
  if (!revision) return revision;
  static constexpr std::size_t kOverhead = 512;
  cache_.put(key, std::make_shared<const Revision>(*revision), kOverhead + 2 * text.size());
  return revision;
}

base::Result<KnownRevisions> load_revisions(store::DecisionStore& store, const History& history,
                                            RevisionReader& reader) {
  const auto rows = store.revisions(base::hash_bytes(history.conversation));
  if (!rows) return std::unexpected(rows.error());
  KnownRevisions known;
  for (const store::DecisionRow& row : *rows) {
    auto revision = reader.read(row.value);
    if (!revision) continue;
    const bool holds = settle(*revision, history);
    if (!revision->pin.empty()) {
      known.last_pin = revision->pin;
      known.last_pin_holds = holds;
    }
    known.revisions.push_back(*std::move(revision));
  }
  auto pin = find_pin(store, history, known.last_pin);
  if (!pin) return std::unexpected(pin.error());
  known.last_pin = *std::move(pin);
  return known;
}

base::Result<KeptRevision> keep_revision(store::DecisionStore& store, const History& history, Revision revision,
                                         std::size_t nth) {
  const std::string conversation = base::hash_bytes(history.conversation);
  std::string pin = std::move(revision.pin);
  revision.pin.clear();
  if (!pin.empty()) {
    const base::Hash128 hash = base::hash128(pin);
    const store::DecisionRow row{base::hash_bytes(hash), pin};
    if (const auto kept = store.put(conversation, std::span(&row, 1)); !kept) return std::unexpected(kept.error());
    revision.pin = pin_name(hash);
  }
  const base::Hash128 key = nth == 0 ? revision.place : base::hash128(revision.place, fmt::format("{}", nth));
  const store::DecisionRow row{base::hash_bytes(key), write_revision(revision)};
  const auto counts = store.add_revision(conversation, row);
  if (!counts) return std::unexpected(counts.error());
  if (*counts == row.value) {
    revision.pin = std::move(pin);
    return KeptRevision{std::move(revision), true};
  }
  auto other = read_revision(*counts);
  if (!other) return std::unexpected(other.error());
  auto named = find_pin(store, history, other->pin);
  if (!named) return std::unexpected(named.error());
  other->pin = *std::move(named);
  return KeptRevision{*std::move(other), false};
}

}  // namespace headroom::context
