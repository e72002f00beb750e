#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/option_table.h"
#include "context/pipeline.h"

namespace headroom::proxy {

/// What a request is served with, from its first byte to its last. Immutable.
struct Settings {
  config::Options options;
  std::shared_ptr<const context::Pipeline> pipeline;
  std::shared_ptr<const context::Pipeline> lossless;  ///< for config.mode "lossless"
};

/// How settings are made anew. Without these functions they stay as they are.
struct Reload {
  std::function<base::Result<config::Options>()> read_options;  ///< flags, environment and file, once more
  std::function<std::shared_ptr<const context::Pipeline>(const config::Options&)> make_pipeline;
};

/// The settings that count for the next request. Only config::live_options() change; requests under way keep what they
/// began with, so none is dropped or served by halves. Thread-safe.
class LiveSettings {
 public:
  using MakeLossless = std::function<std::shared_ptr<const context::Pipeline>(const context::Pipeline&)>;
  /// By a name of the option (see config::find_live_option); nullptr takes back what was set before.
  using Changes = std::vector<std::pair<const config::OptionSpec*, std::optional<std::string>>>;

  LiveSettings(Settings first, Reload reload, MakeLossless make_lossless);

  std::shared_ptr<const Settings> get() const { return current_.load(std::memory_order_acquire); }

  /// Reads flags, environment and file again; what change() has set stays on top. Gives the names of options that
  /// differ and count after a restart only. After an error everything is as it was.
  base::Result<std::vector<std::string>> reread();
  /// Sets options on top of flags, environment and file, until the process ends: all of them or, after an error, none.
  base::Result<void> change(const Changes& changes);
  bool can_change() const { return reload_.make_pipeline != nullptr; }

 private:
  // With mutex_ held.
  base::Result<void> install(const config::Options& read, std::map<const config::OptionSpec*, std::string> overrides);

  const Reload reload_;
  const MakeLossless make_lossless_;
  std::mutex mutex_;
  config::Options read_;                                        // guarded by mutex_
  std::map<const config::OptionSpec*, std::string> overrides_;  // guarded by mutex_
  std::atomic<std::shared_ptr<const Settings>> current_;
};

}  // namespace headroom::proxy
