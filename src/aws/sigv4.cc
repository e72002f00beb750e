#include "aws/sigv4.h"

#include <algorithm>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/hash.h"
#include "base/text.h"

namespace headroom::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kEnd = "aws4_request";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    out += escape ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

/// The parts between slashes, without empty ones and dots, each escaped once more.
std::string canonical_path(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
    begin = end + 1;
  }
  std::string out;
  for (const std::string_view part : parts) {
    out += '/';
    url_encode(out, part);
  }
  if (out.empty() || path.ends_with('/')) out += '/';
  return out;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto& [name, value] = pairs.emplace_back();
    url_encode(name, decoded(pair.substr(0, equals)));
    url_encode(value, decoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
  std::ranges::sort(pairs);
  std::string out;
  for (const auto& [name, value] : pairs) out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, value);
  return out;
}

std::string lower(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

/// Without blanks around it; several in a row are one.
std::string squeezed(std::string_view value) {
  std::string out;
  for (const char c : base::trim(value)) {
    if (c != ' ' || !out.ends_with(' ')) out += c;
  }
  return out;
}

/// Names in order, each with its values in theirs.
std::vector<std::pair<std::string, std::string>> canonical_headers(const Request& request) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const Header& header : request.headers) headers.emplace_back(lower(header.name), squeezed(header.value));
  std::ranges::stable_sort(headers, {}, [](const auto& header) { return header.first; });
  std::vector<std::pair<std::string, std::string>> joined;
  for (auto& header : headers) {
    if (!joined.empty() && joined.back().first == header.first) {
      joined.back().second += ',' + header.second;
    } else {
      joined.push_back(std::move(header));
    }
  }
  return joined;
}

std::string header_names(const Request& request) {
  std::string names;
  for (const auto& [name, value] : canonical_headers(request)) names += (names.empty() ? "" : ";") + name;
  return names;
}

std::string scope_text(const Scope& scope) {
  return fmt::format("{}/{}/{}/{}", scope.time.substr(0, 8), scope.region, scope.service, kEnd);
}

/// What stands behind `name` up to a comma.
std::string_view member(std::string_view text, std::string_view name) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + name.size());
  return base::trim(text.substr(0, text.find(',')));
}

std::string_view take_part(std::string_view& text, char end) {
  const std::string_view part = text.substr(0, text.find(end));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

}  // namespace

void url_encode(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain =
        is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
}

std::optional<Authorization> read_authorization(std::string_view value) {
  if (!value.starts_with(kAlgorithm)) return std::nullopt;
  Authorization read;
  std::string_view credential = member(value, "Credential=");
  read.key_id = take_part(credential, '/');
  read.day = take_part(credential, '/');
  read.region = take_part(credential, '/');
  read.service = take_part(credential, '/');
  std::string_view names = member(value, "SignedHeaders=");
  while (!names.empty()) read.signed_headers.push_back(take_part(names, ';'));
  read.signature = member(value, "Signature=");
  const bool whole =
      credential == kEnd && !read.key_id.empty() && !read.signed_headers.empty() && !read.signature.empty();
  return whole ? std::optional(read) : std::nullopt;
}

std::string sign_time(std::int64_t now_ms) {
  const std::chrono::sys_seconds at{std::chrono::seconds(now_ms / 1000)};
  return fmt::format("{:%Y%m%dT%H%M%SZ}", at);
}

std::optional<std::int64_t> read_sign_time(std::string_view text) {
  static constexpr std::string_view kForm =
      "dddddddd"
      "T"
      "dddddd"
      "Z";
  if (text.size() != kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == 'd' ? !is_digit(text[i]) : text[i] != kForm[i]) return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(at, size)) value = value * 10 + (c - '0');
    return value;
  };
  using namespace std::chrono;
  const year_month_day day{year(number(0, 4)), month(static_cast<unsigned>(number(4, 2))),
                           std::chrono::day(static_cast<unsigned>(number(6, 2)))};
  if (!day.ok()) return std::nullopt;
  const auto at = sys_days(day) + hours(number(9, 2)) + minutes(number(11, 2)) + seconds(number(13, 2));
  return duration_cast<milliseconds>(at.time_since_epoch()).count();
}

std::string canonical_request(const Request& request) {
  std::string out =
      fmt::format("{}\n{}\n{}\n", request.method, canonical_path(request.path), canonical_query(request.query));
  for (const auto& [name, value] : canonical_headers(request)) out += fmt::format("{}:{}\n", name, value);
  return out + fmt::format("\n{}\n{}", header_names(request), request.payload_hash);
}

std::string signature(const Request& request, const Scope& scope, std::string_view secret) {
  const std::string to_sign = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, scope.time, scope_text(scope),
                                          base::sha256_hex(canonical_request(request)));
  std::string key = base::hmac_sha256(fmt::format("AWS4{}", secret), scope.time.substr(0, 8));
  for (const std::string_view part : {scope.region, scope.service, kEnd}) key = base::hmac_sha256(key, part);
  return base::hex(base::hmac_sha256(key, to_sign));
}

std::string authorization(const Request& request, const Scope& scope, const Credentials& credentials) {
  return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm, credentials.key_id,
                     scope_text(scope), header_names(request), signature(request, scope, credentials.secret));
}

}  // namespace headroom::aws
