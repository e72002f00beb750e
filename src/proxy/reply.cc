#include "proxy/reply.h"

#include "base/json_writer.h"

namespace headroom::proxy {
namespace {

std::string_view anthropic_error_type(int status) {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 502:
    case 504:
      return "api_error";
    default:
      return status < 500 ? "invalid_request_error" : "api_error";
  }
}

std::string_view openai_error_type(int status) {
  return status < 500 ? "invalid_request_error" : "server_error";
}

/// google.rpc.Code by its name, as Google's services map it to HTTP.
std::string_view google_status(int status) {
  switch (status) {
    case 401:
      return "UNAUTHENTICATED";
    case 403:
      return "PERMISSION_DENIED";
    case 404:
      return "NOT_FOUND";
    case 429:
      return "RESOURCE_EXHAUSTED";
    case 502:
    case 503:
      return "UNAVAILABLE";
    case 504:
      return "DEADLINE_EXCEEDED";
    default:
      return status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
  }
}

std::string_view bedrock_error_type(int status) {
  switch (status) {
    case 401:
    case 403:
      return "AccessDeniedException";
    case 404:
      return "ResourceNotFoundException";
    case 429:
      return "ThrottlingException";
    case 502:
    case 503:
      return "ServiceUnavailableException";
    case 504:
      return "ModelTimeoutException";
    default:
      return status < 500 ? "ValidationException" : "InternalServerException";
  }
}

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 426:
      return "Upgrade Required";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return status < 500 ? "Error" : "Internal Server Error";
  }
}

Reply provider_error(Provider provider, int status, std::string_view message) {
  base::JsonWriter json;
  json.begin_object();
  if (provider == Provider::kBedrock) {
    json.member("message", message).end_object();
    return {status,
            "application/json",
            std::move(json).take(),
            {{"x-amzn-ErrorType", std::string(bedrock_error_type(status))}}};
  }
  if (provider == Provider::kAnthropic) {
    json.member("type", "error");
    json.key("error").begin_object();
    json.member("type", anthropic_error_type(status)).member("message", message);
    json.end_object();
  } else if (provider == Provider::kGemini || provider == Provider::kVertex || provider == Provider::kCloudCode) {
    json.key("error").begin_object();
    json.member("code", status).member("message", message).member("status", google_status(status));
    json.end_object();
  } else {
    json.key("error").begin_object();
    json.member("message", message).member("type", openai_error_type(status));
    json.key("param").null();
    json.key("code").null();
    json.end_object();
  }
  json.end_object();
  return {status, "application/json", std::move(json).take()};
}

Reply api_error(int status, std::string_view type, std::string_view message) {
  base::JsonWriter json;
  json.begin_object().key("error").begin_object();
  json.member("type", type).member("message", message);
  json.end_object().end_object();
  return {status, "application/json", std::move(json).take()};
}

Reply detail_error(int status, std::string_view detail) {
  base::JsonWriter json;
  json.begin_object().member("detail", detail).end_object();
  return {status, "application/json", std::move(json).take()};
}

}  // namespace headroom::proxy
