#include "cli/router_watch.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "cli/file_watch.h"

namespace headroom::cli {
namespace {

constexpr std::chrono::seconds kInterval{2};
/// A program that puts its address back as often as we put ours there is left to it.
constexpr int kMostWrites = 3;

}  // namespace

struct RouterWatch::Impl {
  const Invocation& invocation;
  AgentContext& context;
  Start start;
  const std::string owner = "wrap " + start.agent.name;
  std::vector<SharedProxy> proxies;
  std::vector<std::string> notes;
  std::map<std::string, int> writes;  ///< by what the file says without us
  std::vector<std::string> known;     ///< what the keys say without us
  std::string trouble;                ///< that is told and not yet over
  bool moved = false;                 ///< to a new proxy, which the files may not yet name
  const agents::Upstreams first = start.upstreams;
  std::jthread thread;

  void say(std::string note) {
    if (start.say_at_once) {
      invocation.console().note(fmt::format("headroom: {}\n", note));
    } else {
      notes.push_back(std::move(note));
    }
  }

  /// What cannot be done is told once, and tried again.
  bool fail(const std::string& what, std::string_view why) {
    if (trouble != what) say(fmt::format("{}: {}; it is tried again", what, why));
    trouble = what;
    return false;
  }

  std::vector<std::string> files() const {
    std::vector<std::string> all;
    for (std::string& file : agents::live_files(start.agent, context.situation())) {
      std::error_code error;
      const auto whole = std::filesystem::absolute(file, error);
      all.push_back(error ? std::move(file) : whole.string());
    }
    return all;
  }

  base::Result<agents::LiveRouting> routing() {
    return agents::live_routing(start.agent, context.situation(), start.root);
  }

  static std::vector<std::string> values_of(const agents::LiveRouting& live) {
    std::vector<std::string> all;
    for (const agents::LiveKey& key : live.keys) all.push_back(key.before);
    return all;
  }

  agents::Upstreams wanted_by(const agents::LiveRouting& live) const {
    return upstreams_with(invocation.options(), live.upstreams);
  }

  /// An address of ours whose proxy does not send on to where ours does.
  bool leads_elsewhere(const agents::LiveKey& key) const {
    const auto of = context.situation().own_proxy(key.now);
    return !of || upstreams_with(invocation.options(), *of) != start.upstreams;
  }

  /// Others' words in a file that we have changed, or that they have changed just now; not after `headroom unwrap`.
  /// After a move also our own words, where they came over those that ask for it: another wrap, or we, may have written
  /// them while the file changed.
  bool is_to_be_written(const agents::LiveRouting& live) {
    const auto records = context.journal().records();
    if (!records) return false;
    const bool changed = values_of(live) != known;
    return std::ranges::any_of(live.keys, [&](const agents::LiveKey& key) {
      if (key.ours()) return moved && leads_elsewhere(key);
      const bool held = std::ranges::any_of(*records, [&](const agents::Record& record) {
        return record.file == key.file &&
               std::ranges::find(record.edits, owner, &agents::OwnedEdit::owner) != record.edits.end();
      });
      return held || changed;
    });
  }

  /// Whom the requests go to now, in words.
  static std::string told(const agents::Upstreams& before, const agents::Upstreams& after) {
    std::string text;
    for (const auto& [name, url] : after) {
      const auto old = before.find(name);
      if (old != before.end() && old->second == url) continue;
      text += fmt::format("{}{}", text.empty() ? "" : ", ", url.empty() ? "the provider" : url);
    }
    return text;
  }

  /// Puts the address of the proxy in use into the files. False: to be tried again.
  bool write(const agents::LiveRouting& seen) {
    int& count = writes[fmt::format("{}", fmt::join(values_of(seen), " "))];
    const std::string file = seen.keys.front().file;
    if (count > kMostWrites) return true;
    if (count == kMostWrites) {
      ++count;
      say(fmt::format("another program keeps changing {}: it is left to it, and requests go where that says", file));
      return true;
    }
    const auto clients = agents::Clients::open(all_clients_folder(invocation.options()));
    const auto lock = clients ? clients->lock() : std::unexpected(clients.error());
    const auto live = lock ? routing() : std::unexpected(lock.error());
    // Changed since: whether the proxy in use is the one for that, the next look finds out.
    if (live && (values_of(*live) != values_of(seen) || wanted_by(*live) != start.upstreams)) return false;
    const auto done = live ? context.journal().apply(owner, live->files) : std::unexpected(live.error());
    if (!done) return fail(fmt::format("{} stays as it is", file), done.error().message);
    ++count;
    return true;
  }

  /// False: to be repeated, though nobody writes.
  bool look() {
    auto live = routing();
    if (!live) return false;  // half written, perhaps
    const agents::Upstreams wanted = wanted_by(*live);
    const std::string where = told(start.upstreams, wanted);
    if (values_of(*live) != known) writes.clear();
    if (!where.empty() && (start.told_by_words || live->keys.empty())) {
      if (wanted != first) {
        say(
            fmt::format("the settings of {} now name {}; it was told the proxy's address when it started, and goes on "
                        "to where it went: start it again for the new one",
                        start.agent.title, where));
      }
      start.upstreams = wanted;
      known = values_of(*live);
      return true;
    }
    if (!where.empty()) {
      std::vector<std::string> passed;
      auto proxy = share_proxy(invocation, start.agent.name, live->upstreams, passed);
      if (!proxy) return fail(fmt::format("no proxy for {}", where), proxy.error().message);
      start.root = proxy->root() + start.behind;
      start.upstreams = wanted;
      moved = true;
      proxies.push_back(*std::move(proxy));
      say(fmt::format("another program has changed the settings of {}: the proxy at {} sends on to {}",
                      start.agent.title, start.root, where));
      // To start a proxy takes time: what has come into the file meanwhile is not for this one.
      if (live = routing(); !live || wanted_by(*live) != wanted) return false;
    }
    if (is_to_be_written(*live) && !write(*live)) return false;
    known = values_of(*live);
    trouble.clear();
    moved = false;
    return true;
  }

  void run(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock guard(mutex);
    std::vector<std::string> watched = files();
    if (watched.empty()) return;
    FileWatch watch(std::move(watched));
    while (!wake.wait_for(guard, stop, kInterval, [&stop] { return stop.stop_requested(); })) {
      if (watch.is_due() && !look()) watch.failed();
    }
  }
};

RouterWatch::RouterWatch(const Invocation& invocation, AgentContext& context, Start start)
    : impl_(std::make_unique<Impl>(Impl{.invocation = invocation, .context = context, .start = std::move(start)})) {
  if (const auto live = impl_->routing()) impl_->known = Impl::values_of(*live);
  // Signals are for the thread that waits for the agent.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  impl_->thread = std::jthread([impl = impl_.get()](const std::stop_token& stop) { impl->run(stop); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

RouterWatch::~RouterWatch() = default;

std::vector<SharedProxy> RouterWatch::stop() {
  impl_->thread.request_stop();
  impl_->thread.join();
  for (const std::string& note : impl_->notes) impl_->invocation.console().note(fmt::format("headroom: {}\n", note));
  return std::move(impl_->proxies);
}

}  // namespace headroom::cli
