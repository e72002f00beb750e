#include "proxy/server.h"

#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "compress/registry/registry.h"
#include "proxy/listener.h"
#include "proxy/log.h"
#include "proxy/session.h"

namespace headroom::proxy {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr auto kSweepInterval = std::chrono::seconds(15);
constexpr auto kAcceptPause = std::chrono::milliseconds(50);

int thread_count(const config::Options& options) {
  if (options.threads > 0) return std::min(options.threads, 64);
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 4U));
}

// An I/O thread with what lives on it. The lane outlives the context, whose end destroys what is still suspended.
struct IoThread {
  IoThread(Shared& shared, const Upstreams& upstreams) : lane(shared, upstreams) {}

  Lane lane;
  asio::io_context context{1};
  asio::executor_work_guard<Executor> work{context.get_executor()};
  SteadyTimer sweeper{context};
  std::thread thread;

  void sweep_later() {
    sweeper.expires_after(kSweepInterval);
    sweeper.async_wait([this](error_code error) {
      if (error) return;
      lane.for_each_pool([](UpstreamPool& pool) { pool.sweep(); });
      sweep_later();
    });
  }
};

Limits complete(Limits limits, const config::Options& options) {
  using std::chrono::seconds;
  if (limits.connect_timeout.count() == 0) limits.connect_timeout = seconds(std::max(options.connect_timeout_s, 1));
  if (limits.response_timeout.count() == 0) limits.response_timeout = seconds(std::max(options.request_timeout_s, 1));
  return limits;
}

Access access_of(const config::Options& options) {
  return {options.host, options.proxy_token, options.allowed_hosts, options.allow_unauthenticated_bind};
}

context::PipelineOptions lossless_options(const context::Pipeline& pipeline) {
  context::PipelineOptions options = pipeline.options();
  options.lossless = true;
  return options;
}

void emit(const Services& services, context::Stage stage, std::string_view address = {}) {
  context::EventSink* const sink = services.pipeline.options().events;
  if (sink == nullptr) return;
  context::Event event;
  event.stage = stage;
  event.time_ms = services.clock.now_ms();
  event.address = address;
  sink->on_event(event);
}

}  // namespace

struct ProxyServer::Impl {
  Impl(const config::Options& options, std::optional<double> spendable, ForwardProxies proxies, Services services,
       const Limits& limits, Log* log)
      : workers(static_cast<std::size_t>(thread_count(options))),
        clock(services.clock),
        registry(compress::Registry::standard()),
        settings({options, borrowed(services.pipeline), lossless_of(services.pipeline)}, services.reload,
                 [this](const context::Pipeline& pipeline) { return lossless_of(pipeline); }),
        budget(spendable, options.budget_period),
        shared{options,
               services,
               complete(limits, options),
               settings,
               budget,
               rate_limit,
               access_of(options),
               log,
               TlsContext({options.ca_bundle, options.client_cert, options.client_key}),
               std::move(proxies),
               workers,
               names} {
    shared.started_ms = services.clock.now_ms();
    shared.started_ns = services.clock.monotonic_ns();
    if (budget.limited()) load_spending();
  }

  static std::shared_ptr<const context::Pipeline> borrowed(const context::Pipeline& pipeline) {
    return {std::shared_ptr<void>(), &pipeline};
  }
  std::shared_ptr<const context::Pipeline> lossless_of(const context::Pipeline& pipeline) const {
    return std::make_shared<const context::Pipeline>(registry, nullptr, clock, lossless_options(pipeline));
  }
  void load_spending();

  Result<void> listen();
  void accept();
  void accepted(error_code error, Socket socket, IoThread& target);
  void accept_waiting();
  void serve(Socket socket, IoThread& target);
  void session_ended();
  void drain();
  void cut();
  void stop();

  asio::thread_pool workers;
  const base::Clock& clock;
  compress::Registry registry;
  LiveSettings settings;
  Budget budget;
  RateLimit rate_limit;
  Names names;
  Shared shared;
  std::vector<std::unique_ptr<IoThread>> threads;
  using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
  std::optional<Acceptor> acceptor;         // of the first thread
  std::optional<SteadyTimer> accept_pause;  // of the first thread
  std::optional<SteadyTimer> drain_timer;   // of the first thread
  std::size_t next_thread = 0;
  Listener listener;                      // open as long as `acceptor`
  std::atomic<bool> handed_over = false;  // the socket lives on in another process

  std::mutex mutex;
  std::condition_variable changed;
  std::int64_t live = 0;  // sessions; guarded by mutex
  bool closed = false;    // nothing is accepted any more; guarded by mutex
  bool was_cut = false;   // guarded by mutex
};

// What does not fit is older than any period that somebody with that many requests would choose.
void ProxyServer::Impl::load_spending() {
  constexpr std::size_t kMostRows = 100'000;
  if (const auto rows = shared.services.ledger.recent(kMostRows)) budget.load(*rows, clock.now_ms());
}

Result<void> ProxyServer::Impl::listen() {
  auto opened = open_listener(shared.options);
  if (!opened) return std::unexpected(opened.error());
  listener = std::move(*opened);
  IoThread& first = *threads.front();
  acceptor.emplace(first.context);
  // Whatever the family is: only accepting is done with it.
  acceptor->assign(Tcp::v4(), listener.descriptor);
  accept_pause.emplace(first.context);
  drain_timer.emplace(first.context);
  return {};
}

// Sockets are made on the thread that will serve them, in turn.
void ProxyServer::Impl::accept() {
  IoThread& target = *threads[next_thread];
  next_thread = (next_thread + 1) % threads.size();
  acceptor->async_accept(
      target.context, [this, &target](error_code error, Socket socket) { accepted(error, std::move(socket), target); });
}

void ProxyServer::Impl::accepted(error_code error, Socket socket, IoThread& target) {
  if (error == asio::error::operation_aborted) return;
  if (error) {
    if (shared.draining.load()) return;
    // Out of file descriptors, most likely: let some connections end first.
    if (shared.log != nullptr) shared.log->warn(fmt::format("cannot accept a connection: {}", error.message()));
    accept_pause->expires_after(kAcceptPause);
    accept_pause->async_wait([this](error_code stopped) {
      if (!stopped) accept();
    });
    return;
  }
  serve(std::move(socket), target);
  if (!shared.draining.load()) accept();
}

void ProxyServer::Impl::serve(Socket socket, IoThread& target) {
  {
    const std::lock_guard lock(mutex);
    ++live;
  }
  asio::post(target.context, [this, &target, moved = std::move(socket)]() mutable {
    start_session(target.lane, std::move(moved), [this] { session_ended(); });
  });
}

// Closing the socket would reset who has connected and was not accepted yet. A successor serves them.
void ProxyServer::Impl::accept_waiting() {
  error_code error;
  acceptor->non_blocking(true, error);
  for (int left = asio::socket_base::max_listen_connections; left > 0 && !error; --left) {
    IoThread& target = *threads[next_thread];
    next_thread = (next_thread + 1) % threads.size();
    Socket socket(target.context.get_executor());
    acceptor->accept(socket, error);
    if (!error) serve(std::move(socket), target);
  }
}

void ProxyServer::Impl::session_ended() {
  const std::lock_guard lock(mutex);
  --live;
  if (live == 0) changed.notify_all();
}

void ProxyServer::Impl::drain() {
  if (shared.draining.exchange(true)) return;
  asio::post(threads.front()->context, [this] {
    if (!handed_over) accept_waiting();
    error_code ignored;
    acceptor->close(ignored);
    if (!listener.socket_file.empty() && !handed_over) ::unlink(listener.socket_file.c_str());
    for (auto& thread : threads) asio::post(thread->context, [&lane = thread->lane] { drain_sessions(lane); });
    drain_timer->expires_after(shared.limits.drain_timeout);
    drain_timer->async_wait([this](error_code stopped) {
      if (!stopped) cut();
    });
    // Behind an accept that has just succeeded.
    asio::post(threads.front()->context, [this] {
      const std::lock_guard lock(mutex);
      closed = true;
      changed.notify_all();
    });
  });
}

void ProxyServer::Impl::cut() {
  {
    const std::lock_guard lock(mutex);
    was_cut = was_cut || live > 0;
  }
  for (auto& thread : threads) asio::post(thread->context, [&lane = thread->lane] { cut_sessions(lane); });
}

void ProxyServer::Impl::stop() {
  shared.draining = true;
  for (auto& thread : threads) thread->context.stop();
  for (auto& thread : threads) {
    if (thread->thread.joinable()) thread->thread.join();
  }
  // What the workers and the fetching of credentials still hand back is destroyed with the contexts.
  workers.join();
  shared.aws.stop();
  names.stop();
  for (auto& thread : threads) {
    thread->lane.for_each_pool([](UpstreamPool& pool) { pool.clear(); });
  }
  drain_timer.reset();
  accept_pause.reset();
  acceptor.reset();
  threads.clear();
}

ProxyServer::ProxyServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ProxyServer::~ProxyServer() {
  impl_->stop();
}

Result<std::unique_ptr<ProxyServer>> ProxyServer::start(const config::Options& options, Services services,
                                                        Limits limits, Log* log) {
  auto upstreams = read_upstreams(options);
  if (!upstreams) return std::unexpected(upstreams.error());
  auto proxies = ForwardProxies::make(options, config::process_environment());
  if (!proxies) return std::unexpected(proxies.error());
  auto spendable = Budget::limit_of(options);
  if (!spendable) return std::unexpected(spendable.error());
  auto impl = std::make_unique<Impl>(options, *spendable, std::move(*proxies), services, limits, log);
  // The system's certificates take a while to read and can wait; what somebody named here is told about now.
  if (!options.ca_bundle.empty() || !options.client_cert.empty()) {
    if (auto usable = impl->shared.tls.get(); !usable) return std::unexpected(usable.error());
  }
  for (int i = 0; i < thread_count(options); ++i) {
    impl->threads.push_back(std::make_unique<IoThread>(impl->shared, *upstreams));
  }
  emit(services, context::Stage::kSetup);
  std::unique_ptr<ProxyServer> server(new ProxyServer(std::move(impl)));
  emit(services, context::Stage::kPreStart);
  if (auto listening = server->impl_->listen(); !listening) return std::unexpected(listening.error());
  // Connections wait from here on, but no request of theirs is told before this.
  emit(services, context::Stage::kPostStart, server->address());
  server->impl_->accept();
  for (auto& thread : server->impl_->threads) {
    thread->sweep_later();
    thread->thread = std::thread([&context = thread->context] { context.run(); });
  }
  return server;
}

int ProxyServer::port() const {
  return impl_->listener.port;
}

std::string ProxyServer::address() const {
  const config::Options& options = impl_->shared.options;
  return options.uds.empty() ? fmt::format("{}:{}", options.host, port()) : fmt::format("unix:{}", options.uds);
}

LiveSettings& ProxyServer::settings() {
  return impl_->settings;
}

int ProxyServer::listening_descriptor() const {
  return impl_->shared.draining.load() ? -1 : impl_->listener.descriptor;
}

void ProxyServer::hand_over() {
  impl_->handed_over = true;
  drain();
}

void ProxyServer::drain() {
  impl_->drain();
}

bool ProxyServer::wait() {
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait(lock, [this] { return impl_->closed && impl_->live == 0; });
  return !impl_->was_cut;
}

}  // namespace headroom::proxy
