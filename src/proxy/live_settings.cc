#include "proxy/live_settings.h"

#include <algorithm>

#include <fmt/format.h>

#include "config/live_options.h"

namespace headroom::proxy {

LiveSettings::LiveSettings(Settings first, Reload reload, MakeLossless make_lossless)
    : reload_(std::move(reload)),
      make_lossless_(std::move(make_lossless)),
      read_(first.options),
      current_(std::make_shared<const Settings>(std::move(first))) {}

base::Result<std::vector<std::string>> LiveSettings::reread() {
  if (!reload_.read_options || !can_change()) {
    return base::fail(base::ErrorCode::kUnavailable, "the settings of this proxy cannot be read again");
  }
  auto options = reload_.read_options();
  if (!options) return std::unexpected(options.error());
  const std::lock_guard lock(mutex_);
  std::vector<std::string> later;
  for (const config::OptionSpec& spec : config::option_table()) {
    const bool differs = config::option_text(spec, *options) != config::option_text(spec, read_);
    // --lossless goes with --profile.
    if (differs && spec.name != "lossless" && config::find_live_option(spec.name) == nullptr) {
      later.emplace_back(spec.name);
    }
  }
  if (auto done = install(config::with_live_options(read_, *options), overrides_); !done) {
    return std::unexpected(done.error());
  }
  return later;
}

base::Result<void> LiveSettings::change(const Changes& changes) {
  const std::lock_guard lock(mutex_);
  auto overrides = overrides_;
  for (const auto& [spec, text] : changes) {
    if (text) {
      overrides[spec] = *text;
    } else {
      overrides.erase(spec);
    }
  }
  return install(read_, std::move(overrides));
}

base::Result<void> LiveSettings::install(const config::Options& read,
                                         std::map<const config::OptionSpec*, std::string> overrides) {
  Settings next;
  next.options = read;
  for (const auto& [spec, text] : overrides) {
    if (auto set = config::set_option(*spec, text, next.options); !set) {
      return base::fail(set.error().code, fmt::format("{}: {}", spec->name, set.error().message));
    }
  }
  next.options = config::with_live_options(read, next.options);
  next.pipeline = reload_.make_pipeline(next.options);
  next.lossless = make_lossless_(*next.pipeline);
  read_ = read;
  overrides_ = std::move(overrides);
  current_.store(std::make_shared<const Settings>(std::move(next)), std::memory_order_release);
  return {};
}

}  // namespace headroom::proxy
