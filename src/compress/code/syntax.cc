#include "compress/code/syntax.h"

#include <cstdint>

namespace headroom::compress::code {
namespace {

constexpr std::size_t kLargest = std::size_t{16} << 20;
/// The parser reports every hundred steps. Real sources take about one report for 30 to 200 bytes.
constexpr std::size_t kReportsAtLeast = 2000;
constexpr std::size_t kBytesPerReport = 16;

struct ParserDeleter {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};

struct Progress {
  base::Deadline deadline;
  std::size_t reports_left = 0;
};

const char* read_text(void* payload, std::uint32_t byte, TSPoint, std::uint32_t* size) {
  const auto& text = *static_cast<const std::string_view*>(payload);
  if (byte >= text.size()) {
    *size = 0;
    return "";
  }
  *size = static_cast<std::uint32_t>(text.size() - byte);
  return text.data() + byte;
}

/// True stops the parser.
bool too_long(TSParseState* state) {
  auto& progress = *static_cast<Progress*>(state->payload);
  if (progress.reports_left == 0) return true;
  --progress.reports_left;
  return progress.reports_left % 16 == 0 && progress.deadline.expired();
}

}  // namespace

Tree parse(const Language& language, std::string_view text, base::Deadline deadline) {
  if (text.size() > kLargest || deadline.expired()) return nullptr;
  const std::unique_ptr<TSParser, ParserDeleter> parser(ts_parser_new());
  if (!ts_parser_set_language(parser.get(), language.grammar())) return nullptr;
  Progress progress{deadline, kReportsAtLeast + text.size() / kBytesPerReport};
  TSParseOptions options{};
  options.payload = &progress;
  options.progress_callback = too_long;
  TSInput input{};
  input.payload = &text;
  input.read = read_text;
  input.encoding = TSInputEncodingUTF8;
  return Tree(ts_parser_parse_with_options(parser.get(), nullptr, input, options));
}

std::size_t count_errors(const TSTree& tree) {
  const TSNode root = ts_tree_root_node(&tree);
  if (!ts_node_has_error(root)) return 0;
  std::size_t count = 0;
  TSTreeCursor cursor = ts_tree_cursor_new(root);
  for (bool more = true; more;) {
    const TSNode node = ts_tree_cursor_current_node(&cursor);
    if (ts_node_is_error(node) || ts_node_is_missing(node)) ++count;
    if (ts_node_has_error(node) && ts_tree_cursor_goto_first_child(&cursor)) continue;
    while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
      if (!ts_tree_cursor_goto_parent(&cursor)) {
        more = false;
        break;
      }
    }
  }
  ts_tree_cursor_delete(&cursor);
  return count;
}

}  // namespace headroom::compress::code
