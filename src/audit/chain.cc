#include "audit/chain.h"

#include <charconv>

#include <fmt/format.h>

#include "base/hash.h"

namespace headroom::audit {
namespace {

constexpr std::size_t kHashSize = 64;
constexpr std::string_view kSeq = R"({"seq":)";
constexpr std::string_view kPrev = R"(,"prev":")";
constexpr std::string_view kHash = R"(,"hash":")";
constexpr std::string_view kEnd = R"("})";

// The problem of `line` behind `last`; empty when it fits.
std::string problem_of(std::string_view line, const Link& last) {
  const auto sealed = read_sealed(line);
  if (!sealed) return "it is no line of an audit trail";
  if (base::sha256_hex(sealed->covered) != sealed->hash) return "it was changed: its hash does not fit";
  if (sealed->prev == last.hash && sealed->seq == last.seq + 1) return {};
  if (sealed->seq > last.seq + 1)
    return fmt::format("lines before it are missing: {} follows {}", sealed->seq, last.seq);
  return fmt::format("it does not follow the line before it ({} after {})", sealed->seq, last.seq);
}

}  // namespace

std::string seal(Link& last, std::string_view members) {
  std::string line =
      fmt::format("{}{}{}{}\"{}{}", kSeq, last.seq + 1, kPrev, last.hash, members.empty() ? "" : ",", members);
  ++last.seq;
  last.hash = base::sha256_hex(line);
  line.append(kHash).append(last.hash).append(kEnd).append("\n");
  return line;
}

std::optional<Sealed> read_sealed(std::string_view line) {
  if (!line.starts_with(kSeq) || !line.ends_with(kEnd)) return std::nullopt;
  const std::size_t tail = kHash.size() + kHashSize + kEnd.size();
  if (line.size() < kSeq.size() + kPrev.size() + kHashSize + tail) return std::nullopt;
  Sealed sealed;
  sealed.covered = line.substr(0, line.size() - tail);
  if (!line.substr(sealed.covered.size()).starts_with(kHash)) return std::nullopt;
  sealed.hash = line.substr(sealed.covered.size() + kHash.size(), kHashSize);
  const char* const end = line.data() + line.size();
  const auto [at, error] = std::from_chars(line.data() + kSeq.size(), end, sealed.seq);
  const std::string_view rest(at, static_cast<std::size_t>(end - at));
  if (error != std::errc() || !rest.starts_with(kPrev)) return std::nullopt;
  sealed.prev = rest.substr(kPrev.size(), kHashSize);
  return sealed;
}

Verdict verify(std::istream& lines, std::string_view known) {
  Verdict verdict;
  std::string line;
  while (std::getline(lines, line)) {
    ++verdict.lines;
    const bool whole = !lines.eof();
    verdict.problem = whole ? problem_of(line, verdict.last) : "it is cut off: it has no line end";
    if (!verdict.problem.empty()) {
      verdict.problem = fmt::format("line {}: {}", verdict.lines, verdict.problem);
      return verdict;
    }
    const Sealed sealed = *read_sealed(line);
    verdict.last.seq = sealed.seq;
    verdict.last.hash = sealed.hash;
    verdict.has_known = verdict.has_known || sealed.hash == known;
  }
  if (!known.empty() && !verdict.has_known) {
    verdict.problem =
        fmt::format("no line has the hash {}: lines are missing at the end, or all were made anew", known);
  }
  return verdict;
}

}  // namespace headroom::audit
