#include "compress/html/recall.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/json/question.h"

namespace headroom::compress::html {
namespace {

constexpr std::size_t kMostPieces = 12;
constexpr std::size_t kLargestPiece = 20'000;  ///< bytes of source
constexpr std::size_t kMostLiterals = 24;

struct Piece {
  std::uint32_t node;
  std::uint64_t words = 0;
  std::uint32_t literals = 0;
  std::size_t size = 0;
};

/// The smallest elements that start and end a line, and what stands beside text: data scripts, meta elements.
class Pieces {
 public:
  Pieces(const Document& document, const json::Question& question) : document_(document), question_(question) {}

  void visit(const Content& content) {
    const std::vector<Node>& nodes = document_.nodes();
    for (std::uint32_t i = 1; i < nodes.size(); ++i) {
      const Node& node = nodes[i];
      if (node.tag == Tag::kScript || node.tag == Tag::kStyle) {
        if (is_data(node)) look_at(i, document_.page().substr(node.from, node.to - node.from), false);
        i = node.end - 1;
      } else if (node.tag == Tag::kImg && content.article) {
        look_at(i, document_.attribute(node, "alt"), false);
      } else if (node.tag == Tag::kMeta) {
        look_at(i, document_.page().substr(node.from, node.to - node.from), false);
      } else if (node.tag == Tag::kText) {
        const std::uint32_t block = block_of(i);
        if (block != current_) {
          finish(content);
          current_ = block;
        }
        text_ += node.text;
        text_ += ' ';
      }
    }
    finish(content);
  }

  std::vector<Piece> outside;  ///< that name something of the question, not in the content
  std::uint32_t kept_literals = 0;
  std::uint64_t kept_words = 0;
  int most_words = 0;  ///< of the question in one piece of the content

 private:
  bool is_data(const Node& node) const {
    return node.tag == Tag::kScript && base::contains_ci(document_.attribute(node, "type"), "json");
  }

  std::uint32_t block_of(std::uint32_t i) const {
    const std::vector<Node>& nodes = document_.nodes();
    std::uint32_t at = nodes[i].parent;
    while (at != 0 && !is_block(nodes[at].tag)) at = nodes[at].parent;
    return at;
  }

  void finish(const Content& content) {
    if (!text_.empty() && !base::trim(text_).empty())
      look_at(current_, text_, content.left_out[current_] == Reason::kNone);
    text_.clear();
  }

  void look_at(std::uint32_t node, std::string_view text, bool kept) {
    Piece piece{.node = node, .size = text.size()};
    const std::string_view head = text.substr(0, kLargestPiece);
    piece.words = question_.user_words_in(head);
    const auto& literals = question_.literals();
    for (std::size_t k = 0; k < std::min(literals.size(), kMostLiterals); ++k) {
      if (text.find(literals[k]) != std::string_view::npos) piece.literals |= 1U << k;
    }
    if (kept) {
      kept_literals |= piece.literals;
      kept_words |= piece.words;
      most_words = std::max(most_words, std::popcount(piece.words));
    } else if ((piece.words != 0 || piece.literals != 0) && text.size() <= kLargestPiece) {
      outside.push_back(piece);
    }
  }

  const Document& document_;
  const json::Question& question_;
  std::uint32_t current_ = 0;
  std::string text_;
};

}  // namespace

std::size_t recall_named(const Document& document, const std::vector<Measure>& measures, const Query& query,
                         Content& content) {
  if (query.user.empty()) return 0;
  const json::Question question(query);
  Pieces pieces(document, question);
  pieces.visit(content);
  // Words first that the content has nowhere, then those pieces that have the most.
  const auto worth = [&](const Piece& piece) {
    const std::uint32_t literals = piece.literals & ~pieces.kept_literals;
    const int fresh = std::popcount(piece.words & ~pieces.kept_words);
    const int more = std::max(0, std::popcount(piece.words) - std::max(pieces.most_words, 1));
    return 4 * std::popcount(literals) + 2 * fresh + more;
  };
  std::vector<std::pair<int, std::uint32_t>> found;  // by worth, then by place
  for (const Piece& piece : pieces.outside) {
    if (const int value = worth(piece); value > 0) found.emplace_back(-value, piece.node);
  }
  std::ranges::sort(found);
  if (found.size() > kMostPieces) found.resize(kMostPieces);
  const std::vector<Node>& nodes = document.nodes();
  for (const auto& [value, node] : found) {
    const bool shown_on_demand = nodes[node].tag == Tag::kMeta || nodes[node].tag == Tag::kImg;
    if (content.left_out[node] == Reason::kNone && !shown_on_demand) continue;
    if (shown_on_demand) content.recalled.push_back(node);
    std::fill(content.left_out.begin() + node, content.left_out.begin() + nodes[node].end, Reason::kNone);
    content.kept_text += measures[node].text;
  }
  std::ranges::sort(content.recalled);
  return found.size();
}

}  // namespace headroom::compress::html
