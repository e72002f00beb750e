#include "proxy/http_head.h"

#include <algorithm>
#include <array>

namespace headroom::proxy {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[c] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[c] = table[c - 32] = true;
  for (char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kTokenChars = make_token_table();

bool is_token(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return kTokenChars[static_cast<unsigned char>(c)]; });
}

// Visible characters, blanks and bytes over 127; a line end cannot be in here, other controls must not.
bool is_field_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u >= 0x20 && u != 0x7f) || u == '\t';
  });
}

bool is_target(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u > 0x20 && u != 0x7f;
  });
}

std::unexpected<HttpError> refuse(int status, std::string message) {
  return std::unexpected<HttpError>(HttpError{status, std::move(message)});
}

// "HTTP/1.0" or "HTTP/1.1"; -1 for another 1.x spelling or version.
int minor_version(std::string_view text) {
  if (text == "HTTP/1.1") return 1;
  if (text == "HTTP/1.0") return 0;
  return -1;
}

// Takes the next CRLF-ended line from `rest`.
std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find("\r\n");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
  return line;
}

std::expected<void, HttpError> parse_fields(std::string_view rest, Fields& fields) {
  while (!rest.empty()) {
    const std::string_view line = next_line(rest);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') return refuse(400, "a folded header line");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return refuse(400, "a header line without a colon");
    const Field field{line.substr(0, colon), trim_blanks(line.substr(colon + 1))};
    if (!is_token(field.name)) return refuse(400, "a header name with a character that names cannot have");
    if (!is_field_text(field.value)) return refuse(400, "a header value with a control character");
    fields.add(field);
  }
  return {};
}

// Splits an origin-form ("/a?b"), absolute-form ("http://h/a?b") or asterisk target.
void split_target(RequestHead& head) {
  std::string_view rest = head.target;
  if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos && rest.front() != '/') {
    const std::size_t slash = rest.find('/', scheme + 3);
    rest = slash == std::string_view::npos ? std::string_view("/") : rest.substr(slash);
  }
  const std::size_t question = rest.find('?');
  head.path = rest.substr(0, question);
  head.query = question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
}

bool keeps_alive(const Head& head) {
  if (head.fields.lists("connection", "close")) return false;
  return head.minor >= 1 || head.fields.lists("connection", "keep-alive");
}

}  // namespace

bool equals_ci(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
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
  std::string_view rest(head.bytes.data(), head.bytes.size());
  const std::string_view line = next_line(rest);
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return refuse(400, "a malformed request line");
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  head.minor = minor_version(line.substr(last + 1));
  if (!is_token(head.method) || !is_target(head.target)) return refuse(400, "a malformed request line");
  if (head.minor < 0) return refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
  if (auto parsed = parse_fields(rest, head.fields); !parsed) return std::unexpected(parsed.error());
  const std::size_t hosts = head.fields.count("host");
  if (hosts > 1 || (hosts == 0 && head.minor == 1)) return refuse(400, "HTTP/1.1 wants exactly one Host header");
  split_target(head);
  return head;
}

std::expected<ResponseHead, HttpError> parse_response_head(std::string_view text) {
  ResponseHead head;
  head.bytes.assign(text.begin(), text.end());
  std::string_view rest(head.bytes.data(), head.bytes.size());
  const std::string_view line = next_line(rest);
  if (line.size() < 12 || line[8] != ' ') return refuse(502, "a malformed status line");
  head.minor = minor_version(line.substr(0, 8));
  if (head.minor < 0) return refuse(502, "an answer in another protocol than HTTP/1");
  for (const char c : line.substr(9, 3)) {
    if (c < '0' || c > '9') return refuse(502, "a malformed status line");
    head.status = head.status * 10 + (c - '0');
  }
  if (head.status < 100 || (line.size() > 12 && line[12] != ' ')) return refuse(502, "a malformed status line");
  head.reason = line.size() > 13 ? line.substr(13) : std::string_view();
  if (!is_field_text(head.reason)) return refuse(502, "a malformed status line");
  if (auto parsed = parse_fields(rest, head.fields); !parsed) return refuse(502, parsed.error().message);
  return head;
}

}  // namespace headroom::proxy
