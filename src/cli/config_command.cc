#include "cli/config_command.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/table.h"
#include "config/options_doc.h"

namespace headroom::cli {
namespace {

std::string settings_json(const config::Resolved& resolved) {
  base::JsonWriter json;
  json.begin_object().member("file", resolved.file).member("file_found", resolved.file_found);
  json.key("settings").begin_array();
  const auto table = config::option_table();
  for (std::size_t i = 0; i < table.size(); ++i) {
    json.begin_object()
        .member("name", table[i].name)
        .member("key", table[i].key)
        .member("type", config::option_type_name(table[i]))
        .member("value", config::shown_text(table[i], resolved.options))
        .member("default", config::option_text(table[i], {}))
        .member("origin", config::describe(resolved.origins[i]))
        .key("environment")
        .begin_array();
    for (std::string_view name : table[i].env) json.value(name);
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return json.text() + "\n";
}

std::string settings_table(const config::Resolved& resolved, bool with_origin, const Console& console) {
  std::vector<Table::Column> columns = {{"setting"}, {"value"}};
  if (with_origin) columns.push_back({.heading = "origin", .max_width = 200});
  Table table(std::move(columns));
  const auto specs = config::option_table();
  for (std::size_t i = 0; i < specs.size(); ++i) {
    std::vector<std::string> cells = {std::string(specs[i].name), config::shown_text(specs[i], resolved.options)};
    if (with_origin) cells.push_back(config::describe(resolved.origins[i]));
    table.add(std::move(cells));
  }
  return table.text([&](std::string_view line) { return console.paint(Colour::kBold, line); }) +
         fmt::format("\n  file: {}{}\n", resolved.file, resolved.file_found ? "" : " (there is none)");
}

base::Result<ExitCode> run(const Invocation& invocation) {
  Console& console = invocation.console();
  std::string text;
  if (invocation.get("ACTION") == "docs") {
    text = config::options_markdown();
  } else if (invocation.has("--json")) {
    text = settings_json(invocation.config());
  } else {
    text = settings_table(invocation.config(), invocation.has("--origin"), console);
  }
  if (!console.print(text)) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec config_command() {
  return {
      .name = "config",
      .summary = "Show every setting, its value and where it came from.",
      .description = "",
      .args = {{"ACTION", "", "show (also without it): the settings; docs: the options as Markdown.", {"show", "docs"}},
               {"--origin", "", "Say for each setting where its value came from.", {}},
               {"--json", "", "Write one JSON object.", {}}},
      .config_options = config::kForConfig,
      .examples = {"headroom config show --origin", "HEADROOM_PORT=9000 headroom config --json"},
      .run = run,
  };
}

}  // namespace headroom::cli
