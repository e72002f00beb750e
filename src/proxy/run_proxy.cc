#include <csignal>
#include <cstdlib>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/heap.h"
#include "config/resolve.h"
#include "proxy/http_caller.h"
#include "proxy/log.h"
#include "proxy/otlp_transport.h"
#include "proxy/provider.h"
#include "proxy/server.h"
#include "proxy/successor.h"
#include "proxy/version.h"
#include "telemetry/exporter.h"

namespace headroom::proxy {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Two descriptors a stream; the usual soft limit of 1024 is meant for programs that use select().
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// SIGHUP also comes when the terminal that the proxy was started from is closed; then nobody is there to be served.
class Terminal {
 public:
  bool is_gone() const {
    termios ignored{};
    return was_there_ && ::tcgetattr(STDERR_FILENO, &ignored) != 0;
  }

 private:
  const bool was_there_ = ::isatty(STDERR_FILENO) == 1;
};

/// What signals do to the proxy; everything happens on the thread that runs the context.
class Signals {
 public:
  Signals() : ends_(context_, SIGTERM, SIGINT), others_(context_, SIGHUP, SIGUSR2), ready_(context_) {}

  /// Blocks until stop().
  void run(ProxyServer& server, Log& log) {
    server_ = &server;
    log_ = &log;
    ends_.async_wait([this](error_code error, int) {
      if (error) return;
      log_->info("draining; a second signal ends at once");
      if (successor_ > 0) ::kill(successor_, SIGTERM);  // who ends this means all of it
      server_->drain();
      ends_.async_wait([](error_code stopped, int) {
        if (!stopped) std::_Exit(1);
      });
    });
    wait_for_others();
    context_.run();
  }
  void stop() { context_.stop(); }

 private:
  void wait_for_others() {
    others_.async_wait([this](error_code error, int signal) {
      if (error) return;
      if (signal == SIGHUP && terminal_.is_gone()) return server_->drain();
      signal == SIGHUP ? reread() : succeed();
      wait_for_others();
    });
  }

  void reread() {
    const auto later = server_->settings().reread();
    if (!later) {
      log_->warn(fmt::format("the settings stay as they are: {}", later.error().message));
    } else if (later->empty()) {
      log_->info("settings read again");
    } else {
      log_->warn(fmt::format("settings read again; these count after a restart: {}", fmt::join(*later, ", ")));
    }
  }

  void succeed() {
    if (ready_.is_open()) return log_->warn("a successor is starting already");
    if (server_->listening_descriptor() < 0) return log_->warn("no successor: this process is ending");
    const auto started = start_successor(server_->listening_descriptor());
    if (!started) return log_->warn(fmt::format("no successor: {}", started.error().message));
    log_->info(fmt::format("successor pid {} starts", started->pid));
    successor_ = started->pid;
    ready_.assign(started->ready);
    ready_.async_read_some(asio::buffer(&byte_, 1), [this, pid = started->pid](error_code error, std::size_t) {
      error_code ignored;
      ready_.close(ignored);
      successor_ = 0;
      if (!error) {
        log_->info(fmt::format("successor pid {} serves; draining", pid));
        return server_->hand_over();
      }
      ::waitpid(pid, nullptr, 0);
      log_->warn("the successor could not start; its own lines say why. Serving on");
    });
  }

  const Terminal terminal_;
  asio::io_context context_{1};
  asio::signal_set ends_, others_;
  asio::posix::stream_descriptor ready_;
  char byte_ = 0;
  pid_t successor_ = 0;  // that is starting
  ProxyServer* server_ = nullptr;
  Log* log_ = nullptr;
};

void random_bytes(std::span<unsigned char> bytes) {
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::getrandom(bytes.data() + filled, bytes.size() - filled, 0);
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
}

/// nullptr where no collector is named, or what names one cannot be used: the names of OpenTelemetry's variables are
/// for many programs, and a proxy starts all the same. The log says what is not done.
std::unique_ptr<telemetry::Exporter> start_telemetry(const config::Options& options, const base::Clock& clock,
                                                     Log& log) {
  const config::Environment environment = config::process_environment();
  telemetry::Settings settings = telemetry::read_settings(options.otlp_endpoint, environment);
  for (const std::string& note : settings.notes) log.warn("OpenTelemetry: " + note);
  if (!settings.enabled()) return nullptr;
  auto transport = make_otlp_transport(settings, options, environment, clock);
  if (!transport) {
    log.warn(fmt::format("OpenTelemetry: nothing is sent: {}", transport.error().message));
    return nullptr;
  }
  return std::make_unique<telemetry::Exporter>(std::move(settings), std::string(kVersion), std::move(*transport), clock,
                                               random_bytes, [&log](std::string_view text) { log.warn(text); });
}

}  // namespace

base::Result<int> run_proxy(const config::Options& options, Services services, Limits limits) {
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  if (!services.aws.http) {
    auto http = make_http_caller(options);
    if (!http) return std::unexpected(http.error());
    services.aws.http = *std::move(http);
  }
  base::keep_freed_memory();
  auto log = make_stderr_log(options.log_level);
  if (!log) return std::unexpected(log.error());
  const auto exporter = start_telemetry(options, services.clock, **log);
  services.telemetry = exporter.get();
  // Before anybody can see that it listens: who ends it then means it to drain.
  Signals signals;
  auto server = ProxyServer::start(options, services, limits, log->get());
  if (!server) return std::unexpected(server.error());
  (*log)->info(fmt::format("listening on {}{} pid {} {}", options.uds.empty() ? "http://" : "", (*server)->address(),
                           ::getpid(), upstreams_line(options)));
  if (options.allow_unauthenticated_bind && options.proxy_token.empty()) {
    (*log)->warn("--allow-unauthenticated-bind: whoever reaches the address can use the relay");
  }
  tell_predecessor();
  std::thread waiter([&] { signals.run(**server, **log); });
  const bool whole = (*server)->wait();
  signals.stop();
  waiter.join();
  (*log)->info(whole ? "drained" : "requests had to be cut");
  return whole ? 0 : 1;
}

}  // namespace headroom::proxy
