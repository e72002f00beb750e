#include "cli/shared_proxy.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agents/child.h"
#include "agents/journal/journal.h"
#include "base/clock.h"
#include "base/json_document.h"
#include "cli/loopback_http.h"
#include "cli/program.h"
#include "store/workspace_key.h"

namespace headroom::cli {
namespace {

using base::ErrorCode;

constexpr int kPortsTried = 20;
constexpr int kStartMs = 15'000;
constexpr int kStartPollMs = 50;

/// Flags that say nothing of what the proxy does with requests.
bool is_own_business(std::string_view flag) {
  return flag == "port" || flag == "host" || flag == "uds" ||
         std::ranges::any_of(upstream_options(),
                             [flag](const UpstreamOption& url) { return flag == fmt::format("{}-api-url", url.name); });
}

/// Files and folders of the settings.
bool is_path(std::string_view flag) {
  for (const std::string_view name :
       {"workspace-dir", "config-dir", "models-dir", "ca-bundle", "client-cert", "client-key", "store-key-file"}) {
    if (flag == name) return true;
  }
  return false;
}

std::string absolute(const std::string& path) {
  std::error_code error;
  const auto made = std::filesystem::absolute(path, error);
  return error ? path : made.string();
}

bool is_tried_from(int first, int port) {
  return port >= first && port < first + kPortsTried;
}

bool fits(const Listener& listener, const agents::Upstreams& wanted) {
  return listener.kind == Listener::Kind::kHeadroom && listener.version == version() && listener.upstreams == wanted;
}

base::Result<void> start(const Invocation& invocation, int port, const agents::Upstreams& wanted,
                         const std::string& folder) {
  const config::Options& options = invocation.options();
  const std::string logs = options.workspace_dir + "/logs";
  std::error_code error;
  std::filesystem::create_directories(logs, error);
  const std::string log = fmt::format("{}/proxy-{}.log", logs, port);
  std::vector<std::string> words = {agents::program_path(), "proxy",     "--host",        "127.0.0.1", "--port",
                                    std::to_string(port),   "--clients", absolute(folder)};
  for (std::string& word : words_of_settings(invocation, is_own_business)) words.push_back(std::move(word));
  for (const auto& [name, url] : wanted) {
    if (url.empty()) continue;
    words.push_back(fmt::format("--{}-api-url", name));
    words.push_back(url);
  }
  const auto child = agents::start_detached(words, log);
  if (!child) return std::unexpected(child.error());
  for (int waited = 0; waited < kStartMs; waited += kStartPollMs) {
    if (fits(look_at(options, port), wanted)) return {};
    if (::waitpid(*child, nullptr, WNOHANG) == *child) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(kStartPollMs));
  }
  return base::fail(ErrorCode::kUnavailable,
                    fmt::format("the proxy did not start on port {}; its log is {}", port, log));
}

}  // namespace

std::vector<std::string> words_of_settings(const Invocation& invocation, bool (*left_out)(std::string_view)) {
  std::vector<std::string> words;
  const auto& flags = invocation.config().flags;
  for (const config::FlagValue& flag : flags) {
    if (!left_out(flag.name) && !is_path(flag.name)) words.push_back(fmt::format("--{}={}", flag.name, flag.text));
  }
  for (const config::OptionSpec& spec : config::option_table()) {
    if (!is_path(spec.name) || (spec.commands & (config::kForProxy | config::kForConfig)) == 0) continue;
    const std::string path = config::option_text(spec, invocation.options());
    const bool given = std::ranges::find(flags, spec.name, &config::FlagValue::name) != flags.end();
    if (path.empty() || (!given && path.starts_with('/'))) continue;
    words.push_back(fmt::format("--{}={}", spec.name, absolute(path)));
  }
  return words;
}

std::string SharedProxy::root() const {
  return fmt::format("http://127.0.0.1:{}", port);
}

agents::Upstreams upstreams_with(const config::Options& options, const agents::Upstreams& wanted) {
  agents::Upstreams all;
  for (const UpstreamOption& url : upstream_options()) {
    const auto asked = wanted.find(url.name);
    all[url.name] = without_slash(asked == wanted.end() ? options.*url.member : asked->second);
  }
  return all;
}

base::Result<SharedProxy> share_proxy(const Invocation& invocation, std::string_view agent,
                                      const agents::Upstreams& wanted, std::vector<std::string>& notes) {
  const config::Options& options = invocation.options();
  const agents::Upstreams upstreams = upstreams_with(options, wanted);
  if (auto made = store::WorkspaceKey(options.workspace_dir).make(); !made) return std::unexpected(made.error());
  for (int port = options.port; port < options.port + kPortsTried; ++port) {
    const auto clients = agents::Clients::open(clients_folder(options, port));
    if (!clients) return std::unexpected(clients.error());
    // Whoever ends or starts the proxy on this port waits for us, and we for them.
    const auto lock = clients->lock();
    if (!lock) return std::unexpected(lock.error());
    const Listener listener = look_at(options, port);
    SharedProxy shared{port, listener.kind == Listener::Kind::kNothing, nullptr};
    if (std::ranges::any_of(upstreams, [port](const auto& one) { return loopback_port(one.second) == port; })) {
      notes.push_back(fmt::format("port {} is where requests are to be sent on to", port));
      continue;
    }
    if (!shared.started && !fits(listener, upstreams)) {
      const bool same = listener.kind == Listener::Kind::kHeadroom && listener.version == version();
      notes.push_back(fmt::format(
          "port {} is taken by {}{}", port, same ? "a proxy with other upstreams" : described(listener, options),
          listener.kind == Listener::Kind::kForeign ? "; it is left alone (--no-start takes it)" : ""));
      continue;
    }
    if (shared.started && !is_free(port)) {
      notes.push_back(fmt::format("port {} is in use", port));
      continue;
    }
    auto mark = clients->join(agent);
    if (!mark) return std::unexpected(mark.error());
    shared.mark = *std::move(mark);
    shared.upstreams = upstreams;
    if (shared.started) {
      if (auto done = start(invocation, port, upstreams, clients->folder()); !done)
        return std::unexpected(done.error());
    }
    const bool settings =
        std::ranges::any_of(invocation.config().flags, [](const auto& flag) { return !is_own_business(flag.name); });
    if (!shared.started && settings) notes.push_back("a proxy runs already; it keeps the settings that it has");
    return shared;
  }
  return base::fail(ErrorCode::kUnavailable,
                    fmt::format("no port from {} to {} is free", options.port, options.port + kPortsTried - 1));
}

std::optional<agents::Upstreams> own_proxy(const config::Resolved& config, std::string_view url) {
  const auto port = loopback_port(url);
  if (!port) return std::nullopt;
  const Listener listener = look_at(config.options, *port);
  if (listener.kind == Listener::Kind::kOther || listener.kind == Listener::Kind::kForeign) return std::nullopt;
  if (listener.kind == Listener::Kind::kNothing) {
    const bool ours = is_tried_from(config.options.port, *port) || is_tried_from(config::Options{}.port, *port);
    return ours ? std::optional<agents::Upstreams>(std::in_place) : std::nullopt;
  }
  const agents::Upstreams own = upstreams_with(config.options, {});
  agents::Upstreams more = listener.upstreams;
  std::erase_if(more, [&](const auto& one) {
    const auto asked = std::ranges::find(config.flags, one.first + "-api-url", &config::FlagValue::name);
    return asked != config.flags.end() || own.at(one.first) == one.second;
  });
  return more;
}

base::Result<void> check_upstreams(const config::Options& options) {
  const bool everywhere = options.host == "0.0.0.0" || options.host == "::";
  if (!options.uds.empty() || (!everywhere && !loopback_port("http://" + options.host))) return {};
  for (const UpstreamOption& url : upstream_options()) {
    if (loopback_port(options.*url.member) != options.port) continue;
    return base::fail(ErrorCode::kInvalidArgument,
                      fmt::format("--{}-api-url: {} is this proxy itself; give the address of the provider, or another "
                                  "--port",
                                  url.name, options.*url.member));
  }
  return {};
}

base::Result<SharedProxy> join_proxy(const config::Options& options, std::string_view agent) {
  const auto clients = agents::Clients::open(clients_folder(options, options.port));
  if (!clients) return std::unexpected(clients.error());
  const auto lock = clients->lock();
  if (!lock) return std::unexpected(lock.error());
  auto mark = clients->join(agent);
  if (!mark) return std::unexpected(mark.error());
  return SharedProxy{options.port, false, *std::move(mark)};
}

std::string all_clients_folder(const config::Options& options) {
  return options.workspace_dir + "/clients";
}

std::string clients_folder(const config::Options& options, int port) {
  return fmt::format("{}/{}", all_clients_folder(options), port);
}

std::string journal_folder(const config::Options& options) {
  return options.workspace_dir + "/journal";
}

struct ClientWatch::Impl {
  std::string folder, journal;
  std::jthread thread;

  static constexpr std::chrono::milliseconds kInterval{500};
  static constexpr int kGrace = 4;  ///< intervals without a client

  static bool runs(int process) { return ::kill(process, 0) == 0 || errno == EPERM; }

  /// What killed clients had changed in files, unless another client of the same agent lives, of whatever proxy.
  void heal(const agents::Clients::Census& census) const {
    if (census.gone.empty()) return;
    const auto all = agents::Clients::open(std::filesystem::path(folder).parent_path().string());
    const auto lock = all ? all->lock() : std::unexpected(all.error());
    if (!lock) return;
    for (const std::string& agent : census.gone) {
      if (agents::Clients::count_running(all->folder(), agent) > 0) continue;
      const auto files = agents::real_files();
      const base::SystemClock clock;
      // What cannot be done now is left to `headroom unwrap` and `headroom doctor`.
      static_cast<void>(agents::Journal(*files, journal, clock).undo("wrap " + agent));
    }
  }

  void run(const std::stop_token& stop) const {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock guard(mutex);
    const auto clients = agents::Clients::open(folder);
    std::vector<int> processes;  // of the clients, when they were last counted
    int without = 0;
    while (clients && !wake.wait_for(guard, stop, kInterval, [&stop] { return stop.stop_requested(); })) {
      const auto lock = clients->try_lock();
      bool used = false;
      if (lock != nullptr) {
        auto census = clients->count();
        heal(census);
        used = !census.alive.empty();
        processes = std::move(census.processes);
      } else if (!clients->is_there()) {
        used = std::ranges::any_of(processes, runs);
      } else {
        continue;
      }
      without = used ? 0 : without + 1;
      if (without < kGrace) continue;
      // Held until nothing listens any more: who comes now starts a proxy of its own.
      ::kill(::getpid(), SIGTERM);
      wake.wait(guard, stop, [&stop] { return stop.stop_requested(); });
      return;
    }
  }
};

ClientWatch::ClientWatch(std::string folder, std::string journal) : impl_(std::make_unique<Impl>()) {
  impl_->folder = std::move(folder);
  impl_->journal = std::move(journal);
  impl_->thread = std::jthread([impl = impl_.get()](const std::stop_token& stop) { impl->run(stop); });
}

ClientWatch::~ClientWatch() = default;

}  // namespace headroom::cli
