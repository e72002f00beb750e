#include "proxy/http_head.h"

#include <algorithm>

#include "proxy/http_parser.h"

namespace headroom::proxy {
namespace {

constexpr std::size_t kStatusLineWithoutReason = std::string_view("HTTP/1.1 200").size();

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::unexpected<HttpError> refuse(int status, std::string message) {
  return std::unexpected<HttpError>(HttpError{status, std::move(message)});
}

bool starts_with_ci(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equals_ci(text.substr(0, prefix.size()), prefix);
}

// A path, a whole URL, or what CONNECT and OPTIONS ask about. Anything else would run into the upstream's base path.
bool is_target(const RequestHead& head) {
  const std::string_view target = head.target;
  if (target.contains('#')) return false;  // a reader may end the path there, and another not
  return target.starts_with('/') || target == "*" || head.method == "CONNECT" || starts_with_ci(target, "http://") ||
         starts_with_ci(target, "https://");
}

// Splits an origin-form ("/a?b"), absolute-form ("http://h/a?b") or asterisk target.
void split_target(RequestHead& head) {
  std::string_view rest = head.target;
  head.authority = head.fields.get("host");
  if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos && rest.front() != '/') {
    const std::size_t slash = rest.find_first_of("/?", scheme + 3);
    head.authority = rest.substr(scheme + 3, slash == std::string_view::npos ? slash : slash - scheme - 3);
    rest = slash == std::string_view::npos ? std::string_view("/") : rest.substr(slash);
  }
  const std::size_t question = rest.find('?');
  head.path = question == 0 ? std::string_view("/") : rest.substr(0, question);
  head.query = question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
}

bool keeps_alive(const Head& head) {
  if (head.fields.lists("connection", "close")) return false;
  return head.minor >= 1 || head.fields.lists("connection", "keep-alive");
}

}  // namespace

bool equal_letters(std::string_view a, std::string_view b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

void Fields::set(std::string_view name, std::string_view value) {
  bool done = false;
  std::erase_if(fields_, [&](Field& field) {
    if (!equals_ci(field.name, name)) return false;
    if (done) return true;
    field.value = value;
    done = true;
    return false;
  });
  if (!done) add({name, value});
}

std::string_view Fields::get(std::string_view name) const {
  for (const Field& field : fields_) {
    if (equals_ci(field.name, name)) return field.value;
  }
  return {};
}

std::size_t Fields::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(fields_.begin(), fields_.end(), [&](const Field& field) { return equals_ci(field.name, name); }));
}

bool Fields::lists(std::string_view name, std::string_view token) const {
  for (const Field& field : fields_) {
    if (!equals_ci(field.name, name)) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::size_t comma = rest.find(',');
      if (equals_ci(trim_blanks(rest.substr(0, comma)), token)) return true;
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
  }
  return false;
}

bool RequestHead::keep_alive() const {
  return keeps_alive(*this);
}
bool ResponseHead::keep_alive() const {
  return keeps_alive(*this);
}

void scan_head(std::string_view received, HeadScan& scan) {
  while (scan.scanned < received.size()) {
    const std::size_t feed = received.find('\n', scan.scanned);
    if (feed == std::string_view::npos) {
      scan.scanned = received.size();
      return;
    }
    scan.scanned = feed + 1;
    if (feed == 0 || received[feed - 1] != '\r') {
      scan.state = HeadScan::State::kMalformed;
      return;
    }
    if (feed >= 3 && received[feed - 2] == '\n') {
      scan.state = HeadScan::State::kComplete;
      scan.size = feed + 1;
      return;
    }
  }
}

std::expected<RequestHead, HttpError> parse_request_head(std::string_view text) {
  RequestHead head;
  head.bytes.assign(text.begin(), text.end());
  if (auto refused = read_head(head)) return std::unexpected(std::move(*refused));
  const std::size_t hosts = head.fields.count("host");
  if (hosts > 1 || (hosts == 0 && head.minor == 1)) return refuse(400, "HTTP/1.1 wants exactly one Host header");
  if (!is_target(head)) return refuse(400, "a request target that is no path");
  split_target(head);
  return head;
}

std::expected<ResponseHead, HttpError> parse_response_head(std::string_view text) {
  ResponseHead head;
  head.bytes.assign(text.begin(), text.end());
  // Some servers leave out the space before an empty reason, which the grammar wants.
  if (const std::size_t line = text.find("\r\n"); line == kStatusLineWithoutReason) {
    head.bytes.insert(head.bytes.begin() + kStatusLineWithoutReason, ' ');
  }
  if (auto refused = read_head(head)) return std::unexpected(std::move(*refused));
  return head;
}

}  // namespace headroom::proxy
