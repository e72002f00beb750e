#include "config/resolve.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "config/config_file.h"

namespace headroom::config {
namespace {

using base::ErrorCode;

struct EnvironmentValue {
  std::string_view name;
  std::string text;
};

std::optional<EnvironmentValue> from_environment(const OptionSpec& spec, const Environment& environment) {
  for (std::string_view name : spec.env) {
    if (auto text = environment(name); text && !text->empty()) return EnvironmentValue{name, *std::move(text)};
  }
  return std::nullopt;
}

const FlagValue* from_flags(const OptionSpec& spec, std::span<const FlagValue> flags) {
  const auto found = std::ranges::find(flags, spec.name, &FlagValue::name);
  return found == flags.end() ? nullptr : &*found;
}

/// Applies `text` and notes its origin; an error says whose value it was.
base::Result<void> apply(std::size_t index, std::string_view text, OptionOrigin origin, Resolved& resolved) {
  const OptionSpec& spec = option_table()[index];
  if (auto set = set_option(spec, text, resolved.options); !set) {
    return base::fail(set.error().code, fmt::format("{}: {}", describe(origin), set.error().message));
  }
  resolved.origins[index] = std::move(origin);
  return {};
}

base::Result<void> apply_environment_and_flag(std::size_t index, std::span<const FlagValue> flags,
                                              const Environment& environment, Resolved& resolved) {
  const OptionSpec& spec = option_table()[index];
  if (const FlagValue* flag = from_flags(spec, flags)) {
    return apply(index, flag->text, {Origin::kFlag, fmt::format("--{}", spec.name)}, resolved);
  }
  if (const auto value = from_environment(spec, environment)) {
    return apply(index, value->text, {Origin::kEnvironment, std::string(value->name)}, resolved);
  }
  return {};
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({changed, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row.back();
}

std::string unknown_key_message(const FileSetting& setting) {
  const auto table = option_table();
  const auto nearest = std::ranges::min_element(
      table, {}, [&](const OptionSpec& spec) { return spec.key.empty() ? 999 : edit_distance(setting.key, spec.key); });
  return fmt::format("line {}: unknown setting '{}'; did you mean '{}'? `headroom config` lists them all", setting.line,
                     setting.key, nearest->key);
}

base::Result<void> apply_file(Resolved& resolved) {
  auto settings = read_config_file(resolved.file);
  if (!settings && settings.error().code == ErrorCode::kNotFound) return {};
  if (!settings) return std::unexpected(settings.error());
  resolved.file_found = true;
  const auto table = option_table();
  for (const FileSetting& setting : *settings) {
    const auto spec = std::ranges::find(table, std::string_view(setting.key), &OptionSpec::key);
    if (spec == table.end()) {
      return base::fail(ErrorCode::kInvalidArgument,
                        fmt::format("{}: {}", resolved.file, unknown_key_message(setting)));
    }
    const auto index = static_cast<std::size_t>(spec - table.begin());
    OptionOrigin origin{Origin::kFile, fmt::format("{}:{} {}", resolved.file, setting.line, setting.key)};
    if (auto applied = apply(index, setting.text, std::move(origin), resolved); !applied) return applied;
  }
  return {};
}

std::string home_dir(const Environment& environment) {
  if (auto home = environment("HOME"); home && !home->empty()) return *std::move(home);
  return ".";
}

std::string expand_home(std::string path, const Environment& environment) {
  if (path == "~" || path.starts_with("~/")) path.replace(0, 1, home_dir(environment));
  return path;
}

Origin origin_of(const Resolved& resolved, std::string_view name) {
  const auto table = option_table();
  const auto found = std::ranges::find(table, name, &OptionSpec::name);
  return resolved.origins[static_cast<std::size_t>(found - table.begin())].origin;
}

/// --lossless is an older way to say --profile lossless; what is said closer to the command counts.
void settle_profile(Resolved& resolved) {
  Options& options = resolved.options;
  const Origin older = origin_of(resolved, "lossless");
  if (older != Origin::kDefault && older >= origin_of(resolved, "profile")) {
    if (options.lossless) options.profile = "lossless";
    if (!options.lossless && options.profile == "lossless") options.profile = "balanced";
  }
  options.lossless = options.profile == "lossless";
}

}  // namespace

Environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

base::Result<Resolved> resolve(std::span<const FlagValue> flags, const Environment& environment) {
  const auto table = option_table();
  Resolved resolved;
  resolved.origins.resize(table.size());
  resolved.flags.assign(flags.begin(), flags.end());
  // The folders come first: they say where the file is. The file may still name another workspace.
  Resolved folders = resolved;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].name != "workspace-dir" && table[i].name != "config-dir") continue;
    if (auto applied = apply_environment_and_flag(i, flags, environment, folders); !applied) {
      return std::unexpected(applied.error());
    }
  }
  const std::string default_workspace = home_dir(environment) + "/.headroom";
  std::string workspace = folders.options.workspace_dir.empty() ? default_workspace : folders.options.workspace_dir;
  workspace = expand_home(std::move(workspace), environment);
  std::string config_dir =
      folders.options.config_dir.empty() ? workspace + "/config" : expand_home(folders.options.config_dir, environment);
  resolved.file = config_dir + "/config.toml";
  if (auto applied = apply_file(resolved); !applied) return std::unexpected(applied.error());
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (auto applied = apply_environment_and_flag(i, flags, environment, resolved); !applied) {
      return std::unexpected(applied.error());
    }
  }
  settle_profile(resolved);
  Options& options = resolved.options;
  options.workspace_dir =
      options.workspace_dir.empty() ? default_workspace : expand_home(options.workspace_dir, environment);
  options.config_dir = std::move(config_dir);
  options.models_dir = options.models_dir.empty() ? options.workspace_dir + "/models"
                                                  : expand_home(std::move(options.models_dir), environment);
  return resolved;
}

std::string describe(const OptionOrigin& origin) {
  switch (origin.origin) {
    case Origin::kFlag:
      return fmt::format("flag {}", origin.detail);
    case Origin::kEnvironment:
      return fmt::format("environment {}", origin.detail);
    case Origin::kFile:
      return fmt::format("file {}", origin.detail);
    case Origin::kDefault:
      break;
  }
  return "default";
}

}  // namespace headroom::config
