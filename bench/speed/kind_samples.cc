#include "kind_samples.h"

#include <functional>

#include <fmt/format.h>

#include "numbers.h"

namespace headroom::bench {
namespace {

/// Appends pieces until the text is long enough.
std::string repeated(std::size_t bytes, const std::function<std::string(Numbers&, std::uint64_t)>& piece) {
  Numbers numbers;
  std::string out;
  for (std::uint64_t i = 0; out.size() < bytes; ++i) out += piece(numbers, i);
  return out;
}

std::string grep_hit(Numbers& n, std::uint64_t i) {
  return fmt::format("src/harbour/{}/{}_{}.py:{}:        berth = assign(ship, quay={}, timeout={})  # {}\n",
                     n.of(kGoods), n.of(kPorts), i / 9, n.below(900), n.below(20), n.below(90), n.of(kActs));
}

std::string diff_of_a_file(Numbers& n, std::uint64_t i) {
  const std::string path = fmt::format("src/{}/{}_{}.py", n.of(kGoods), n.of(kPorts), i);
  return fmt::format(
      "diff --git a/{0} b/{0}\nindex {1:07x}..{2:07x} 100644\n--- a/{0}\n+++ b/{0}\n@@ -{3},7 +{3},7 @@ def "
      "dock(ship):\n"
      "     quay = ship.quay\n     if quay is None:\n         return None\n-    log.info(\"{4}\", quay)\n"
      "+    log.debug(\"{4}\", quay, extra={5})\n     ship.state = DOCKED\n     return quay\n \n",
      path, n.below(0xFFFFFFF), n.below(0xFFFFFFF), 1 + n.below(400), n.of(kActs), n.below(50));
}

std::string csv_row(Numbers& n, std::uint64_t i) {
  return i == 0 ? "time,port,cargo,tonnes,cleared,note\n"
                : fmt::format("2026-04-02T{:02}:{:02}:{:02}Z,{},{},{},{},\"{}, quay {}\"\n", i / 3600 % 24, i / 60 % 60,
                              i % 60, n.of(kPorts), n.of(kGoods), n.below(9000), n.below(10) != 0, n.of(kActs),
                              n.below(20));
}

std::string manifest(Numbers& n, std::uint64_t i) {
  return fmt::format(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {0}-{1}\n  labels:\n    app: {0}-{1}\n    cargo: "
      "{2}\nspec:\n"
      "  replicas: {3}\n  template:\n    spec:\n      containers:\n        - name: main\n          image: "
      "registry/{0}:{4}\n"
      "          resources:\n            limits:\n              memory: 512Mi\n              cpu: 500m\n---\n",
      n.of(kPorts), i, n.of(kGoods), 1 + n.below(4), n.below(90));
}

std::string sentence(Numbers& n) {
  return fmt::format(
      "The ship that carries {} to {} waits at quay {} until the {} is reported, unless {} more tonnes come "
      "from {}. ",
      n.of(kGoods), n.of(kPorts), n.below(20), n.of(kActs), n.below(900), n.of(kPorts));
}

std::string paragraph(Numbers& n, std::uint64_t i) {
  std::string out = i % 12 == 0 ? fmt::format("## {} and {}\n\n", n.of(kPorts), n.of(kGoods)) : "";
  for (std::uint64_t at = 3 + n.below(5); at > 0; --at) out += sentence(n);
  return out + "\n\n";
}

std::string article(Numbers& n, std::uint64_t i) {
  return fmt::format(
      "<h2 id=\"s{}\">{}</h2>\n<p class=\"text\">{}{}</p>\n<ul><li><a href=\"/port/{}\">{}</a></li></ul>\n", i,
      n.of(kPorts), sentence(n), sentence(n), n.below(90), n.of(kGoods));
}

std::string test_case(Numbers& n, std::uint64_t i) {
  if (n.below(200) == 0) {
    return fmt::format(
        "    <testcase classname=\"harbour.{0}\" name=\"test_{1}_{2}\" time=\"0.{3:03}\">\n"
        "      <failure message=\"expected {1}\">at {0}.py:{3}\n{4}</failure>\n    </testcase>\n",
        n.of(kPorts), n.of(kGoods), i, n.below(1000), n.of(kActs));
  }
  return fmt::format("    <testcase classname=\"harbour.{}\" name=\"test_{}_{}\" time=\"0.{:03}\"/>\n", n.of(kPorts),
                     n.of(kGoods), i, n.below(1000));
}

std::string property(Numbers& n, std::uint64_t i) {
  return fmt::format("# {}\nharbour.{}.{}.{}={}\n", n.of(kActs), n.of(kPorts), n.of(kGoods), i, n.below(900));
}

std::string record(Numbers& n, std::uint64_t i) {
  return fmt::format("{}{{\"id\":{},\"port\":\"{}\",\"cargo\":\"{}\",\"tonnes\":{},\"note\":\"{}\"}}",
                     i == 0 ? "" : ",\n", i, n.of(kPorts), n.of(kGoods), n.below(9000), n.of(kActs));
}

std::string function(Numbers& n, std::uint64_t i) {
  return fmt::format(
      "def {0}_{1}(ship, quay={2}):\n    \"\"\"{3} for {4}.\"\"\"\n    if ship.tonnes > {2}:\n        raise "
      "ValueError(\"{3}\")\n"
      "    for crane in ship.cranes:\n        crane.move(quay, {2})\n        ship.log(\"{4}\", crane)\n    return "
      "ship\n\n\n",
      n.of(kGoods), i, n.below(900), n.of(kActs), n.of(kPorts));
}

}  // namespace

std::vector<KindSample> kind_samples(std::size_t bytes) {
  return {
      {"grep", "search", repeated(bytes, grep_hit)},
      {"git_diff", "diff", repeated(bytes, diff_of_a_file)},
      {"csv", "table", repeated(bytes, csv_row)},
      {"yaml", "config", repeated(bytes, manifest)},
      {"properties", "config", repeated(bytes, property)},
      {"xml", "xml",
       "<?xml version=\"1.0\"?>\n<testsuites>\n  <testsuite name=\"harbour\">\n" + repeated(bytes, test_case) +
           "  </testsuite>\n</testsuites>\n"},
      {"json", "json", "[" + repeated(bytes, record) + "]\n"},
      {"markdown", "prose", repeated(bytes, paragraph)},
      {"html", "html", "<!DOCTYPE html><html><body><main>\n" + repeated(bytes, article) + "</main></body></html>\n"},
      {"python", "code", repeated(bytes, function)},
      {"text", "other", repeated(bytes, [](Numbers& n, std::uint64_t) { return sentence(n) + "\n"; })}};
}

}  // namespace headroom::bench
