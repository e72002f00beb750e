#include "config/live_options.h"

#include <algorithm>
#include <array>

namespace headroom::config {
namespace {

constexpr std::array<std::string_view, 13> kNames{"optimize",
                                                  "profile",
                                                  "tool-profiles",
                                                  "min-tokens",
                                                  "target-tokens",
                                                  "time-budget-ms",
                                                  "protect-tool-results",
                                                  "align-prefix",
                                                  "tool-schemas",
                                                  "cache-marks",
                                                  "no-ccr-proactive-expansion",
                                                  "rpm",
                                                  "tpm"};

}  // namespace

const std::vector<const OptionSpec*>& live_options() {
  static const std::vector<const OptionSpec*> options = [] {
    std::vector<const OptionSpec*> all;
    for (const std::string_view name : kNames) all.push_back(find_option(name));
    return all;
  }();
  return options;
}

const OptionSpec* find_live_option(std::string_view name) {
  const auto& all = live_options();
  const auto found = std::ranges::find_if(all, [&](const OptionSpec* spec) {
    return spec->name == name || spec->key == name || std::ranges::find(spec->env, name) != spec->env.end();
  });
  return found == all.end() ? nullptr : *found;
}

Options with_live_options(Options base, const Options& from) {
  for (const OptionSpec* spec : live_options()) {
    std::visit([&](auto member) { base.*member = from.*member; }, spec->member);
  }
  base.lossless = base.profile == "lossless";
  return base;
}

}  // namespace headroom::config
