#include <algorithm>

#include "cli/audit_command.h"
#include "cli/command.h"
#include "cli/completions_command.h"
#include "cli/compress_command.h"
#include "cli/config_command.h"
#include "cli/demo_command.h"
#include "cli/doctor_command.h"
#include "cli/init_command.h"
#include "cli/mcp_command.h"
#include "cli/models_command.h"
#include "cli/perf_command.h"
#include "cli/proxy_command.h"
#include "cli/purge_command.h"
#include "cli/replay_command.h"
#include "cli/retrievals_command.h"
#include "cli/retrieve_command.h"
#include "cli/run_command.h"
#include "cli/update_command.h"
#include "cli/version_command.h"
#include "cli/wrap_command.h"

namespace headroom::cli {

std::span<const CommandSpec> commands() {
  static const std::vector<CommandSpec> all = {
      proxy_command(),      wrap_command(),   unwrap_command(), run_command(),      init_command(),
      install_command(),    doctor_command(), update_command(), compress_command(), retrieve_command(),
      retrievals_command(), purge_command(),  perf_command(),   audit_command(),    mcp_command(),
      replay_command(),     demo_command(),   models_command(), config_command(),   completions_command(),
      version_command(),
  };
  return all;
}

const CommandSpec* find_command(std::string_view name) {
  const auto all = commands();
  const auto found = std::ranges::find(all, name, &CommandSpec::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace headroom::cli
