#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "audit/log.h"
#include "aws/sources.h"
#include "base/clock.h"
#include "base/result.h"
#include "config/options.h"
#include "context/pipeline.h"
#include "proxy/live_settings.h"
#include "store/ledger.h"
#include "store/offer_record.h"
#include "store/original_store.h"
#include "telemetry/exporter.h"

namespace headroom::proxy {

class Log;

/// What the proxy works with. Borrowed: everything must outlive the server, and all of it is used from several threads.
struct Services {
  const context::Pipeline& pipeline;
  store::OriginalStore* store;  ///< nullptr: nothing is stored, /v1/retrieve knows nothing
  store::Ledger& ledger;
  const base::Clock& clock;
  Reload reload = {};                         ///< how settings change while it runs; without it they do not
  aws::Sources aws = aws::process_sources();  ///< of what requests for AWS are signed with; run_proxy adds a network
  audit::Log* audit = nullptr;                ///< is told of each request; nullptr: nobody is
  store::OfferRecord* offers = nullptr;       ///< is told what was asked for; nullptr: nothing is learned
  telemetry::Exporter* telemetry = nullptr;   ///< is told of each request to a model; nullptr: nobody is
  /// Shows programs of the same workspace that the proxy is of it: what it answers to a challenge at the port where it
  /// was asked. nullopt: it cannot.
  std::function<std::optional<std::string>(std::string_view challenge, int port)> prove = {};
};

/// Bounds that protect the process. The defaults are meant for use; tests shorten them.
struct Limits {
  std::size_t max_head_bytes = 64 * 1024;                ///< request or response head; more is 431 or 502
  std::size_t max_head_fields = 256;                     ///< in a request head; more is 431
  std::size_t inline_body_bytes = 32 * 1024;             ///< larger bodies are compressed on the worker threads
  std::chrono::milliseconds head_timeout{15'000};        ///< from the first byte of a request head to its last
  std::chrono::milliseconds keep_alive_timeout{75'000};  ///< between two requests of a client
  std::chrono::milliseconds body_timeout{30'000};        ///< without a single byte of an announced request body
  std::uint64_t min_body_bytes_per_s = 1024;             ///< of a request body, on the whole, after body_timeout
  std::size_t large_body_bytes = 128 * 1024;             ///< bodies from here on need a place in the room
  /// That large bodies share, until they are compressed: one and a half of 1 MiB for each that is worked on at once.
  std::size_t body_room_bytes = std::size_t{std::max(2U, std::thread::hardware_concurrency())} * (std::size_t{3} << 19);
  std::chrono::milliseconds body_room_patience{1'000};  ///< see BodyRoom
  std::chrono::milliseconds connect_timeout{0};         ///< name, TCP and TLS together; 0: from Options
  std::chrono::milliseconds response_timeout{0};  ///< without a byte from (or to) a peer that owes one; 0: from Options
  std::chrono::milliseconds pool_idle_timeout{45'000};  ///< upstream connections unused for longer are closed
  int retrieval_rounds = 3;                             ///< of one answer that get what the model retrieves
  std::size_t retrieval_tokens = 50'000;                ///< that one answer's retrievals may give, all together
  std::chrono::milliseconds drain_timeout{30'000};      ///< requests in flight get this long after drain()
  std::chrono::milliseconds drain_grace{1'000};         ///< a connection without a request yet, to send one then
};

/// The proxy on its own threads: an acceptor, Options::threads I/O threads and as many workers for large bodies.
class ProxyServer {
 public:
  /// Listens (see listener.h) and serves at once. kInvalidArgument for a bad upstream
  /// URL or host, kIo when the address cannot be bound; the message says what to do. `log` may be nullptr: says
  /// nothing.
  static base::Result<std::unique_ptr<ProxyServer>> start(const config::Options& options, Services services,
                                                          Limits limits = {}, Log* log = nullptr);
  /// Stops at once, cutting what is in flight, and joins all threads.
  ~ProxyServer();

  ProxyServer(const ProxyServer&) = delete;
  ProxyServer& operator=(const ProxyServer&) = delete;

  /// The port that was bound; 0 for a Unix socket.
  int port() const;
  /// "127.0.0.1:8787", "unix:/run/headroom.sock".
  std::string address() const;
  /// What counts for the next request.
  LiveSettings& settings();
  /// For a successor; -1 from a drain on.
  int listening_descriptor() const;
  /// Drains, as another process goes on with the same socket.
  void hand_over();
  /// Stops accepting, lets requests in flight finish (at most Limits::drain_timeout), closes idle connections. What had
  /// connected before is served, if it asks something soon. Returns
  /// at once; any thread may call it, more than once.
  void drain();
  /// Blocks until a drain is complete. True when nothing had to be cut.
  bool wait();

 private:
  struct Impl;
  explicit ProxyServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// `headroom proxy`: serves until SIGTERM or SIGINT, drains, and gives the exit code (0; 1 when requests had to be
/// cut). A second signal ends the process at once. SIGHUP reads the settings again; SIGUSR2 starts a successor that
/// takes over the socket, and drains once that serves. Logs to stderr; SIGPIPE is ignored from here on.
base::Result<int> run_proxy(const config::Options& options, Services services, Limits limits = {});

}  // namespace headroom::proxy
