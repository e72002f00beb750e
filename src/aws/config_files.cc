#include "aws/config_files.h"

#include "base/text.h"

namespace headroom::aws {
namespace {

void read_section(Section& settings, std::string_view text, std::string_view name) {
  bool inside = false;
  for (std::string_view line : base::split_lines(text)) {
    const bool indented = line.starts_with(' ') || line.starts_with('\t');
    line = base::trim(line);
    if (line.empty() || line.starts_with('#') || line.starts_with(';') || indented) continue;
    if (line.starts_with('[')) {
      inside = line.ends_with(']') && base::trim(line.substr(1, line.size() - 2)) == name;
      continue;
    }
    const std::size_t equals = line.find('=');
    if (!inside || equals == std::string_view::npos) continue;
    settings[std::string(base::trim(line.substr(0, equals)))] = base::trim(line.substr(equals + 1));
  }
}

std::string file_of(const Sources& sources, std::string_view variable_name, std::string_view usual) {
  std::string path = variable(sources, variable_name);
  return sources.file(expanded(sources, path.empty() ? std::string(usual) : std::move(path))).value_or("");
}

}  // namespace

std::string_view setting(const Section& section, std::string_view name) {
  const auto found = section.find(name);
  return found == section.end() ? std::string_view() : std::string_view(found->second);
}

std::string variable(const Sources& sources, std::string_view name) {
  return sources.variable(name).value_or("");
}

std::string expanded(const Sources& sources, std::string path) {
  if (path.starts_with("~/")) path.replace(0, 1, variable(sources, "HOME"));
  return path;
}

ConfigFiles::ConfigFiles(const Sources& sources)
    : config_(file_of(sources, "AWS_CONFIG_FILE", "~/.aws/config")),
      secrets_(file_of(sources, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")),
      in_use_(variable(sources, "AWS_PROFILE")) {
  if (in_use_.empty()) in_use_ = variable(sources, "AWS_DEFAULT_PROFILE");
  if (in_use_.empty()) in_use_ = "default";
}

Section ConfigFiles::profile(std::string_view name) const {
  Section settings;
  read_section(settings, config_, "profile " + std::string(name));
  if (name == "default") read_section(settings, config_, name);
  read_section(settings, secrets_, name);
  return settings;
}

Section ConfigFiles::sso_session(std::string_view name) const {
  Section settings;
  read_section(settings, config_, "sso-session " + std::string(name));
  return settings;
}

}  // namespace headroom::aws
