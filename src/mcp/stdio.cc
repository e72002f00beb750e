#include "mcp/stdio.h"

#include <chrono>
#include <set>
#include <string>

#include <fmt/format.h>

#include "mcp/line_queue.h"
#include "mcp/lines.h"

namespace headroom::mcp {
namespace {

using Steady = std::chrono::steady_clock;

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

bool responds_to(const LineQueue::Line& line, std::string_view id) {
  if (line.text.find(id) == std::string::npos) return false;
  const auto document = base::JsonDocument::parse(line.text);
  if (!document) return false;
  const Message message = read_message(*document, document->root());
  return message.kind == Message::Kind::kResponse && message.id == id;
}

/// The id of the request that this line takes back; empty for any other line.
std::string cancelled_id(const LineQueue::Line& line) {
  if (line.text.find("notifications/cancelled") == std::string::npos) return {};
  const auto document = base::JsonDocument::parse(line.text);
  if (!document) return {};
  const Message message = read_message(*document, document->root());
  if (message.kind != Message::Kind::kNotification || message.params == nullptr) return {};
  const base::JsonNode* id = document->find_last(*message.params, "requestId");
  return id == nullptr ? std::string() : std::string(id->raw);
}

class LineServer final : public Link {
 public:
  LineServer(Session& session, int in, int out, std::size_t max_bytes, int patience_ms)
      : session_(session), queue_(in, max_bytes), out_(out), max_bytes_(max_bytes), patience_ms_(patience_ms) {}

  base::Result<void> serve() {
    for (;;) {
      while (!queue_.lines().empty()) {
        if (auto read = read_ahead(); !read) return read;
        for (; looked_at_ < queue_.lines().size(); ++looked_at_) note_cancelled(queue_.lines()[looked_at_]);
        const LineQueue::Line line = queue_.pop();
        --looked_at_;
        if (!answer(line)) return {};
      }
      if (queue_.ended()) return {};
      if (const auto read = queue_.fill(-1); !read) return std::unexpected(read.error());
    }
  }

  bool send(std::string message) override { return write_line(out_, std::move(message)); }

  std::optional<std::string> ask(std::string_view id, std::string request) override {
    if (!send(std::move(request))) return std::nullopt;
    const auto end = Steady::now() + std::chrono::milliseconds(patience_ms_);
    std::size_t seen = 0;
    for (;;) {
      for (; seen < queue_.lines().size(); ++seen) {
        if (responds_to(queue_.lines()[seen], id)) return queue_.take(seen);
      }
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Steady::now()).count();
      if (left <= 0 || queue_.full() || queue_.ended()) return std::nullopt;
      if (const auto read = queue_.fill(static_cast<int>(left)); !read) return std::nullopt;
    }
  }

 private:
  /// What is there already may take the next request back.
  base::Result<void> read_ahead() {
    while (!queue_.full() && !queue_.ended()) {
      const auto read = queue_.fill(0);
      if (!read) return std::unexpected(read.error());
      if (!*read) break;
    }
    return {};
  }

  void note_cancelled(const LineQueue::Line& line) {
    if (std::string id = cancelled_id(line); !id.empty()) cancelled_.insert(std::move(id));
  }

  /// A line that waits takes this one back.
  bool taken_back(const LineQueue::Line& line) {
    if (cancelled_.empty()) return false;
    if (const auto id = cancelled_.find(cancelled_id(line)); id != cancelled_.end()) {
      cancelled_.erase(id);  // it takes nothing back that comes after it
      return true;
    }
    const auto document = base::JsonDocument::parse(line.text);
    if (!document) return false;
    const Message message = read_message(*document, document->root());
    return message.kind == Message::Kind::kRequest && message.method != "initialize" && cancelled_.contains(message.id);
  }

  /// False when the client takes nothing any more.
  bool answer(const LineQueue::Line& line) {
    if (line.too_long) {
      return send(
          response_text({}, refuse(kInvalidRequest, fmt::format("a message may have at most {} bytes", max_bytes_))));
    }
    if (is_blank(line.text) || taken_back(line)) return true;
    auto response = session_.handle(line.text, *this);
    return !response || send(*std::move(response));
  }

  Session& session_;
  LineQueue queue_;
  const int out_;
  const std::size_t max_bytes_;
  const int patience_ms_;
  std::size_t looked_at_ = 0;                          // lines of the queue
  std::multiset<std::string, std::less<>> cancelled_;  // requests, by lines that are still in the queue
};

}  // namespace

base::Result<void> serve_lines(Session& session, int in, int out, std::size_t max_bytes, int patience_ms) {
  return LineServer(session, in, out, max_bytes, patience_ms).serve();
}

}  // namespace headroom::mcp
