// Host tool of the build: packs the vocabulary and the character classes into the tables that the program embeds.
//
//   headroom_pack_ranks ranks   o200k_base.tiktoken  o200k_base.bin
//   headroom_pack_ranks classes unicode_classes.tsv  unicode_classes.bin
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tokens/char_class.h"
#include "tokens/rank_table.h"
#include "trie_builder.h"

namespace headroom::tokens {
namespace {

[[noreturn]] void die(const std::string& why) {
  std::fprintf(stderr, "pack_ranks: %s\n", why.c_str());
  std::exit(1);
}

std::string decode_base64(std::string_view text) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    if (c == '=') break;
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) die("not base64: " + std::string(text));
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    if ((count += 6) >= 8) bytes.push_back(static_cast<char>((bits >> (count -= 8)) & 0xff));
  }
  return bytes;
}

/// Tokens by rank; ranks that the file skips are empty.
std::vector<std::string> read_ranks(std::istream& in) {
  std::vector<std::string> tokens;
  std::string line;
  while (std::getline(in, line)) {
    const auto space = line.find(' ');
    if (space == std::string::npos) die("no rank in line: " + line);
    const std::size_t rank = std::stoul(line.substr(space + 1));
    if (rank >= 1'000'000) die("rank too large: " + line);
    if (rank >= tokens.size()) tokens.resize(rank + 1);
    tokens[rank] = decode_base64(std::string_view(line).substr(0, space));
  }
  return tokens;
}

class Image {
 public:
  template <typename T>
  std::uint32_t append(const std::vector<T>& items) {
    bytes_.resize((bytes_.size() + 7) / 8 * 8);
    const auto offset = static_cast<std::uint32_t>(bytes_.size());
    bytes_.append(reinterpret_cast<const char*>(items.data()), items.size() * sizeof(T));
    return offset;
  }
  std::string bytes_;
};

/// Sets the flags of `all`, whose halves are known.
void flag_early_joins(std::vector<Halves>& all) {
  std::vector<std::uint32_t> first_as_left(all.size(), kNoRank), first_as_right(all.size(), kNoRank);
  for (std::uint32_t rank = 0; rank < all.size(); ++rank) {
    if (all[rank].left == rank) continue;
    first_as_left[all[rank].left] = std::min(first_as_left[all[rank].left], rank);
    first_as_right[all[rank].right] = std::min(first_as_right[all[rank].right], rank);
  }
  for (std::uint32_t rank = 0; rank < all.size(); ++rank) {
    all[rank].left_joins = first_as_right[all[rank].left] <= rank;
    all[rank].right_joins = first_as_left[all[rank].right] < rank;
  }
}

/// How merging makes each token from its bytes; what MergeTree relies on is checked here.
std::vector<Halves> all_halves(const std::vector<std::string>& tokens) {
  std::unordered_map<std::string_view, std::uint32_t> ranks;
  for (std::uint32_t rank = 0; rank < tokens.size(); ++rank) {
    if (!tokens[rank].empty()) ranks.emplace(tokens[rank], rank);
  }
  const auto rank_of = [&](std::string_view bytes) {
    const auto found = ranks.find(bytes);
    return found == ranks.end() ? kNoRank : found->second;
  };

  std::vector<Halves> all(tokens.size());
  std::vector<std::size_t> ends;
  for (std::uint32_t rank = 0; rank < tokens.size(); ++rank) {
    const std::string_view token = tokens[rank];
    if ((token.size() == 1) != (rank < kByteTokens)) die("the first ranks are not the single bytes");
    all[rank] = {rank, rank, false, false};
    ends.clear();
    for (std::size_t i = 0; i <= token.size(); ++i) ends.push_back(i);  // ends[i], ends[i + 1]: a part
    while (ends.size() > 3) {
      std::uint32_t lowest = kNoRank;
      std::size_t best = 0;
      for (std::size_t i = 0; i + 2 < ends.size(); ++i) {
        const std::uint32_t joined = rank_of(token.substr(ends[i], ends[i + 2] - ends[i]));
        if (joined < lowest) {
          lowest = joined;
          best = i + 1;
        }
      }
      if (lowest == kNoRank) break;
      ends.erase(ends.begin() + static_cast<std::ptrdiff_t>(best));
    }
    if (ends.size() != 3) continue;
    all[rank].left = rank_of(token.substr(0, ends[1]));
    all[rank].right = rank_of(token.substr(ends[1]));
    if (all[rank].left >= rank || all[rank].right >= rank) die("a token comes before its parts");
  }
  flag_early_joins(all);
  return all;
}

/// Adds what MergeTree and TokenTrie read.
void pack_merging(const std::vector<std::string>& tokens, Image& image, RankTableHeader& header) {
  if (tokens.size() > kRankMask) die("too many tokens");
  const std::vector<Halves> all = all_halves(tokens);
  std::vector<char> packed(tokens.size() * kHalvesBytes + sizeof(std::uint64_t));
  std::vector<std::uint64_t> filter(std::bit_ceil(tokens.size() * 8) / 64);
  std::vector<std::uint32_t> joins(std::bit_ceil(tokens.size() * 5 / 4), kEmptyJoin);
  header.filter_shift = static_cast<std::uint32_t>(64 - std::countr_zero(filter.size() * 64));
  header.join_shift = static_cast<std::uint32_t>(64 - std::countr_zero(joins.size()));
  TrieBuilder::Tokens made;
  for (std::uint32_t rank = 0; rank < tokens.size(); ++rank) {
    const auto [left, right, left_joins, right_joins] = all[rank];
    const std::uint64_t flags = static_cast<std::uint64_t>(left_joins) | static_cast<std::uint64_t>(right_joins) << 1;
    const std::uint64_t halves = flags << (2 * kRankBits) | static_cast<std::uint64_t>(right) << kRankBits | left;
    std::memcpy(&packed[rank * kHalvesBytes], &halves, kHalvesBytes);
    if (left != rank || rank < kByteTokens) made.emplace_back(tokens[rank], rank);
    if (left == rank) continue;
    const std::uint64_t hash = join_hash(left, right);
    const std::uint64_t bit = hash >> header.filter_shift;
    filter[bit / 64] |= std::uint64_t{1} << (bit % 64);
    std::uint64_t slot = hash >> header.join_shift;
    while (joins[slot] != kEmptyJoin) slot = (slot + 1) % joins.size();
    joins[slot] = join_tag(hash) | rank;
  }
  std::sort(made.begin(), made.end());

  header.filter = image.append(filter);
  header.joins = image.append(joins);
  header.halves = image.append(packed);
  header.trie = image.append(TrieBuilder(made).build());
}

std::string pack_ranks(const std::vector<std::string>& tokens) {
  std::vector<char> text;
  std::vector<std::uint32_t> starts, pairs(65536, kNoRank);
  std::size_t short_count = 0, long_count = 0, max_length = 0;
  for (const std::string& token : tokens) {
    starts.push_back(static_cast<std::uint32_t>(text.size()));
    text.insert(text.end(), token.begin(), token.end());
    short_count += token.size() <= 8;
    long_count += token.size() > 8;
    max_length = std::max(max_length, token.size());
  }
  starts.push_back(static_cast<std::uint32_t>(text.size()));
  if (max_length > kLongestToken) die("a token is too long");

  std::vector<std::uint8_t> tags(std::bit_ceil(short_count * 8 / 5));
  std::vector<ShortSlot> shorts(std::bit_ceil(short_count * 8 / 5));
  std::vector<LongSlot> longs(std::bit_ceil(long_count * 8 / 5));
  const int short_shift = 64 - std::countr_zero(shorts.size());
  const int long_shift = 64 - std::countr_zero(longs.size());
  for (std::uint32_t rank = 0; rank < tokens.size(); ++rank) {
    const std::string& token = tokens[rank];
    const auto length = static_cast<std::uint32_t>(token.size());
    if (length == 2) pairs[static_cast<unsigned char>(token[0]) * 256u + static_cast<unsigned char>(token[1])] = rank;
    if (length == 0) continue;
    if (length <= 8) {
      const std::uint64_t key = load_partial(token.data(), length);
      const std::uint64_t hash = short_hash(key);
      std::uint64_t slot = hash >> short_shift;
      while (tags[slot] != 0) slot = (slot + 1) % shorts.size();
      tags[slot] = short_tag(hash);
      shorts[slot] = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32),
                      length << kRankBits | rank};
    } else {
      const std::uint64_t hash = long_hash(token.data(), length);
      std::uint64_t slot = hash >> long_shift;
      while (longs[slot].length_and_rank != 0) slot = (slot + 1) % longs.size();
      longs[slot] = {static_cast<std::uint32_t>(hash), starts[rank], length << kRankBits | rank};
    }
  }

  Image image;
  RankTableHeader header{};
  image.append(std::vector<RankTableHeader>{header});
  header.rank_count = static_cast<std::uint32_t>(tokens.size());
  header.max_length = static_cast<std::uint32_t>(max_length);
  header.short_shift = static_cast<std::uint32_t>(short_shift);
  header.long_shift = static_cast<std::uint32_t>(long_shift);
  header.shorts = image.append(shorts);
  header.tags = image.append(tags);
  header.pairs = image.append(pairs);
  header.longs = image.append(longs);
  header.starts = image.append(starts);
  header.bytes = image.append(text);
  pack_merging(tokens, image, header);
  std::memcpy(image.bytes_.data(), &header, sizeof header);
  return image.bytes_;
}

ClassSet class_of(char letter) {
  switch (letter) {
    case 'U':
      return kUpper;
    case 'L':
      return kLower;
    case 'B':
      return kCaseless;
    case 'M':
      return kMark;
    case 'N':
      return kNumber;
    case 'S':
      return kSpace;
    default:
      die(std::string("unknown class ") + letter);
  }
}

std::string pack_classes(std::istream& in) {
  std::vector<ClassSet> classes(0x110000, kOther);
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    unsigned first = 0, last = 0;
    char letter = 0;
    if (!(fields >> std::hex >> first >> last >> letter) || last < first || last >= classes.size())
      die("bad line: " + line);
    std::fill(classes.begin() + first, classes.begin() + last + 1, class_of(letter));
  }
  classes['\r'] = classes['\n'] = kNewline;

  std::map<std::string, std::uint16_t> numbers;
  std::vector<std::uint16_t> block_numbers;
  std::string blocks;
  for (std::size_t first = 0; first < classes.size(); first += kClassBlockSize) {
    const std::string block(reinterpret_cast<const char*>(&classes[first]), kClassBlockSize);
    const auto [entry, is_new] = numbers.emplace(block, static_cast<std::uint16_t>(numbers.size()));
    if (is_new) blocks += block;
    block_numbers.push_back(entry->second);
  }
  std::string image(256, '\0');
  std::copy(classes.begin(), classes.begin() + 128, image.begin());
  image.append(reinterpret_cast<const char*>(block_numbers.data()), block_numbers.size() * 2);
  return image + blocks;
}

}  // namespace
}  // namespace headroom::tokens

int main(int argc, char** argv) {
  using namespace headroom::tokens;
  if (argc != 4) die("usage: pack_ranks ranks|classes INPUT OUTPUT");
  const std::string_view what = argv[1];
  std::ifstream in(argv[2], std::ios::binary);
  if (!in) die(std::string("cannot read ") + argv[2]);
  const std::string image = what == "ranks" ? pack_ranks(read_ranks(in)) : pack_classes(in);
  std::ofstream out(argv[3], std::ios::binary | std::ios::trunc);
  out.write(image.data(), static_cast<std::streamsize>(image.size()));
  out.close();
  if (!out) die(std::string("cannot write ") + argv[3]);
  return 0;
}
