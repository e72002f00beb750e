#include "aws/metadata.h"

#include <algorithm>
#include <array>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include "aws/config_files.h"
#include "aws/credentials_json.h"
#include "aws/endpoint.h"
#include "base/text.h"

namespace headroom::aws {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::chrono::milliseconds kMachineTimeout{1'000}, kContainerTimeout{2'000};
constexpr std::int64_t kSilenceMs = 10 * 60'000;

/// The token may go there without TLS.
bool is_near(std::string_view host) {
  static constexpr std::array<std::string_view, 4> kNear{"169.254.170.2", "169.254.170.23", "fd00:ec2::23",
                                                         "localhost"};
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(host), error);
  return std::ranges::find(kNear, host) != kNear.end() || (!error && address.is_loopback());
}

base::Result<Found> read_answer(const base::Result<HttpAnswer>& answer, std::string_view who) {
  if (!answer) return fail(answer.error().code, fmt::format("{} cannot be asked: {}", who, answer.error().message));
  if (answer->status != 200) {
    return fail(ErrorCode::kUnavailable, fmt::format("{} answers with status {}", who, answer->status));
  }
  auto found = credentials_in_json(answer->body, kOfMetadata);
  if (!found) return fail(found.error().code, fmt::format("{}: {}", who, found.error().message));
  return found;
}

std::string metadata_address(const Sources& sources) {
  std::string url = variable(sources, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
  while (url.ends_with('/')) url.pop_back();
  if (!url.empty()) return url;
  const bool six = base::equals_ci(variable(sources, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"), "ipv6");
  return six ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
}

}  // namespace

base::Result<Found> container_credentials(const Sources& sources, const std::stop_token& stop) {
  constexpr std::string_view kWho = "the container's credential service";
  HttpCall call;
  call.timeout = kContainerTimeout;
  call.direct = true;
  if (const std::string path = variable(sources, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"); !path.empty()) {
    if (!path.starts_with('/')) {
      return fail(ErrorCode::kInvalidArgument, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path");
    }
    call.url = "http://169.254.170.2" + path;
  } else {
    call.url = variable(sources, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (call.url.empty()) return fail(ErrorCode::kNotFound, "this is no container with credentials");
    const auto to = read_endpoint(call.url);
    if (!to || (!to->tls && !is_near(to->host))) {
      return fail(ErrorCode::kInvalidArgument,
                  "AWS_CONTAINER_CREDENTIALS_FULL_URI must be https://, or name loopback or a container's address");
    }
  }
  std::string token = variable(sources, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const std::string path = variable(sources, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !path.empty()) {
    const auto read = sources.file(path);
    if (!read) return fail(ErrorCode::kIo, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read");
    token = base::trim(*read);
  }
  if (token.find_first_of("\r\n") != std::string::npos) {
    return fail(ErrorCode::kInvalidArgument, "the container's authorization token has line ends in it");
  }
  if (!token.empty()) call.headers.emplace_back("Authorization", std::move(token));
  if (!sources.http) return fail(ErrorCode::kUnavailable, "the network is not asked here");
  return read_answer(sources.http(call, stop), kWho);
}

base::Result<Found> MachineMetadata::find(const Sources& sources, std::int64_t now_ms, const std::stop_token& stop) {
  constexpr std::string_view kWho = "the machine's metadata service";
  const bool disabled = base::equals_ci(variable(sources, "AWS_EC2_METADATA_DISABLED"), "true");
  if (disabled || !sources.http || now_ms < silent_until_ms_) {
    return fail(ErrorCode::kNotFound, "there are no AWS credentials here");
  }
  const std::string address = metadata_address(sources);
  HttpCall call{
      "PUT", address + "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}}, "", kMachineTimeout,
      true};
  const auto token = sources.http(call, stop);
  if (!token || token->status != 200) {
    silent_until_ms_ = now_ms + kSilenceMs;
    return fail(ErrorCode::kNotFound, "there are no AWS credentials here, and this is no machine of EC2");
  }
  call.method = "GET";
  call.headers = {{"X-aws-ec2-metadata-token", token->body}};
  call.url = address + "/latest/meta-data/iam/security-credentials/";
  const auto names = sources.http(call, stop);
  if (names && names->status == 404) return fail(ErrorCode::kNotFound, "this machine of EC2 has no role");
  if (!names || names->status != 200) return read_answer(names, kWho);
  call.url += base::trim(names->body.substr(0, names->body.find('\n')));
  return read_answer(sources.http(call, stop), kWho);
}

}  // namespace headroom::aws
