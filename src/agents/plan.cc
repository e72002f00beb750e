#include "agents/plan.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/json_string.h"

namespace headroom::agents {
namespace {

using base::ErrorCode;

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string without_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

/// The upstream of which `value` is the form that the setting wants: "https://x/v1" of "{v1}" is "https://x".
std::string upstream_behind(std::string value, std::string_view form) {
  value = without_slash(std::move(value));
  const std::string_view tail = form == "{v1}" ? "/v1" : form.substr(std::min(form.find('}') + 1, form.size()));
  if (!tail.empty() && value.ends_with(tail)) value.resize(value.size() - tail.size());
  return without_slash(std::move(value));
}

void add_upstream(Routing& routing, std::string_view name, const std::string& url) {
  if (name.empty() || url.empty()) return;
  if (name == "all") {
    for (const std::string_view each : {"anthropic", "openai", "gemini"}) routing.upstreams[std::string(each)] = url;
  } else {
    routing.upstreams.try_emplace(std::string(name), url);
  }
}

/// What the user has pointed the agent at; where that is a proxy of ours already, what that one sends on to.
void chain(Routing& routing, const Situation& situation, std::string_view where, std::string_view upstream,
           std::string_view form, const std::string& value) {
  const bool address = value.starts_with("http://") || value.starts_with("https://");
  if (!address || upstream.empty()) return;
  if (const auto own = situation.own_proxy(value)) {
    for (const auto& [name, url] : *own) {
      if (url.empty() || (upstream != "all" && upstream != name)) continue;
      add_upstream(routing, name, url);
      routing.notes.push_back(
          fmt::format("{} points at a proxy that sends on to {}, and so does this one", where, url));
    }
    return;
  }
  const std::string url = upstream_behind(value, form);
  add_upstream(routing, upstream, url);
  // What wins has been met before.
  if (upstream != "all" && routing.upstreams.at(std::string(upstream)) != url) return;
  const std::string what = fmt::format(" points at {}: the proxy sends on to it", url);
  // A variable that a settings file sets is met twice.
  const bool said = std::ranges::any_of(routing.notes, [&](const std::string& note) { return note.ends_with(what); });
  if (!said) routing.notes.push_back(std::string(where) + what);
}

/// What the user has set a key to. What only we have written counts where a proxy of ours is there, for what that one
/// sends on to; anything else that listens there was never chosen by the user.
std::string chosen_by_user(const Situation& situation, const std::string& before, const std::string& now) {
  return before.empty() && !situation.own_proxy(now) ? std::string() : before.empty() ? now : before;
}

std::string form_of(const FileSetting& setting) {
  if (!setting.value.empty()) return setting.value;
  for (const std::string& word : setting.args) {
    if (word.contains("{v1}")) return "{v1}";
  }
  return setting.format == Format::kToml || setting.path.ends_with("baseURL") ? "{v1}" : "{root}";
}

/// A file of the agent's, as its settings are read.
struct Source {
  std::string file;
  std::string text;
  std::string
      before;  ///< without what `wrap` and `init` of this agent have changed, now or in a run that was cut short
};

base::Result<std::optional<Source>> read_source(const FileSetting& setting, const Description& agent,
                                                const Situation& situation) {
  const auto file = settings_file(setting, agent, situation);
  if (!file || situation.files == nullptr) return std::nullopt;
  const auto state = situation.files->read(*file);
  if (!state) return std::unexpected(state.error());
  Source source{*file, *state ? (*state)->bytes : std::string(), {}};
  source.before = source.text;
  if (situation.journal != nullptr && *state) {
    const auto before = situation.journal->without({"wrap " + agent.name, "init " + agent.name}, *file);
    if (!before) return std::unexpected(before.error());
    source.before = before->value_or("");
  }
  return source;
}

base::Result<std::string> text_at(const FileSetting& setting, const Source& source, std::string_view text,
                                  const KeyPath& path) {
  const auto json = get_key(setting.format, text, path);
  if (!json) return base::fail(json.error().code, fmt::format("{}: {}", source.file, json.error().message));
  if (!*json || !(*json)->starts_with('"')) return std::string();
  return base::decode_json_string(**json).value_or("");
}

/// The setting with {SELECT} filled in; nullopt when the file does not say.
base::Result<std::optional<FileSetting>> selected(const FileSetting& setting, const Source& source) {
  if (setting.select.empty()) return setting;
  const auto chosen = text_at(setting, source, source.text, member_path({setting.select}));
  if (!chosen) return std::unexpected(chosen.error());
  if (chosen->empty()) return std::nullopt;
  FileSetting made = setting;
  const std::string name = "{" + setting.select + "}";
  made.path = replaced(setting.path, name, base::encode_json_string(*chosen));
  for (std::string& word : made.args) word = replaced(word, name, *chosen);
  return made;
}

base::Result<void> add_override(Routing& routing, const FileSetting& raw, const Description& agent,
                                const Situation& situation, std::string_view root) {
  const auto source = read_source(raw, agent, situation);
  if (!source) return std::unexpected(source.error());
  if (!*source) return {};
  const auto setting = selected(raw, **source);
  if (!setting) return std::unexpected(setting.error());
  if (!*setting) return {};
  const auto path = parse_key_path((*setting)->path);
  if (!path) return std::unexpected(path.error());
  const auto value = text_at(**setting, **source, (*source)->text, *path);
  if (!value) return std::unexpected(value.error());
  if (value->empty()) return {};
  const auto before = text_at(**setting, **source, (*source)->before, *path);
  if (!before) return std::unexpected(before.error());
  chain(routing, situation, fmt::format("{} in {}", (*setting)->path, (*source)->file), (*setting)->upstream,
        form_of(**setting), chosen_by_user(situation, *before, *value));
  std::vector<std::string> words;
  for (const std::string& word : (*setting)->args) words.push_back(with_address(word, root));
  // Several files may say the same.
  if (std::ranges::search(routing.args, words).empty()) {
    routing.args.insert(routing.args.end(), words.begin(), words.end());
  }
  return {};
}

/// The paths of all elements that a [name=value] fits, by their places; or the path itself.
base::Result<std::vector<KeyPath>> places(const FileSetting& setting, const Source& source, const KeyPath& path) {
  std::vector<KeyPath> found;
  if (!setting.each) return std::vector<KeyPath>{path};
  const auto where = std::ranges::find(path, Step::Kind::kWhere, &Step::kind);
  const KeyPath list(path.begin(), where);
  const auto json = get_key(setting.format, source.before, list);
  if (!json) return base::fail(json.error().code, fmt::format("{}: {}", source.file, json.error().message));
  if (!*json || where == path.end()) return found;
  const auto doc = base::JsonDocument::parse(**json);
  if (!doc || doc->root().kind != base::JsonKind::kArray) return found;
  std::size_t index = 0;
  for (const base::JsonNode& item : doc->children(doc->root())) {
    if (item.kind == base::JsonKind::kObject && doc->string_member(item, where->key) == where->value) {
      KeyPath one = path;
      one[static_cast<std::size_t>(where - path.begin())] = {Step::Kind::kIndex, {}, {}, index};
      found.push_back(std::move(one));
    }
    ++index;
  }
  return found;
}

/// `keys` may be nullptr: is told how each key stands.
base::Result<void> add_file(Routing& routing, const FileSetting& raw, const Description& agent,
                            const Situation& situation, std::string_view root, std::vector<LiveKey>* keys = nullptr) {
  const auto source = read_source(raw, agent, situation);
  if (!source) return std::unexpected(source.error());
  if (!*source) return {};
  const auto chosen = selected(raw, **source);
  if (!chosen) return std::unexpected(chosen.error());
  if (!*chosen) return {};
  const FileSetting& setting = **chosen;
  const auto path = parse_key_path(setting.path);
  if (!path) return std::unexpected(path.error());
  const auto all = places(setting, **source, *path);
  if (!all) return std::unexpected(all.error());
  for (const KeyPath& one : *all) {
    const auto before = text_at(setting, **source, (*source)->before, one);
    if (!before) return std::unexpected(before.error());
    const auto value = text_at(setting, **source, (*source)->text, one);
    if (!value) return std::unexpected(value.error());
    if (!setting.select.empty() && before->empty()) continue;
    chain(routing, situation, fmt::format("{} in {}", key_path_text(one), (*source)->file), setting.upstream,
          setting.value, chosen_by_user(situation, *before, *value));
    if (keys != nullptr) {
      const auto real = situation.files->real_path((*source)->file);
      if (!real) return std::unexpected(real.error());
      keys->push_back({*real, *before, *value});
    }
    const KeyEdit edit{setting.format, one, base::encode_json_string(with_address(setting.value, root))};
    const auto known = std::ranges::find(routing.files, (*source)->file, &FileEdits::file);
    if (known == routing.files.end()) {
      routing.files.push_back({(*source)->file, {edit}, std::nullopt});
    } else {
      known->keys.push_back(edit);
    }
  }
  add_upstream(routing, setting.upstream, setting.default_upstream);
  return {};
}

void add_env(Routing& routing, const EnvSetting& setting, const Situation& situation, std::string_view root) {
  if (!applies(setting, situation)) return;
  const std::string before = situation.variable(setting.name).value_or("");
  if (!before.empty()) chain(routing, situation, setting.name, setting.upstream, setting.value, before);
  add_upstream(routing, setting.upstream, setting.default_upstream);
  if (!before.empty() && setting.keep) {
    if (setting.value.contains("{")) {
      routing.notes.push_back(fmt::format("{} is set already and stays as it is", setting.name));
    }
    return;
  }
  routing.env.emplace_back(setting.name, with_address(setting.value, root));
}

}  // namespace

bool Situation::holds(std::string_view condition) const {
  if (condition.starts_with("--")) return std::ranges::find(flags, condition) != flags.end();
  const std::size_t equals = condition.find('=');
  const std::string value = variable(condition.substr(0, equals)).value_or("");
  if (equals != std::string_view::npos) return value.starts_with(condition.substr(equals + 1));
  return !value.empty() && value != "0" && value != "false";
}

Situation with_variables_of(const Description& agent, const Situation& situation) {
  std::map<std::string, std::string, std::less<>> set;
  for (const VariablesPlace& place : agent.variables) {
    FileSetting setting;
    setting.file = place.file;
    const auto path = parse_key_path(place.path);
    const auto source = path ? read_source(setting, agent, situation) : std::nullopt;
    if (!source || !*source) continue;
    const auto json = get_key(place.format, (*source)->before, *path);
    const auto doc = json && *json ? base::JsonDocument::parse(**json) : base::JsonDocument::parse("{}");
    if (!doc || doc->root().kind != base::JsonKind::kObject) continue;
    for (const base::JsonNode& one : doc->children(doc->root())) set.try_emplace(std::string(one.key), one.text);
  }
  Situation made = situation;
  if (set.empty()) return made;
  made.variable = [set = std::move(set), before = situation.variable](std::string_view name) {
    const auto found = set.find(name);
    return found == set.end() ? before(name) : std::optional(found->second);
  };
  return made;
}

namespace {

bool holds(const std::string& when, const std::vector<std::string>& unless, const Situation& situation) {
  if (!when.empty() && !situation.holds(when)) return false;
  return std::ranges::none_of(unless, [&](const std::string& one) { return situation.holds(one); });
}

}  // namespace

bool applies(const EnvSetting& setting, const Situation& situation) {
  return holds(setting.when, setting.unless, situation);
}

bool applies(const FileSetting& setting, const Situation& situation) {
  return holds(setting.when, setting.unless, situation);
}

std::string with_address(std::string_view value, std::string_view root) {
  return replaced(replaced(std::string(value), "{root}", root), "{v1}", std::string(root) + "/v1");
}

std::optional<std::string> filled_in(std::string_view text, const Situation& situation) {
  std::string out;
  if (text.starts_with("~/")) {
    out = situation.home;
    text.remove_prefix(1);
  } else if (text.starts_with('$')) {
    const std::size_t end = std::min(text.find('/'), text.size());
    const auto value = situation.variable(text.substr(1, end - 1));
    if (!value || value->empty()) return std::nullopt;
    out = without_slash(*value);
    text.remove_prefix(end);
  }
  return out + std::string(text);
}

std::string home_of(const Description& agent, const Situation& situation) {
  std::string last;
  for (const std::string& one : agent.homes) {
    const auto folder = filled_in(one, situation);
    if (!folder) continue;
    last = *folder;
    // A folder that a variable of the agent's own names counts even when it is not there yet.
    const bool named = one.starts_with('$') && !one.starts_with("$XDG_");
    const bool there = situation.files != nullptr && situation.files->is_folder(last).value_or(false);
    if (named || there) return last;
  }
  return last;
}

std::optional<std::string> settings_file(const FileSetting& setting, const Description& agent,
                                         const Situation& situation) {
  return filled_in(replaced(setting.file, "{home}", home_of(agent, situation)), situation);
}

std::optional<McpEntry> mcp_entry(const Description& agent, const Situation& situation, std::string_view program) {
  if (!agent.mcp) return std::nullopt;
  const auto path = parse_key_path(agent.mcp->path);
  if (!path) return std::nullopt;
  std::string inner = base::encode_json_string(program);
  inner = inner.substr(1, inner.size() - 2);
  const std::string value = replaced(agent.mcp->value, "{headroom}", inner);
  for (const std::string& file : agent.mcp->files) {
    const auto full = filled_in(replaced(file, "{home}", home_of(agent, situation)), situation);
    if (full) return McpEntry{*full, {agent.mcp->format, *path, value}};
  }
  return std::nullopt;
}

base::Result<Routing> wrap_routing(const Description& agent, const Situation& given, std::string_view root) {
  const Situation situation = with_variables_of(agent, given);
  Routing routing;
  for (const std::string& word : agent.args) routing.args.push_back(with_address(word, root));
  for (const bool weak : {false, true}) {
    for (const FileSetting& setting : agent.overrides) {
      if (setting.weak != weak) continue;
      if (auto done = add_override(routing, setting, agent, situation, root); !done) {
        return std::unexpected(done.error());
      }
    }
    if (weak) continue;
    for (const EnvSetting& setting : agent.env) add_env(routing, setting, situation, root);
  }
  for (const FileSetting& setting : agent.files) {
    if (auto done = add_file(routing, setting, agent, situation, root); !done) return std::unexpected(done.error());
  }
  for (const std::string& line : agent.guide) routing.notes.push_back(with_address(line, root));
  return routing;
}

base::Result<LiveRouting> live_routing(const Description& agent, const Situation& given, std::string_view root) {
  const auto routing = wrap_routing(agent, given, root);
  if (!routing) return std::unexpected(routing.error());
  const Situation situation = with_variables_of(agent, given);
  Routing files;
  LiveRouting live{routing->upstreams, {}, {}};
  for (const FileSetting& setting : agent.files) {
    if (auto done = add_file(files, setting, agent, situation, root, &live.keys); !done) {
      return std::unexpected(done.error());
    }
  }
  for (const FileSetting& setting : agent.durable) {
    if (!setting.heeded || !applies(setting, situation)) continue;
    Routing one;
    std::vector<LiveKey> keys;
    if (auto done = add_file(one, setting, agent, situation, root, &keys); !done) return std::unexpected(done.error());
    // Where the file says nothing, the variables count.
    if (keys.empty() || keys.front().before.empty()) continue;
    live.keys.insert(live.keys.end(), keys.begin(), keys.end());
    files.files.insert(files.files.end(), one.files.begin(), one.files.end());
  }
  live.files = std::move(files.files);
  return live;
}

std::vector<std::string> live_files(const Description& agent, const Situation& situation) {
  std::vector<std::string> found;
  for (const auto* settings : {&agent.overrides, &agent.files, &agent.durable}) {
    for (const FileSetting& setting : *settings) {
      if (settings == &agent.durable && !setting.heeded) continue;
      const auto file = settings_file(setting, agent, situation);
      if (file && std::ranges::find(found, *file) == found.end()) found.push_back(*file);
    }
  }
  return found;
}

base::Result<Routing> init_routing(const Description& agent, const Situation& given, std::string_view root) {
  const Situation situation = with_variables_of(agent, given);
  Routing routing;
  for (const auto* settings : {&agent.durable, &agent.files}) {
    for (const FileSetting& setting : *settings) {
      if (!applies(setting, situation)) continue;
      if (auto done = add_file(routing, setting, agent, situation, root); !done) return std::unexpected(done.error());
    }
  }
  if (agent.durable.empty() && agent.files.empty()) {
    return base::fail(
        ErrorCode::kInvalidArgument,
        fmt::format("{} has no file that sets its address; use `headroom wrap {}`", agent.title, agent.name));
  }
  return routing;
}

}  // namespace headroom::agents
