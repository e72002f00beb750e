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

Tree parse_from(const Language& language, const TSTree* old, std::string_view text, base::Deadline deadline) {
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
  return Tree(ts_parser_parse_with_options(parser.get(), old, input, options));
}

}  // namespace

Tree parse(const Language& language, std::string_view text, base::Deadline deadline) {
  return parse_from(language, nullptr, text, deadline);
}

Tree parse_again(const Language& language, Tree old, std::span<const Replacement> replacements, std::string_view text,
                 base::Deadline deadline) {
  // From the end, so that what is ahead keeps its place.
  for (std::size_t i = replacements.size(); i-- > 0;) {
    const Replacement& r = replacements[i];
    TSInputEdit edit{};
    edit.start_byte = r.from;
    edit.old_end_byte = r.to;
    edit.new_end_byte = r.from + r.bytes;
    edit.start_point = {r.first_row, 0};
    edit.old_end_point = {r.last_row + 1, 0};
    edit.new_end_point = {r.first_row + 1, 0};
    ts_tree_edit(old.get(), &edit);
  }
  return parse_from(language, old.get(), text, deadline);
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
