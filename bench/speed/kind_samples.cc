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

std::string function(Numbers& n, std::uint64_t i) {
  return fmt::format(
      "def {0}_{1}(ship, quay={2}):\n    \"\"\"{3} for {4}.\"\"\"\n    if ship.tonnes > {2}:\n        raise "
      "ValueError(\"{3}\")\n"
      "    for crane in ship.cranes:\n        crane.move(quay, {2})\n        ship.log(\"{4}\", crane)\n    return "
      "ship\n\n\n",
      n.of(kGoods), i, n.below(900), n.of(kActs), n.of(kPorts));
}

std::string c_function(Numbers& n, std::uint64_t i) {
  return fmt::format(
      "/* {3} for {4}, as the {0} office has it. */\nstatic int {0}_{1}(struct ship *ship, int quay)\n{{\n\tint moved "
      "= 0;\n"
      "\n\tif (ship->tonnes > {2})\n\t\treturn -EINVAL;\n\tfor (size_t i = 0; i < ship->cranes; i++) {{\n"
      "\t\tmoved += crane_move(&ship->crane[i], quay, {2});\n\t\tlog_event(ship, \"{3}\", moved);\n\t}}\n"
      "\treturn moved;\n}}\n\n",
      n.of(kGoods), i, n.below(900), n.of(kActs), n.of(kPorts));
}

std::string go_function(Numbers& n, std::uint64_t i) {
  return fmt::format(
      "{5}// Berth{1} is for {0}: {3} in {4}.\nfunc (s *Ship) Berth{1}(ctx context.Context, quay int) (int, error) {{\n"
      "\tif s.Tonnes > {2} {{\n\t\treturn 0, fmt.Errorf(\"{3}: %d\", quay)\n\t}}\n\tmoved := 0\n"
      "\tfor _, crane := range s.Cranes {{\n\t\tmoved += crane.Move(ctx, quay, {2})\n\t\ts.log.Info(\"{4}\", "
      "\"crane\", "
      "crane)\n\t}}\n\treturn moved, nil\n}}\n\n",
      n.of(kGoods), i, n.below(900), n.of(kActs), n.of(kPorts), i == 0 ? "package harbour\n\n" : "");
}

std::string typescript_function(Numbers& n, std::uint64_t i) {
  return fmt::format(
      "/** {3} for {4}. */\nexport async function {0}{1}(ship: Ship, quay = {2}): Promise<Crane[]> {{\n"
      "  if (ship.tonnes > {2}) {{\n    throw new RangeError(`{3}: ${{ship.name}}`);\n  }}\n  const moved: Crane[] = "
      "[];\n"
      "  for (const crane of ship.cranes) {{\n    await crane.move(quay, {{ tonnes: {2}, port: \"{4}\" }});\n"
      "    moved.push(crane);\n  }}\n  return moved.filter((crane) => crane.ready);\n}}\n\n",
      n.of(kGoods), i, n.below(900), n.of(kActs), n.of(kPorts));
}

std::string java_method(Numbers& n, std::uint64_t i) {
  return fmt::format(
      "  /** {3} for {4}. */\n  public List<Crane> {0}{1}(Ship ship, int quay) throws BerthException {{\n"
      "    if (ship.tonnes() > {2}) {{\n      throw new BerthException(\"{3}: \" + ship.name());\n    }}\n"
      "    List<Crane> moved = new ArrayList<>();\n    for (Crane crane : ship.cranes()) {{\n"
      "      crane.move(quay, {2});\n      moved.add(crane);\n      log.info(\"{4} {{}}\", crane);\n    }}\n"
      "    return moved;\n  }}\n\n",
      n.of(kGoods), i, n.below(900), n.of(kActs), n.of(kPorts));
}

}  // namespace

std::vector<CodeSample> code_samples(std::size_t bytes) {
  return {
      {"python", "harbour.py", repeated(bytes, function)},
      {"c", "harbour.c", repeated(bytes, c_function)},
      {"go", "harbour.go", repeated(bytes, go_function)},
      {"typescript", "harbour.ts", repeated(bytes, typescript_function)},
      {"java", "Harbour.java", "package harbour;\n\npublic class Harbour {\n" + repeated(bytes, java_method) + "}\n"}};
}

std::vector<KindSample> kind_samples(std::size_t bytes) {
  return {
      {"grep", "search", repeated(bytes, grep_hit)},
      {"git_diff", "diff", repeated(bytes, diff_of_a_file)},
      {"csv", "table", repeated(bytes, csv_row)},
      {"yaml", "config", repeated(bytes, manifest)},
      {"markdown", "prose", repeated(bytes, paragraph)},
      {"html", "html", "<!DOCTYPE html><html><body><main>\n" + repeated(bytes, article) + "</main></body></html>\n"},
      {"python", "code", repeated(bytes, function)},
      {"text", "other", repeated(bytes, [](Numbers& n, std::uint64_t) { return sentence(n) + "\n"; })}};
}

}  // namespace headroom::bench
