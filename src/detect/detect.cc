#include "detect/detect.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/json_cut.h"
#include "base/text.h"
#include "detect/blame_shape.h"
#include "detect/code_shape.h"
#include "detect/command_rules.h"
#include "detect/config_shape.h"
#include "detect/cuts.h"
#include "detect/diff_shape.h"
#include "detect/dump_shape.h"
#include "detect/file_type.h"
#include "detect/gutter.h"
#include "detect/html_shape.h"
#include "detect/json_extent.h"
#include "detect/line_shape.h"
#include "detect/option_list_shape.h"
#include "detect/prose_shape.h"
#include "detect/record_shape.h"
#include "detect/search_shape.h"
#include "detect/settings_listing.h"
#include "detect/table_shape.h"
#include "detect/tool_call.h"
#include "detect/xml_shape.h"

namespace headroom::detect {
namespace {

constexpr std::size_t kSample = std::size_t{64} << 10;

/// "[{'id': 1, ...}]", "[(1, 'a'), ...]": lists and dicts as a Python program prints them. Whether it is one is found
/// out by whoever reads it.
bool opens_as_python(std::string_view body) {
  static constexpr std::size_t kGlance = 300;
  std::string_view head = body.substr(0, kGlance);
  if (head.starts_with('[')) head.remove_prefix(std::min(head.find_first_not_of(" \n", 1), head.size()));
  if (head.size() < 2) return false;
  const char close = body[body.size() - (body.back() == ']' && body.front() == '[' ? 2 : 1)];
  if (head.starts_with("{'")) return close == '}' && head.find("':") != std::string_view::npos;
  const bool tuple = head.front() == '(' && (head[1] == '\'' || head[1] == '-' || (head[1] >= '0' && head[1] <= '9') ||
                                             std::string_view("NTFDdU").find(head[1]) != std::string_view::npos);
  return tuple && close == ')' && head.find(", ") != std::string_view::npos;
}

/// Nearly all lines are a member, an item or a bracket of JSON that is laid out.
bool is_json_by_lines(std::string_view body) {
  static constexpr std::size_t kFewest = 12;
  std::size_t filled = 0, fit = 0, members = 0;
  for (std::string_view line : base::split_lines(body.substr(0, kSample))) {
    line = base::trim(line);
    if (line.empty()) continue;
    ++filled;
    const bool member = line.front() == '"' && line.find("\": ") != std::string_view::npos;
    members += member;
    fit += member || line.front() == '"' || line.find_first_not_of("{}[],") == std::string_view::npos ||
           line.find_first_not_of("-+.,eE0123456789") == std::string_view::npos;
  }
  return filled >= kFewest && fit * 20 >= filled * 19 && members * 4 >= filled;
}

/// Text that starts like JSON and ends like it. Whether it parses is found out by whoever reads it.
Detection json_outline(std::string_view text) {
  const std::string_view body = base::trim(text);
  if (body.size() < 2) return {};
  const bool object = body.front() == '{' && body.back() == '}';
  const bool array = body.front() == '[' && body.back() == ']';
  if ((body.front() == '{' || body.front() == '[') && (!object && !array)) {
    if (const auto cut = base::find_cut(body))
      return {ContentType::kJson, 0.9, fmt::format("JSON that is cut off in item {} of an array", cut->items)};
    if (is_json_by_lines(body)) return {ContentType::kConfig, 0.85, "JSON that is cut off, a member a line"};
  }
  if (!object && !array) return {};
  // '[' also opens log lines ("[INFO] ..."); JSON arrays go on with a value.
  const std::size_t next = body.find_first_not_of(" \t\r\n", 1);
  static constexpr std::string_view kValueStart = "{[\"-0123456789tfn]";
  if (opens_as_python(body)) return {ContentType::kJson, 0.8, "opens and closes as a list or dict of Python"};
  if (object && body[next] != '"' && body[next] != '}') return {};
  if (array && kValueStart.find(body[next]) == std::string_view::npos) return {};
  // So do lines that begin with a time in brackets.
  std::size_t looked = 0;
  const std::size_t end = array ? json_extent(body.substr(0, 256), 0, looked) : std::string_view::npos;
  const std::size_t more = end == std::string_view::npos ? end : body.find_first_not_of(" \t\r", end);
  if (more != std::string_view::npos && std::string_view("\n[{,").find(body[more]) == std::string_view::npos) return {};
  const std::vector<std::string_view> lines = base::split_lines(body.substr(0, kSample));
  const auto objects = std::ranges::count_if(lines, [](std::string_view line) { return is_json_line(line); });
  const auto blank = std::ranges::count_if(lines, [](std::string_view line) { return base::trim(line).empty(); });
  if (objects >= 2 && objects + blank + 1 >= std::ssize(lines)) {
    return {ContentType::kNdjson, 0.95, fmt::format("{} lines that are JSON values each", objects)};
  }
  return {ContentType::kJson, 0.95, object ? "opens and closes as a JSON object" : "opens and closes as a JSON array"};
}

/// Numbers alone have no lines that could be numbered.
bool has_letters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  });
}

bool is_binary(std::string_view text) {
  const std::string_view head = text.substr(0, 4096);
  const auto control = std::ranges::count_if(head, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0 || (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' && byte != 0x1B && byte != '\f' &&
                         byte != '\b');
  });
  return control * 50 > std::ssize(head);
}

/// "   1:  45481  39658768  [B": the numbers count the rows of a ranking, whose next cells are figures.
bool ranks_figures(const std::vector<std::string_view>& lines) {
  std::size_t numbered = 0, figures = 0;
  for (std::string_view line : lines) {
    line = base::trim(line);
    const auto digits = [&] {
      std::size_t n = 0;
      while (n < line.size() && line[n] >= '0' && line[n] <= '9') ++n;
      return n;
    };
    const std::size_t number = digits();
    if (number == 0) continue;
    line.remove_prefix(number);
    if (!line.empty() && std::string_view(":.|").find(line.front()) != std::string_view::npos) line.remove_prefix(1);
    ++numbered;
    int cells = 0;
    for (; cells < 2; ++cells) {
      line = base::trim(line);
      const std::size_t cell = digits();
      if (cell == 0 || (cell < line.size() && line[cell] != ' ' && line[cell] != '\t')) break;
      line.remove_prefix(cell);
    }
    figures += cells == 2;
  }
  return numbered > 0 && figures * 10 >= numbered * 9;
}

/// A file is what its name says, unless its lines say otherwise aloud.
Detection by_name(std::string_view text, std::string_view path) {
  const ContentType type = content_type_of_path(path);
  switch (type) {
    case ContentType::kCode:
    case ContentType::kProse:
    case ContentType::kConfig:
    case ContentType::kLog:
    case ContentType::kTable:
      break;
    default:
      return {};
  }
  const std::vector<std::string_view> lines = base::split_lines(text.substr(0, kSample));
  const auto hunks = std::ranges::count_if(lines, [](std::string_view line) { return line.starts_with("@@ -"); });
  if (hunks > 0 && type != ContentType::kProse) return {};
  const std::size_t slash = path.find_last_of("/\\");
  return {type, 0.9, fmt::format("the file is {}", slash == std::string_view::npos ? path : path.substr(slash + 1))};
}

/// How many of the lines are what somebody wrote for a machine, whatever the language: source, or markup.
struct Written {
  std::size_t source = 0, markup = 0;
};

Written count_written(const std::vector<std::string_view>& lines) {
  static constexpr std::array<std::string_view, 9> kStarts = {"#define", "#include ", "#if",  "#endif", "#undef ",
                                                              "import ", "from ",     "def ", "class "};
  Written n;
  for (std::string_view line : lines) {
    line = base::trim(line);
    if (line.empty()) continue;
    n.markup += line.starts_with('<') && line.ends_with('>');
    const bool quoted = (line.starts_with('"') || line.starts_with('\'')) && line.ends_with(',');
    const bool starts = std::ranges::any_of(kStarts, [&](std::string_view word) { return line.starts_with(word); });
    n.source += quoted || starts || line.ends_with(';') || line.ends_with('{') || line == "}";
  }
  return n;
}

Detection by_lines(std::string_view text, const std::vector<std::string_view>& lines, const ShapeCounts& counts,
                   const Hints& hints) {
  if (counts.lines == 0) return {ContentType::kOther, 1, "no text"};
  const double n = static_cast<double>(counts.lines);
  if (counts.diff_hunks > 0 && (counts.diff_files > 0 || counts.diff_hunks >= 2)) {
    return {ContentType::kDiff, 0.95, fmt::format("{} diff hunks", counts.diff_hunks)};
  }
  if (auto diff = diff_shape(lines)) return *std::move(diff);
  if (auto manual = manual_shape(lines)) return *std::move(manual);
  if (auto reference = reference_shape(lines)) return *std::move(reference);
  if (auto blamed = blame_shape(lines)) return *std::move(blamed);
  if (auto options = option_list_shape(lines)) return *std::move(options);
  if (auto search = search_shape(lines, hints)) return *std::move(search);
  if (auto folder = folder_shape(lines)) return *std::move(folder);
  // A dump of a database is a record of rows, not source.
  const auto inserts =
      std::ranges::count_if(lines, [](std::string_view line) { return line.starts_with("INSERT INTO "); });
  if (inserts >= 20 && static_cast<double>(inserts) / n > 0.6)
    return {ContentType::kLog, 0.66, fmt::format("{} of {} lines insert rows", inserts, counts.lines)};
  const bool reports = counts.strong_tool_lines > 0 || counts.level_lines / n > 0.15 || counts.diagnostics / n > 0.1;
  if (auto labelled = labelled_shape(lines)) return *std::move(labelled);
  const auto settings = reports ? std::nullopt : read_settings(lines);
  if (settings) return {ContentType::kConfig, 0.85, fmt::format("{} settings", settings->settings.size())};
  if (auto code = code_shape(lines, reports)) return *std::move(code);
  if (auto config = config_shape(lines)) return *std::move(config);
  if (!reports && is_nested_listing(lines)) return {ContentType::kConfig, 0.8, "settings in blocks of settings"};
  if (auto records = record_shape(lines)) return *std::move(records);
  if (counts.level_lines / n < 0.5) {
    if (auto table = table_shape(text.substr(0, kSample), lines)) return *std::move(table);
  }
  if (auto prose = prose_shape(lines)) return *std::move(prose);
  const Written written = count_written(lines);
  if (written.markup / n > 0.6) {
    const bool opens = base::trim(text).starts_with('<') && !base::contains_ci(text.substr(0, 2000), "<!doctype html");
    return {opens ? ContentType::kXml : ContentType::kOther, 0.4, "lines of markup"};
  }
  const double logish = counts.log_or_tool_lines / n;
  const double codish = counts.code_lines / n;
  if (counts.numbered > 0.8 * n && counts.numbered_zero < 2 && has_letters(text.substr(0, kSample)) &&
      !ranks_figures(lines)) {
    return {ContentType::kCode, 0.7, "lines carry line numbers, as a file viewer prints them"};
  }
  // Diagnostics quote source, so a few lines that only tools print weigh more than lines that look like code.
  if (counts.lines >= 3 && (logish > 0.25 || (logish > 0.04 && codish < 0.3) || counts.strong_tool_lines > 0)) {
    return {ContentType::kLog, std::min(1.0, 0.5 + logish),
            fmt::format("{} of {} lines look like log or tool output", counts.log_or_tool_lines, counts.lines)};
  }
  if (counts.lines >= 3 && codish > 0.3)
    return {ContentType::kCode, codish, fmt::format("{} of {} lines look like code", counts.code_lines, counts.lines)};
  const std::size_t repeated = counts.lines >= 20 ? count_repeated_shapes(lines) : 0;
  if (static_cast<double>(repeated) / n > 0.6) {
    // Headers and tables of constants repeat their shapes as well, and are no record of anything.
    if (written.source / n > 0.4) return {ContentType::kCode, 0.4, "lines of source that repeat a shape"};
    return {ContentType::kLog, 0.5, fmt::format("{} of {} lines repeat a shape", repeated, counts.lines)};
  }
  if (auto rows = row_shape(lines)) return *std::move(rows);
  // A paragraph a line, and too few lines to count.
  if (counts.lines < 6 && count_prose_bytes(lines) * 10 > text.substr(0, kSample).size() * 7) {
    return {ContentType::kProse, 0.6, "paragraphs"};
  }
  if (static_cast<double>(count_config_lines(lines)) / n > 0.7) return {ContentType::kConfig, 0.7, "key/value lines"};
  if (auto numbers = numbers_shape(lines)) return *std::move(numbers);
  if (auto keywords = keyword_shape(lines)) return *std::move(keywords);
  if (auto words = wordy_shape(lines)) return *std::move(words);
  return {ContentType::kOther, 0.3, "no known shape"};
}

/// Whether what the lines look like gives way to what the command prints usually.
bool yields(const Detection& found, ContentType usual) {
  switch (found.type) {
    case ContentType::kJson:
    case ContentType::kNdjson:
    case ContentType::kDiff:
    case ContentType::kHtml:
    case ContentType::kXml:
    case ContentType::kBinary:
      return false;
    default:
      break;
  }
  switch (usual) {
    case ContentType::kJson:
    case ContentType::kDiff:
    case ContentType::kHtml:
    case ContentType::kXml:
      return false;  // look like themselves, or are something else
    case ContentType::kSearch:
      return true;  // a list of paths looks like many things
    default:
      break;
  }
  if (found.type == ContentType::kCode || found.type == ContentType::kLog) return found.confidence < 0.65;
  // "kubectl get -o yaml": keys that nest are no rows.
  if (found.type == ContentType::kConfig && usual == ContentType::kTable) return found.confidence < 0.85;
  if (found.type == ContentType::kConfig) return found.confidence < 0.8;
  return found.type != ContentType::kTable && found.type != ContentType::kSearch;
}

/// Paths behind figures that differ, as sizes do: such a list is asked about its figures, too.
bool lists_measures(std::string_view text) {
  std::size_t lines = 0, rows = 0;
  std::array<std::set<std::string_view>, 12> figures;
  for (std::string_view line : base::split_lines(text.substr(0, kSample))) {
    line = base::trim(line);
    if (line.empty()) continue;
    ++lines;
    std::size_t fields = 0;
    bool path = false, figure = false;
    for (std::size_t at = 0; at < line.size();) {
      const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
      const std::string_view field = line.substr(at, end - at);
      path = field.find_first_of("./") != std::string_view::npos && field.find(':') == std::string_view::npos;
      const bool number = std::ranges::all_of(field, [](char c) { return c >= '0' && c <= '9'; });
      if (number && fields < figures.size()) {
        figures[fields].insert(field);
        figure = true;
      }
      ++fields;
      at = std::min(line.find_first_not_of(" \t", end), line.size());
    }
    rows += fields >= 2 && path && figure;
  }
  const bool differ = std::ranges::any_of(figures, [&](const auto& column) { return column.size() * 4 > lines; });
  return lines >= 8 && rows * 10 >= lines * 8 && differ;
}

/// "psql --help=variables", "rustc --explain E0502": says how the command is used, or what it means, and nothing of
/// what it prints usually.
bool asks_for_help(std::string_view command) {
  for (std::size_t at = 0; at < command.size();) {
    const std::size_t end = std::min(command.find_first_of(" \t;|&\n", at), command.size());
    const std::string_view word = command.substr(at, end - at);
    if (word == "--help" || word == "--explain" || word.starts_with("--help=") || word.starts_with("--help-"))
      return true;
    at = end + 1;
  }
  return false;
}

/// What the command that printed the text prints usually, where the lines leave that open.
Detection by_command(std::string_view text, const Hints& hints, const Detection& found) {
  if (hints.tool_arguments.empty()) return {};
  const ToolCall call = read_tool_call(hints.tool_name, hints.tool_arguments);
  if (call.command.empty() || prints_file(call) || asks_for_help(call.command)) return {};
  ContentType type = ContentType::kOther;
  for (const CommandRule* rule : rules_for_line(call.command)) {
    if (rule->type == ContentType::kOther) continue;
    if (type != ContentType::kOther && type != rule->type) return {};
    type = rule->type;
  }
  if (type == ContentType::kOther || type == found.type || !yields(found, type)) return {};
  if (type == ContentType::kSearch && lists_measures(text)) {
    if (found.type == ContentType::kLog || found.type == ContentType::kTable) return {};
    return {ContentType::kLog, 0.5, "paths behind figures"};
  }
  return {type, 0.5, fmt::format("the command prints {}", content_type_name(type))};
}

/// Where the lines leave it open, a call that names a source file, and neither searches nor runs anything, shows it.
Detection by_named_file(const Hints& hints, const Detection& found) {
  if (hints.tool_arguments.empty() || (found.type != ContentType::kOther && found.type != ContentType::kProse))
    return {};
  const ToolCall call = read_tool_call(hints.tool_name, hints.tool_arguments);
  if (!call.command.empty() || !call.pattern.empty()) return {};
  const std::string& named = call.path.empty() ? call.url : call.path;
  if (content_type_of_path(named) != ContentType::kCode) return {};
  return {ContentType::kCode, 0.6, "the call names a source file"};
}

Detection detect_plain(std::string_view text, const Hints& hints) {
  if (is_binary(text)) return {ContentType::kBinary, 0.9, "control bytes"};
  if (is_search_matches(text)) return {ContentType::kSearch, 0.95, "finds as elements with path and line"};
  if (is_search_events(text)) return {ContentType::kSearch, 0.95, "hits of ripgrep as JSON lines"};
  if (Detection json = json_outline(text); json.type != ContentType::kOther) return json;
  if (auto xml = declared_xml(text)) return *std::move(xml);
  if (Detection html = html_shape(text); html.type != ContentType::kOther) {
    // Documents in Markdown often open with a title in HTML.
    if (html.confidence >= 0.9) return html;
    auto document = prose_shape(base::split_lines(text.substr(0, kSample)));
    if (!document || document->confidence < 0.85) return html;
    return *std::move(document);
  }
  if (auto xml = xml_shape(text)) return *std::move(xml);
  if (is_database_dump(text)) return {ContentType::kLog, 0.9, "a dump of a database"};
  if (Detection named = by_name(text, hints.path); named.type != ContentType::kOther) return named;
  if (opens_as_script(text)) return {ContentType::kCode, 0.9, "opens with its interpreter"};
  const std::vector<std::string_view> lines = base::split_lines(text.substr(0, kSample));
  Detection found = by_lines(text, lines, count_shapes(lines), hints);
  if (Detection told = by_command(text, hints, found); told.type != ContentType::kOther) return told;
  if (Detection told = by_named_file(hints, found); told.type != ContentType::kOther) return told;
  return found;
}

/// What the largest of the files is that stand in the text with their line numbers; nullopt: there are none.
std::optional<Detection> numbered_file(std::string_view text, const Hints& hints) {
  const Cuts files = find_numbered_files(text);
  if (files.empty()) return std::nullopt;
  const Cut& largest = *std::ranges::max_element(files, {}, [](const Cut& cut) { return cut.end - cut.begin; });
  Hints of_file = hints;
  if (hints.path.empty()) of_file.path = largest.path;
  Detection inside = detect(text.substr(largest.begin, largest.end - largest.begin), of_file);
  inside.reason += ", among other lines";
  return inside;
}

}  // namespace

Detection detect(std::string_view text, const Hints& hints) {
  static constexpr std::size_t kGlance = 2048;
  const std::size_t line = text.find('\n', std::min(text.size(), kGlance));
  const auto numbered = read_numbered(text.substr(0, line)) ? read_numbered(text) : std::nullopt;
  if (numbered && has_letters(numbered->text)) {
    Detection inside = detect_plain(numbered->text, hints);
    if (inside.type == ContentType::kOther) inside = {ContentType::kCode, 0.7, "no known shape"};
    inside.reason += ", behind line numbers";
    return inside;
  }
  if (!numbered && !text.starts_with('{')) {
    if (auto file = numbered_file(text, hints)) return *std::move(file);
  }
  return detect_plain(text, hints);
}

std::vector<Detection> second_guesses(std::string_view text, const Detection& first) {
  std::vector<Detection> guesses;
  if (first.type == ContentType::kBinary) return guesses;
  // What its name says is source stays source: lines of it that look like a log's are quoted there.
  if (first.type == ContentType::kCode && first.confidence >= 0.9) return guesses;
  // Rows that stay are all asked for.
  const auto add = [&](Detection guess) {
    const bool known = guess.type == first.type || guess.type == ContentType::kOther ||
                       std::ranges::find(guesses, guess.type, &Detection::type) != guesses.end();
    if (!known) guesses.push_back(std::move(guess));
  };
  if (first.type == ContentType::kTable) return guesses;
  const std::vector<std::string_view> lines = base::split_lines(text.substr(0, kSample));
  const ShapeCounts counts = count_shapes(lines);
  add(by_lines(text, lines, counts, {}));
  // Source and settings are no records of something that happened; leaving out lines of them would mislead. Finds that
  // stay are all asked for.
  if (first.type == ContentType::kCode || first.type == ContentType::kConfig || first.type == ContentType::kSearch ||
      counts.lines < 20)
    return guesses;
  const double n = static_cast<double>(counts.lines);
  const Written written = count_written(lines);
  const bool repeats = written.markup / n <= 0.5 && written.source / n <= 0.4 &&
                       static_cast<double>(count_repeated_shapes(lines)) / n > 0.6;
  if (repeats || counts.log_or_tool_lines / n > 0.25) {
    add({ContentType::kLog, 0.4, "second guess: lines that repeat a shape"});
  }
  return guesses;
}

}  // namespace headroom::detect
