#include "compress/other_words.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kMost = 24;

/// What people say, and what it is called. Kinds of software and well known standards, no particular output.
struct Names {
  std::string_view said;    ///< words that stand together
  std::string_view called;  ///< separated by blanks
};

constexpr std::array<Names, 30> kNames = {{
    {"compiler", "gcc clang cc rustc javac"},
    {"tls", "ssl openssl gnutls mbedtls"},
    {"ssl", "tls openssl gnutls"},
    {"https", "tls ssl"},
    {"cryptography", "crypto openssl gcrypt nettle sodium"},
    {"encryption", "crypto tls ssl"},
    {"web server", "apache apache2 nginx httpd caddy lighttpd"},
    {"database", "postgres postgresql mysql mariadb sqlite mongo redis"},
    {"browser", "firefox chromium chrome safari"},
    {"editor", "vim nano emacs"},
    {"shell", "bash zsh dash"},
    {"compression", "zlib gzip zstd lzma brotli"},
    {"version control", "git mercurial subversion"},
    {"c library", "libc glibc musl"},
    {"c++ library", "libstdc libc"},
    {"kernel", "linux vmlinuz"},
    {"remote login", "ssh sshd openssh"},
    {"firewall", "iptables nftables ufw"},
    {"regular expression", "regex pcre pcre2 re2"},
    {"unicode", "icu"},
    {"name resolution", "dns resolv resolver"},
    {"mail server", "postfix exim sendmail smtp"},
    {"terminal", "tty ncurses"},
    {"loopback", "lo localhost"},
    {"virtual machine", "qemu kvm jvm"},
    {"container", "docker podman containerd"},
    {"scheduler", "cron crontab"},
    {"certificate", "x509 pem crt"},
    {"debugger", "gdb lldb"},
    {"linker", "ld lld gold"},
}};

/// Plain lower-case words of the question in order; small words too, as they part initials.
std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : text.substr(0, 2000)) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    if ((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') || low == '+') {
      word += low;
      continue;
    }
    if (!word.empty()) out.push_back(std::move(word));
    word.clear();
    if (c != ' ' && c != '-' && c != '/') out.emplace_back();  // a sentence's mark parts words
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

bool counts(const std::string& word) {
  return word.size() >= 3 && word[0] >= 'a' && word[0] <= 'z' && !base::is_stop_word(base::stem(word)) &&
         !base::is_stop_word(word);
}

}  // namespace

bool is_unit(std::string_view word) {
  static constexpr std::array<std::string_view, 28> kUnits = {
      "milliseconds", "ms",        "microseconds", "seconds",   "secs",      "minutes", "mins",
      "hours",        "days",      "weeks",        "months",    "years",     "bytes",   "kb",
      "mb",           "gb",        "tb",           "bits",      "kib",       "mib",     "gib",
      "times",        "megabytes", "gigabytes",    "kilobytes", "terabytes", "octets",  "percent"};
  return std::ranges::find(kUnits, word) != kUnits.end();
}

std::string_view without_lib(std::string_view word) {
  return word.size() >= 5 && word.starts_with("lib") ? word.substr(3) : word;
}

std::vector<std::string> other_words(std::string_view question) {
  const std::vector<std::string> words = plain_words(question);
  std::vector<std::string> out;
  const auto add = [&](std::string word) {
    const bool said = std::ranges::any_of(words, [&](const std::string& w) { return base::stem(w) == word; });
    if (!said && out.size() < kMost && std::ranges::find(out, word) == out.end()) out.push_back(std::move(word));
  };
  for (const Names& names : kNames) {
    const std::vector<std::string> said = plain_words(names.said);
    const auto same = [](const std::string& a, const std::string& b) { return a == b || a == b + "s"; };
    if (std::ranges::search(words, said, same).empty()) continue;
    for (std::size_t at = 0; at < names.called.size();) {
      const std::size_t end = std::min(names.called.find(' ', at), names.called.size());
      add(base::stem(names.called.substr(at, end - at)));
      at = end + 1;
    }
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string initials;
    for (std::size_t k = i; k < words.size() && k < i + 4 && counts(words[k]); ++k) {
      initials += words[k][0];
      if (initials.size() >= 2) add(initials);
    }
  }
  return out;
}

}  // namespace headroom::compress
