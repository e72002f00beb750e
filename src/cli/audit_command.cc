#include "cli/audit_command.h"

#include <array>
#include <charconv>
#include <deque>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "audit/chain.h"
#include "base/json_document.h"
#include "base/json_writer.h"
#include "cli/table.h"
#include "cli/workspace.h"

namespace headroom::cli {
namespace {

using base::ErrorCode;
using base::JsonDocument;
using base::JsonNode;

base::Result<std::ifstream> open_trail(const Invocation& invocation) {
  const std::string path = audit_path(invocation.options());
  std::ifstream file(path, std::ios::binary);
  if (file) return file;
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return base::fail(ErrorCode::kIo, fmt::format("cannot read {}", path));
  return base::fail(ErrorCode::kNotFound,
                    fmt::format("there is no {}: start the proxy with --audit on to keep an audit trail", path));
}

base::Result<ExitCode> print(const Invocation& invocation, std::string_view text) {
  if (!invocation.console().print(text)) return base::fail(ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

/// What a column shows of a line: a member, or a member of a member.
struct Column {
  std::string_view heading, outer, inner;
  bool right = false;
};
constexpr std::array kColumns{
    Column{"time", "time", ""},
    Column{"caller", "caller", ""},
    Column{"method", "method", ""},
    Column{"path", "path", ""},
    Column{"upstream", "upstream", ""},
    Column{"model", "model", ""},
    Column{"status", "status", "", true},
    Column{"received", "received", "bytes", true},
    Column{"sent", "sent", "bytes", true},
    Column{"answer", "answer", "bytes", true},
};

std::string cell(const JsonDocument& line, const Column& column) {
  const JsonNode* node = line.root().kind == base::JsonKind::kObject ? line.find(line.root(), column.outer) : nullptr;
  if (node != nullptr && !column.inner.empty()) {
    node = node->kind == base::JsonKind::kObject ? line.find(*node, column.inner) : nullptr;
  }
  if (node == nullptr) return {};
  return std::string(node->kind == base::JsonKind::kString ? node->text : node->raw);
}

std::vector<std::string> cells(const std::string& text) {
  std::vector<std::string> row;
  const auto line = JsonDocument::parse(text);
  for (const Column& column : kColumns) row.push_back(line ? cell(*line, column) : std::string());
  return row;
}

base::Result<ExitCode> tail(const Invocation& invocation) {
  const std::string_view text = invocation.get("--lines", "20");
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count == 0) {
    return base::fail(ErrorCode::kInvalidArgument, fmt::format("--lines: '{}' is not a whole number from 1", text));
  }
  auto file = open_trail(invocation);
  if (!file) return std::unexpected(file.error());
  std::deque<std::string> last;
  for (std::string line; std::getline(*file, line);) {
    last.push_back(std::move(line));
    if (last.size() > count) last.pop_front();
  }
  if (invocation.has("--json")) {
    std::string out;
    for (const std::string& line : last) out += line + "\n";
    return print(invocation, out);
  }
  std::vector<Table::Column> columns;
  for (const Column& column : kColumns) columns.push_back({column.heading, column.right});
  Table table(std::move(columns));
  for (const std::string& line : last) table.add(cells(line));
  const Console& console = invocation.console();
  return print(invocation, table.text([&](std::string_view line) { return console.paint(Colour::kBold, line); }));
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

std::string csv_line(const std::vector<std::string>& row) {
  std::string line;
  for (const std::string& text : row) line += (line.empty() ? "" : ",") + csv_cell(text);
  return line;
}

base::Result<ExitCode> export_all(const Invocation& invocation) {
  auto file = open_trail(invocation);
  if (!file) return std::unexpected(file.error());
  const bool csv = invocation.get("--format", "json") == "csv";
  base::Result<ExitCode> printed = ExitCode::kOk;
  if (csv) {
    std::vector<std::string> headings;
    for (const Column& column : kColumns) headings.emplace_back(column.heading);
    printed = print(invocation, csv_line(headings) + "\n");
  }
  for (std::string line; printed && std::getline(*file, line);) {
    printed = print(invocation, (csv ? csv_line(cells(line)) : line) + "\n");
  }
  return printed;
}

base::Result<ExitCode> verify(const Invocation& invocation) {
  auto file = open_trail(invocation);
  if (!file) return std::unexpected(file.error());
  const audit::Verdict verdict = audit::verify(*file, invocation.get("--hash"));
  const bool good = verdict.problem.empty();
  std::string text;
  if (invocation.has("--json")) {
    base::JsonWriter json;
    json.begin_object().member("valid", good).member("lines", verdict.lines).member("last_hash", verdict.last.hash);
    if (!good) json.member("problem", verdict.problem);
    json.end_object();
    text = json.text() + "\n";
  } else if (good) {
    text = fmt::format("{}, all of them as they were written. The last one's hash: {}\n",
                       counted(static_cast<std::int64_t>(verdict.lines), "line"), verdict.last.hash);
  } else {
    text = fmt::format("The trail was tampered with or is damaged. {}\n", verdict.problem);
  }
  auto printed = print(invocation, text);
  if (printed && !good) return ExitCode::kFailure;
  return printed;
}

base::Result<ExitCode> run(const Invocation& invocation) {
  const std::string_view action = invocation.get("ACTION", "tail");
  if (action == "verify") return verify(invocation);
  return action == "export" ? export_all(invocation) : tail(invocation);
}

}  // namespace

CommandSpec audit_command() {
  return {
      .name = "audit",
      .summary = "Show, export or check the audit trail of the proxy.",
      .description =
          "A proxy with --audit on keeps a line for each request: who sent what where, sizes, SHA-256 digests, what "
          "was "
          "decided. No content, unless --audit content asks for it. Each line holds the hash of the one before, so "
          "`verify` finds what was changed, taken out, put in or moved. That lines at the end are missing, or all were "
          "made anew, is found with --hash: a hash that an earlier `verify` has shown and that you kept elsewhere. "
          "`verify` exits with 1 when something does not fit.",
      .args = {{"ACTION", "", "What to do; without it, tail.", {"tail", "export", "verify"}},
               {"--lines", "N", "With tail: how many (20).", {}},
               {"--format",
                "FORMAT",
                "With export: lines of JSON as they are (json), or the main columns (csv).",
                {"json", "csv"}},
               {"--hash", "HASH", "With verify: a line with this hash must be there.", {}},
               {"--json", "", "With tail, lines as they are; with verify, one JSON object.", {}}},
      .config_options = config::kForConfig,
      .examples = {"headroom audit", "headroom audit verify", "headroom audit export --format csv > requests.csv"},
      .run = run,
  };
}

}  // namespace headroom::cli
