#include "cli/demo_provider.h"

#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>

namespace headroom::cli {
namespace {

/// The shortest answer that is valid in the format of the request's path.
std::string answer_for(const HttpMessage& request) {
  const bool openai = request.start_line.find("/chat/completions") != std::string::npos;
  const std::string_view body =
      openai ? R"({"id":"chatcmpl-demo","object":"chat.completion","created":0,"model":"demo","choices":[{"index":0,)"
               R"("message":{"role":"assistant","content":"Understood."},"finish_reason":"stop"}],)"
               R"("usage":{"prompt_tokens":0,"completion_tokens":2,"total_tokens":2}})"
             : R"({"id":"msg_demo","type":"message","role":"assistant","model":"demo","content":[{"type":"text",)"
               R"("text":"Understood."}],"stop_reason":"end_turn","stop_sequence":null,)"
               R"("usage":{"input_tokens":0,"output_tokens":2}})";
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", body.size(),
                     body);
}

}  // namespace

base::Result<std::unique_ptr<DemoProvider>> DemoProvider::start() {
  auto listener = listen_on_loopback();
  if (!listener) return std::unexpected(listener.error());
  return std::unique_ptr<DemoProvider>(new DemoProvider(*std::move(listener)));
}

DemoProvider::DemoProvider(Socket listener)
    : listener_(std::move(listener)),
      port_(bound_port(listener_)),
      acceptor_([this](const std::stop_token& stop) { accept_all(stop); }) {}

DemoProvider::~DemoProvider() {
  acceptor_.request_stop();
  listener_.shut_down();
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& connection : connections_) connection->shut_down();
  }
  workers_.clear();
}

std::vector<std::string> DemoProvider::take_received() {
  const std::lock_guard lock(mutex_);
  return std::exchange(received_, {});
}

void DemoProvider::accept_all(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const int handle = accept(listener_.handle(), nullptr, nullptr);
    if (handle < 0) continue;
    auto connection = std::make_shared<Socket>(handle);
    {
      const std::lock_guard lock(mutex_);
      connections_.push_back(connection);
    }
    workers_.emplace_back([this, connection] { serve(connection); });
  }
}

void DemoProvider::serve(const std::shared_ptr<Socket>& connection) {
  std::string carry;
  while (true) {
    auto request = read_http(*connection, carry);
    if (!request) return;
    const std::string answer = answer_for(*request);
    {
      const std::lock_guard lock(mutex_);
      received_.push_back(std::move(request->body));
    }
    if (!write_all(*connection, answer)) return;
  }
}

}  // namespace headroom::cli
