#include "cli/doctor_checks.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "agents/probe.h"
#include "base/json_document.h"
#include "base/json_string.h"
#include "cli/listener.h"
#include "cli/loopback_http.h"
#include "cli/program.h"
#include "cli/shared_proxy.h"
#include "cli/workspace.h"
#include "proxy/tls_check.h"

namespace headroom::cli {
namespace {

using agents::Description;
using Status = Finding::Status;

constexpr std::int64_t kMegabyte = 1 << 20;
constexpr std::int64_t kLittleDiskMb = 1024;
constexpr std::int64_t kNoDiskMb = 100;
constexpr int kProbeMs = 3000;
constexpr std::int64_t kCertificateSoonSeconds = 14 * 24 * 3600;
constexpr std::size_t kShown = 200;  ///< of an answer that was not expected
/// The clock of a machine whose battery is empty says less: certificates then seem to be of the future.
constexpr std::int64_t kOldestClockMs = 1'735'689'600'000;  // 2025-01-01

class Examination {
 public:
  Examination(const Invocation& invocation, AgentContext& context, bool fix)
      : options_(invocation.options()), context_(context), fix_(fix) {}

  std::vector<Finding> run() {
    add(Status::kPass, "version", fmt::format("headroom {}", version()));
    proxy();
    for (const Description& agent : agents::all_agents()) {
      if (context_.is_found(agent)) look_at_agent(agent);
    }
    environment();
    certificates();
    workspace();
    journal();
    clock();
    return std::move(found_);
  }

 private:
  void add(Status status, std::string name, std::string summary, std::string mend = {}) {
    found_.push_back({status, std::move(name), std::move(summary), std::move(mend)});
  }

  void proxy() {
    const Listener listener = look_at(options_, options_.port);
    const std::string place = fmt::format("127.0.0.1:{}", options_.port);
    if (listener.kind == Listener::Kind::kNothing) {
      return add(Status::kPass, "proxy",
                 fmt::format("none runs at {}; `headroom wrap` starts one when it is needed", place));
    }
    if (listener.kind != Listener::Kind::kHeadroom) {
      const bool foreign = listener.kind == Listener::Kind::kForeign;
      return add(Status::kWarn, "proxy", fmt::format("{} listens at {}", described(listener, options_), place),
                 fmt::format("headroom wrap takes the next free port; or choose one: HEADROOM_PORT=9000{}",
                             foreign ? "; if it is yours, name its workspace: HEADROOM_WORKSPACE_DIR=..." : ""));
    }
    if (listener.version != version()) {
      return add(Status::kWarn, "proxy",
                 fmt::format("version {} runs at {}, this is {}", listener.version, place, version()),
                 "end it and start it again: headroom install restart, or headroom proxy");
    }
    const auto ready = http_call(options_.port, "GET", "/readyz", "", {.time_ms = kProbeMs});
    if (!ready || ready->status() != 200) {
      return add(Status::kFail, "proxy", fmt::format("runs at {}, but is not ready", place),
                 "headroom install restart");
    }
    add(Status::kPass, "proxy", fmt::format("{} runs at {} and is ready", listener.version, place));
  }

  std::string variable(std::string_view name) const { return context_.situation().variable(name).value_or(""); }

  /// What an address of this machine answers to a request as the agent sends it; `path` empty: none is known.
  /// `ours`: Headroom has written the address.
  void probe(const std::string& name, const std::string& where, const std::string& url, const std::string& mend,
             bool ours, const std::function<std::string(std::string_view base)>& path) {
    for (const std::string_view host : {"http://127.0.0.1:", "http://localhost:"}) {
      if (!url.starts_with(host)) continue;
      int port = 0;
      const char* const end = std::from_chars(url.data() + host.size(), url.data() + url.size(), port).ptr;
      const Listener listener = look_at(options_, port);
      if (listener.kind != Listener::Kind::kHeadroom) {
        const std::string other = described(listener, options_);
        if (!other.empty() && !ours && port != options_.port) break;  // a router of the user's
        return add(Status::kFail, name,
                   fmt::format("{} is {}, where {} answers", where, url, other.empty() ? "nothing" : other), mend);
      }
      // Another version may know of no probes, and send this one on.
      const std::string target =
          listener.version == version() ? path(std::string_view(end, url.data() + url.size())) : "";
      if (target.empty()) return add(Status::kPass, name, fmt::format("{} is {}, where Headroom answers", where, url));
      return probe_request(name, where, port, target);
    }
    add(Status::kPass, name, fmt::format("{} is {}: `headroom wrap` sends on to it", where, url));
  }

  /// The proxy says what it would do with the request, and sends it nowhere.
  void probe_request(const std::string& name, const std::string& where, int port, const std::string& target) {
    const auto answer = http_call(port, "POST", target, "{}", {.time_ms = kProbeMs}, "X-Headroom-Probe: doctor\r\n");
    const auto doc = answer && answer->status() == 200 ? base::JsonDocument::parse(answer->body)
                                                       : base::fail(base::ErrorCode::kUnavailable, "no answer");
    if (!doc || doc->find(doc->root(), "probe") == nullptr) {
      return add(Status::kFail, name,
                 fmt::format("{}: a request to {} is not taken: {}", where, target,
                             answer ? answer->body.substr(0, kShown) : answer.error().message),
                 "headroom install restart, or headroom proxy");
    }
    const std::string_view api = doc->string_member(doc->root(), "api");
    const std::string upstream(doc->string_member(doc->root(), "upstream"));
    add(api.empty() ? Status::kWarn : Status::kPass, name,
        fmt::format("{}: POST {} {}, and goes to {}", where, target,
                    api.empty() ? "is relayed as it is" : fmt::format("is compressed ({})", api), upstream),
        api.empty() ? "the proxy's --optimize is off, or the agent speaks a format that is not known" : "");
  }

  /// The value that `headroom init` has given the key.
  std::optional<std::string> written_by_init(const Description& agent, const std::string& file,
                                             const agents::KeyPath& path) {
    const auto records = context_.journal().records();
    if (!records) return std::nullopt;
    for (const agents::Record& record : *records) {
      if (record.file != file) continue;
      for (const agents::OwnedEdit& edit : record.edits) {
        if (edit.owner == "init " + agent.name && edit.key.path == path) return edit.key.json;
      }
    }
    return std::nullopt;
  }

  /// With the proxy that runs, what `headroom wrap` would tell the agent.
  void probe_wrap(const Description& agent, const std::string& name) {
    const Listener listener = look_at(options_, options_.port);
    if (listener.kind != Listener::Kind::kHeadroom || listener.version != version()) return;
    const std::string root = fmt::format("http://127.0.0.1:{}", options_.port);
    std::set<std::string> seen;
    for (const agents::Address& one : agents::wrap_addresses(agent, context_.situation(), root)) {
      if (!seen.insert(one.url + one.upstream).second) continue;
      probe(name, fmt::format("by `headroom wrap {}`, {}", agent.name, one.where), one.url, "", true,
            [&](std::string_view base) { return agents::request_path(agent, one.upstream, base); });
    }
  }

  void look_at_agent(const Description& agent) {
    const std::string name = "routing: " + agent.name;
    const std::size_t before = found_.size();
    std::set<std::string> seen;
    for (const auto* settings : {&agent.durable, &agent.files, &agent.overrides}) {
      for (const agents::FileSetting& setting : *settings) {
        const auto named = agents::settings_file(setting, agent, context_.situation());
        // The folder of a project may be the home.
        const auto file = context_.files().real_path(named.value_or(""));
        const auto path = agents::parse_key_path(setting.path);
        if (!named || !file || !path || !setting.select.empty() || !seen.insert(*file + setting.path).second) continue;
        const auto state = context_.files().read(*file);
        if (!state || !*state) continue;
        const auto value = agents::get_key(setting.format, (*state)->bytes, *path);
        if (!value) {
          add(Status::kFail, name, fmt::format("{}: {}", *file, value.error().message), "mend the file by hand");
        } else if (*value && (*value)->starts_with('"')) {
          const std::string url = base::decode_json_string(**value).value_or("");
          const std::optional<std::string> ours = written_by_init(agent, *file, *path);
          if (ours && *ours != **value && !context_.situation().own_proxy(url)) {
            add(Status::kWarn, name,
                fmt::format("another program has put {} into {} of {}, in place of {}: requests do not come here", url,
                            setting.path, *file, base::decode_json_string(*ours).value_or("")),
                fmt::format("headroom init {} puts Headroom in front of it; or headroom unwrap {}", agent.name,
                            agent.name));
            continue;
          }
          probe(name, fmt::format("{} in {}", setting.path, *file), url,
                fmt::format("headroom unwrap {}, or headroom install start", agent.name), ours.has_value(),
                [&](std::string_view base) { return agents::request_path(agent, setting.upstream, base); });
        }
      }
    }
    if (found_.size() == before) probe_wrap(agent, name);
    if (found_.size() == before) add(Status::kPass, name, fmt::format("by `headroom wrap {}`", agent.name));
    mcp(agent);
  }

  void mcp(const Description& agent) {
    const auto entry = agents::mcp_entry(agent, context_.situation(), "");
    if (!entry) return;
    const auto state = context_.files().read(entry->file);
    if (!state || !*state) return;
    const auto value = agents::get_key(entry->edit.format, (*state)->bytes, entry->edit.path);
    if (!value || !*value) return;
    const auto doc = base::JsonDocument::parse(**value);
    if (!doc) return;
    for (const std::string_view name : {"url", "httpUrl", "serverUrl"}) {
      const std::string_view url = doc->string_member(doc->root(), name);
      if (url.empty()) continue;
      return add(Status::kPass, "mcp: " + agent.name, fmt::format("{} names {}", entry->file, url));
    }
    const base::JsonNode* command = doc->find(doc->root(), "command");
    if (command == nullptr) command = doc->find(doc->root(), "cmd");
    if (command != nullptr && command->kind == base::JsonKind::kArray && command->size > 0) {
      command = &*doc->children(*command).begin();
    }
    const std::string program(command == nullptr ? "" : command->text);
    const bool runs = program.contains('/') ? ::access(program.c_str(), X_OK) == 0 : !program.empty();
    add(runs ? Status::kPass : Status::kFail, "mcp: " + agent.name,
        fmt::format("{} names {}{}", entry->file, program.empty() ? "no program" : program,
                    runs ? "" : ", which does not run"),
        runs ? "" : fmt::format("headroom mcp install --agent {}", agent.name));
  }

  void environment() {
    for (const std::string_view name :
         {"ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "OPENAI_API_BASE", "GOOGLE_GEMINI_BASE_URL"}) {
      const std::string value = variable(name);
      const std::string_view upstream = name.starts_with("ANTHROPIC") ? "anthropic"
                                        : name.starts_with("OPENAI")  ? "openai"
                                                                      : "gemini";
      if (value.empty()) continue;
      probe("environment", std::string(name), value, fmt::format("unset {}", name), false,
            [&](std::string_view base) { return agents::request_path({}, upstream, base); });
    }
    login();
    if (!variable("ANTHROPIC_API_KEY").empty() && !variable("ANTHROPIC_AUTH_TOKEN").empty()) {
      add(Status::kWarn, "auth", "ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN are both set: agents send either",
          "unset the one that is not meant");
    }
    for (const std::string_view name : {"HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy", "ALL_PROXY"}) {
      if (variable(name).empty()) continue;
      const std::string direct = variable("NO_PROXY") + "," + variable("no_proxy");
      const bool good = direct.contains('*') || direct.contains("127.0.0.1");
      add(good ? Status::kPass : Status::kWarn, "network proxy",
          fmt::format("{} is set{}", name,
                      good ? ", and this machine is reached directly" : ": agents may look for 127.0.0.1 there"),
          good ? "" : "export NO_PROXY=127.0.0.1,localhost (headroom wrap sets it)");
      break;
    }
  }

  /// Claude Code asks which of the two it shall use, or bills the one that is not meant.
  void login() {
    const Description* claude = agents::find_agent("claude");
    if (claude == nullptr || variable("ANTHROPIC_API_KEY").empty()) return;
    const std::string file = agents::home_of(*claude, context_.situation()) + "/.credentials.json";
    if (::access(file.c_str(), F_OK) != 0) return;
    add(Status::kWarn, "auth", fmt::format("ANTHROPIC_API_KEY is set, and {} has a login", file),
        "unset ANTHROPIC_API_KEY, or log out with `claude /logout`");
  }

  void certificates() {
    const std::vector<std::pair<std::string, std::string>> all = {
        {"SSL_CERT_FILE", variable("SSL_CERT_FILE")},
        {"NODE_EXTRA_CA_CERTS", variable("NODE_EXTRA_CA_CERTS")},
        {"ca-bundle", options_.ca_bundle},
        {"client-cert", options_.client_cert},
        {"client-key", options_.client_key}};
    for (const auto& [name, file] : all) {
      if (file.empty()) continue;
      const auto state = context_.files().read(file);
      const bool there = state && *state;
      const bool good = there && (*state)->bytes.contains("-----BEGIN ");
      add(good ? Status::kPass : Status::kFail, "certificates",
          fmt::format("{} names {}{}", name, file,
                      good    ? ""
                      : there ? ", which is no PEM file"
                              : ", which cannot be read"),
          good ? "" : fmt::format("make it a PEM file that you can read, or set {} to another", name));
      if (!good) return;
    }
    trust();
  }

  /// By the proxy's own reading of what they hold.
  void trust() {
    const auto left_s = proxy::check_tls({options_.ca_bundle, options_.client_cert, options_.client_key},
                                         base::SystemClock().now_ms() / 1000);
    if (!left_s) {
      return add(Status::kFail, "certificates", left_s.error().message,
                 "the proxy reaches no provider until it is mended");
    }
    if (!*left_s || **left_s > kCertificateSoonSeconds) return;
    const bool ended = **left_s < 0;
    add(ended ? Status::kFail : Status::kWarn, "certificates",
        ended ? fmt::format("the certificate in {} has expired", options_.client_cert)
              : fmt::format("the certificate in {} expires in {} hours", options_.client_cert, **left_s / 3600),
        "have a new one made, or see whether the clock is right");
  }

  void workspace() {
    const std::string& folder = options_.workspace_dir;
    struct stat info{};
    if (::stat(folder.c_str(), &info) != 0) {
      return add(Status::kPass, "workspace", fmt::format("{} is made when it is needed", folder));
    }
    if ((info.st_mode & 077U) != 0 && fix_ && ::chmod(folder.c_str(), 0700) == 0) info.st_mode &= ~077U;
    if ((info.st_mode & 077U) != 0) {
      add(Status::kWarn, "workspace", fmt::format("other users of this machine can look into {}", folder),
          fmt::format("chmod 700 {} (headroom doctor --fix does it)", folder));
    } else {
      add(Status::kPass, "workspace", fmt::format("{} is yours alone", folder));
    }
    const base::SystemClock clock;
    const auto store = open_originals(options_, clock);
    if (!store) {
      add(Status::kFail, "store", store.error().message, "headroom purge --everything, or another --workspace-dir");
    } else if (*store != nullptr) {
      const auto stats = (*store)->stats();
      add(stats ? Status::kPass : Status::kFail, "store",
          stats ? fmt::format("{} can be read and written", originals_path(options_)) : stats.error().message,
          stats ? "" : "headroom purge --everything, or another --workspace-dir");
    }
    struct statvfs disk{};
    if (::statvfs(folder.c_str(), &disk) != 0) return;
    const std::int64_t free_mb = static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize) / kMegabyte;
    const Status status = free_mb < kNoDiskMb ? Status::kFail : free_mb < kLittleDiskMb ? Status::kWarn : Status::kPass;
    add(status, "disk", fmt::format("{} MB are free at {}", free_mb, folder),
        status == Status::kPass ? "" : "headroom purge --older-than 7d, or make room");
  }

  /// Agents that a client of some port still runs.
  std::set<std::string> running() const {
    std::set<std::string> all;
    std::error_code error;
    std::filesystem::directory_iterator port(options_.workspace_dir + "/clients", error);
    for (; !error && port != std::filesystem::directory_iterator(); port.increment(error)) {
      const auto clients = agents::Clients::open(port->path().string());
      const auto lock = clients ? clients->lock() : base::Result<agents::Clients::Held>(nullptr);
      if (!clients || !lock) continue;
      for (const std::string& agent : clients->count().alive) all.insert(agent);
    }
    return all;
  }

  /// Files that the workspace got later than now say that the clock was set back, and keep originals too long.
  void clock() {
    const std::int64_t now_ms = base::SystemClock().now_ms();
    if (now_ms < kOldestClockMs) return add(Status::kFail, "clock", "the clock is years behind", "set the clock");
    std::error_code error;
    const auto tomorrow = std::filesystem::file_time_type::clock::now() + std::chrono::hours(24);
    for (std::filesystem::directory_iterator file(options_.workspace_dir, error), end; !error && file != end;
         file.increment(error)) {
      std::error_code unknown;
      const auto time = file->last_write_time(unknown);
      if (unknown || time < tomorrow) continue;
      return add(Status::kWarn, "clock", fmt::format("{} is of the future", file->path().string()),
                 "set the clock, if it is behind");
    }
    add(Status::kPass, "clock", "it goes");
  }

  void journal() {
    const auto records = context_.journal().records();
    if (!records) return add(Status::kFail, "journal", records.error().message, "move the file that it names away");
    std::set<std::string> owners;
    for (const agents::Record& record : *records) {
      for (const agents::OwnedEdit& edit : record.edits) owners.insert(edit.owner);
    }
    const std::set<std::string> alive = running();
    for (const std::string& owner : owners) {
      if (!owner.starts_with("wrap ")) {
        add(Status::kPass, "journal", fmt::format("files changed by `headroom {}`", owner));
        continue;
      }
      const std::string agent = owner.substr(5);
      if (alive.contains(agent)) continue;
      if (fix_ && context_.journal().undo(owner)) {
        add(Status::kPass, "journal",
            fmt::format("what a wrap of {} that was cut short had changed is put back", agent));
      } else {
        add(Status::kWarn, "journal", fmt::format("a wrap of {} was cut short; its files are still changed", agent),
            fmt::format("headroom unwrap {} (headroom doctor --fix does it)", agent));
      }
    }
    if (owners.empty()) add(Status::kPass, "journal", "no file of another program is changed");
  }

  const config::Options& options_;
  AgentContext& context_;
  const bool fix_;
  std::vector<Finding> found_;
};

}  // namespace

std::vector<Finding> examine(const Invocation& invocation, AgentContext& context, bool fix) {
  return Examination(invocation, context, fix).run();
}

}  // namespace headroom::cli
