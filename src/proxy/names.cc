#include "proxy/names.h"

#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/post.hpp>

namespace headroom::proxy {
namespace {

constexpr std::size_t kMostAnswered = 256;

}  // namespace

struct Names::Waiting {
  Executor executor;
  Then then;  // guarded by State::mutex; empty: told, or no longer interested
};

/// Outlives the Names by what its threads are still busy with.
struct Names::State {
  using Name = std::pair<std::string, std::string>;  // host and port

  std::mutex mutex;
  Resolve resolve;
  std::size_t most_at_once = 0;
  // Guarded by mutex, as all below.
  std::map<Name, std::vector<std::shared_ptr<Waiting>>> asked;  // queued, or being looked up
  std::deque<Name> queue;
  std::set<Name> answered;  // that had addresses before
  std::size_t threads = 0;

  void tell(const Name& name, const Found& found) {
    if (!found.error && answered.size() < kMostAnswered) answered.insert(name);
    const auto entry = asked.extract(name);
    if (entry.empty()) return;
    for (const auto& waiting : entry.mapped()) {
      if (!waiting->then) continue;
      asio::post(waiting->executor, [then = std::exchange(waiting->then, nullptr), found]() mutable { then(found); });
    }
  }
};

Names::Names(Resolve resolve, std::size_t most_at_once) : state_(std::make_shared<State>()) {
  state_->resolve = std::move(resolve);
  state_->most_at_once = most_at_once;
}

void Names::stop() {
  const std::lock_guard lock(state_->mutex);
  state_->queue.clear();
  for (const auto& [name, all] : state_->asked) {
    for (const auto& waiting : all) waiting->then = nullptr;
  }
  state_->asked.clear();
}

Names::Asked::~Asked() {
  const std::lock_guard lock(state_->mutex);
  waiting_->then = nullptr;
}

Names::Asked Names::look_up(const std::string& host, const std::string& port, const Executor& executor, Then then) {
  auto waiting = std::make_shared<Waiting>(executor, std::move(then));
  const std::lock_guard lock(state_->mutex);
  const State::Name name(host, port);
  const auto [entry, is_new] = state_->asked.try_emplace(name);
  entry->second.push_back(waiting);
  if (!is_new) return {state_, std::move(waiting)};
  if (state_->answered.contains(name)) {
    state_->queue.push_front(name);
  } else {
    state_->queue.push_back(name);
    if (state_->threads >= state_->most_at_once) return {state_, std::move(waiting)};
  }
  try {
    std::thread([state = state_] { answer_queued(state); }).detach();
    ++state_->threads;
  } catch (const std::system_error&) {  // no more threads: those that there are will come to it
    if (state_->threads == 0) {
      state_->queue.clear();
      state_->tell(name, {asio::error::no_buffer_space, {}});
    }
  }
  return {state_, std::move(waiting)};
}

void Names::answer_queued(const std::shared_ptr<State>& state) {
  std::unique_lock lock(state->mutex);
  for (bool first = true; !state->queue.empty() && (first || state->threads <= state->most_at_once); first = false) {
    const State::Name name = std::move(state->queue.front());
    state->queue.pop_front();
    lock.unlock();
    const Found found = state->resolve(name.first, name.second);
    lock.lock();
    state->tell(name, found);
  }
  --state->threads;
}

Names::Found Names::ask_system(const std::string& host, const std::string& port) {
  asio::io_context context{1};
  Tcp::resolver resolver(context);
  Found found;
  for (const auto& entry : resolver.resolve(host, port, found.error)) found.endpoints.push_back(entry.endpoint());
  return found;
}

}  // namespace headroom::proxy
