#include "learned/tokenizer_file.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "base/json_document.h"
#include "tokens/tables.h"

namespace headroom::learned {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::size_t kLongestPiece = 256;  // bytes; merging is quadratic. Longer pieces are cut
constexpr std::uint32_t kNoId = 0xFFFFFFFFu;

std::unexpected<base::Error> unknown(std::string_view what) {
  return base::fail(base::ErrorCode::kUnavailable, fmt::format("tokenizer.json: {}", what));
}

std::uint32_t id_of(const JsonNode* node) {
  std::uint32_t id = kNoId;
  if (node != nullptr && node->kind == JsonKind::kNumber) {
    std::from_chars(node->raw.data(), node->raw.data() + node->raw.size(), id);
  }
  return id;
}

std::string_view text_of(const JsonNode* node) {
  return node != nullptr && node->kind == JsonKind::kString ? node->text : std::string_view();
}

bool is_true(const JsonNode* node) {
  return node != nullptr && node->kind == JsonKind::kBool && node->raw == "true";
}

std::size_t contraction(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kAll = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};
  for (std::string_view one : kAll) {
    if (text.starts_with(one)) return one.size();
  }
  return 0;
}

bool has_blank(std::string_view text) {
  return text.empty() || text.find_first_of(" \t\n\r\f\v") != std::string_view::npos;
}

}  // namespace

std::string spelling_of_byte(unsigned byte) {
  const auto visible = [](unsigned b) { return (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xFF && b != 0xAD); };
  unsigned point = byte;
  if (!visible(byte)) {
    point = 256;
    for (unsigned b = 0; b < byte; ++b) point += visible(b) ? 0 : 1;
  }
  if (point < 0x80) return {static_cast<char>(point)};
  return {static_cast<char>(0xC0 | (point >> 6)), static_cast<char>(0x80 | (point & 0x3F))};
}

TokenizerFile::TokenizerFile() : classes_(headroom_unicode_classes_table) {}

base::Result<std::unique_ptr<TokenizerFile>> TokenizerFile::parse(std::string_view json) {
  std::unique_ptr<TokenizerFile> tokenizer(new TokenizerFile());
  if (auto read = tokenizer->read(json); !read) return std::unexpected(read.error());
  return tokenizer;
}

base::Result<std::unique_ptr<TokenizerFile>> TokenizerFile::load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  if (!file) return unknown("it cannot be read");
  return parse(bytes.str());
}

base::Result<void> TokenizerFile::read(std::string_view json) {
  const auto document = JsonDocument::parse(json);
  if (!document || document->root().kind != JsonKind::kObject) return unknown("it is no JSON object");
  const JsonDocument& d = *document;
  const auto object = [&](const JsonNode& in, std::string_view key) {
    const JsonNode* node = d.find(in, key);
    return node != nullptr && node->kind == JsonKind::kObject ? node : nullptr;
  };
  const auto array = [&](const JsonNode& in, std::string_view key) {
    const JsonNode* node = d.find(in, key);
    return node != nullptr && node->kind == JsonKind::kArray ? node : nullptr;
  };
  const JsonNode* model = object(d.root(), "model");
  if (model == nullptr || text_of(d.find(*model, "type")) != "BPE") return unknown("its model is not BPE");
  const JsonNode* splitter = object(d.root(), "pre_tokenizer");
  const bool whole_words =
      splitter != nullptr && d.find(*splitter, "use_regex") != nullptr && !is_true(d.find(*splitter, "use_regex"));
  if (splitter == nullptr || text_of(d.find(*splitter, "type")) != "ByteLevel" || whole_words) {
    return unknown("it does not split text at the level of bytes as expected");
  }
  space_first_ = is_true(d.find(*splitter, "add_prefix_space"));
  const bool odd = is_true(d.find(*model, "ignore_merges")) ||
                   !text_of(d.find(*model, "continuing_subword_prefix")).empty() ||
                   !text_of(d.find(*model, "end_of_word_suffix")).empty();
  const JsonNode* vocabulary = object(*model, "vocab");
  const JsonNode* merges = array(*model, "merges");
  if (odd || vocabulary == nullptr || merges == nullptr) return unknown("its BPE is of an unknown sort");

  std::unordered_map<std::string_view, Id> ids;
  ids.reserve(vocabulary->size);
  for (const JsonNode& entry : d.children(*vocabulary)) ids.emplace(entry.key, id_of(&entry));
  const auto find = [&](std::string_view token) {
    const auto found = ids.find(token);
    return found == ids.end() ? kNoId : found->second;
  };
  for (unsigned byte = 0; byte < 256; ++byte) byte_ids_[byte] = find(spelling_of_byte(byte));

  std::uint32_t rank = 0;
  merges_.reserve(merges->size);
  for (const JsonNode& entry : d.children(*merges)) {
    std::string_view left, right;
    if (entry.kind == JsonKind::kString) {  // "Ġ the"
      const std::size_t space = entry.text.find(' ');
      if (space == std::string_view::npos) return unknown("a merge is not two tokens");
      left = entry.text.substr(0, space);
      right = entry.text.substr(space + 1);
    } else if (entry.kind == JsonKind::kArray && entry.size == 2) {  // ["Ġ", "the"]
      auto part = d.children(entry).begin();
      left = text_of(&*part);
      ++part;
      right = text_of(&*part);
    }
    const Id a = find(left);
    const Id b = find(right);
    const Id joined = find(std::string(left) + std::string(right));
    if (a == kNoId || b == kNoId || joined == kNoId) return unknown("a merge names a token that is not there");
    merges_.emplace(static_cast<std::uint64_t>(a) << 32 | b, Merge{rank++, joined});
  }

  if (const JsonNode* list = array(d.root(), "added_tokens")) {
    for (const JsonNode& entry : d.children(*list)) {
      if (entry.kind != JsonKind::kObject) continue;
      const std::string_view content = text_of(d.find(entry, "content"));
      const Id id = id_of(d.find(entry, "id"));
      // Runs of blanks are tokens too, but no part of a word.
      if (id != kNoId && !has_blank(content)) added_.push_back({std::string(content), id});
    }
    std::ranges::stable_sort(added_,
                             [](const Added& x, const Added& y) { return x.content.size() > y.content.size(); });
  }

  if (const JsonNode* frame = object(d.root(), "post_processor")) {
    const JsonNode* single = array(*frame, "single");
    const JsonNode* special = object(*frame, "special_tokens");
    if (text_of(d.find(*frame, "type")) != "TemplateProcessing" || single == nullptr || special == nullptr) {
      return unknown("its frame of a text is of an unknown sort");
    }
    std::vector<std::int64_t>* into = &prefix_;
    for (const JsonNode& step : d.children(*single)) {
      if (step.kind != JsonKind::kObject) continue;
      if (object(step, "Sequence") != nullptr) into = &suffix_;
      const JsonNode* token = object(step, "SpecialToken");
      const JsonNode* entry = token == nullptr ? nullptr : object(*special, text_of(d.find(*token, "id")));
      const JsonNode* numbers = entry == nullptr ? nullptr : array(*entry, "ids");
      if (numbers == nullptr) continue;
      for (const JsonNode& number : d.children(*numbers)) into->push_back(id_of(&number));
    }
  }
  return {};
}

void TokenizerFile::encode_word(std::string_view word, std::size_t most, std::vector<std::int64_t>& ids) const {
  const std::size_t end = ids.size() + most;
  word = word.substr(0, most * kLongestPiece);
  bool at_start = true;
  std::size_t plain = 0;  // of the bytes before `at` that are no added token
  const auto flush = [&](std::size_t at) {
    if (plain < at && ids.size() < end) encode_plain(word.substr(plain, at - plain), at_start, end, ids);
    at_start = at_start && plain == at;
  };
  for (std::size_t at = 0; at < word.size() && ids.size() < end && !added_.empty();) {
    const std::string_view rest = word.substr(at);
    const auto token =
        std::ranges::find_if(added_, [&](const Added& added) { return rest.starts_with(added.content); });
    if (token == added_.end()) {
      ++at;
      continue;
    }
    flush(at);
    if (ids.size() < end) ids.push_back(token->id);
    at_start = false;
    at += token->content.size();
    plain = at;
  }
  flush(word.size());
}

/// `end`: the size of `ids` at which to stop.
void TokenizerFile::encode_plain(std::string_view text, bool at_start, std::size_t end,
                                 std::vector<std::int64_t>& ids) const {
  bool space = space_first_ && at_start;
  for (std::size_t at = 0; at < text.size() && ids.size() < end;) {
    // Merges never cross pieces: a contraction, or a run of letters, of numbers, or of neither.
    const std::size_t short_form = space ? 0 : contraction(text.substr(at));
    const std::size_t length = short_form > 0 ? short_form : run_length(text.substr(at));
    if (space) {
      encode_piece(" " + std::string(text.substr(at, length)), end, ids);
    } else {
      encode_piece(text.substr(at, length), end, ids);
    }
    space = false;
    at += length;
  }
}

/// Bytes of the first run of characters of one sort.
std::size_t TokenizerFile::run_length(std::string_view text) const {
  const auto sort_of = [](tokens::ClassSet set) {
    return (set & tokens::kLetter) != 0 ? 1 : (set & tokens::kNumber) != 0 ? 2 : (set & tokens::kAnySpace) != 0 ? 3 : 0;
  };
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const tokens::Char first = classes_.read(begin, end);
  const char* at = begin + first.length;
  while (at < end && static_cast<std::size_t>(at - begin) < kLongestPiece) {
    const tokens::Char next = classes_.read(at, end);
    if (sort_of(next.set) != sort_of(first.set)) break;
    at += next.length;
  }
  return static_cast<std::size_t>(at - begin);
}

void TokenizerFile::encode_piece(std::string_view piece, std::size_t end, std::vector<std::int64_t>& ids) const {
  std::vector<Id> parts;
  parts.reserve(piece.size());
  for (const char c : piece) {
    const Id id = byte_ids_[static_cast<unsigned char>(c)];
    if (id != kNoId) parts.push_back(id);
  }
  while (parts.size() > 1) {
    Merge best{.rank = kNoId};
    std::size_t place = 0;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto merge = merges_.find(static_cast<std::uint64_t>(parts[i]) << 32 | parts[i + 1]);
      if (merge == merges_.end() || merge->second.rank >= best.rank) continue;
      best = merge->second;
      place = i;
    }
    if (best.rank == kNoId) break;
    parts[place] = best.id;
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  }
  for (const Id id : parts) {
    if (ids.size() < end) ids.push_back(id);
  }
}

}  // namespace headroom::learned
