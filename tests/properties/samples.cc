#include "samples.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "base/text.h"
#include "base/utf8.h"

namespace headroom::properties {
namespace {

using Random = std::mt19937_64;

std::string value_of(std::string_view head, std::string_view key) {
  for (std::string_view line : base::split_lines(head)) {
    if (line.starts_with(key)) return std::string(base::trim(line.substr(key.size())));
  }
  return {};
}

Sample read_sample(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  const std::string all = bytes.str();
  Sample sample{.name = path.parent_path().parent_path().filename().string() + "/" + path.stem().string()};
  const std::size_t rule = all.find("\n---\n");
  const bool has_head = rule != std::string::npos && rule < 4000;
  const std::string_view head = std::string_view(all).substr(0, has_head ? rule : 0);
  sample.question = value_of(head, "ask:");
  sample.tool = value_of(head, "tool:");
  sample.arguments = value_of(head, "args:");
  sample.text = has_head ? all.substr(rule + 5) : all;
  return sample;
}

std::size_t below(Random& random, std::size_t bound) {
  return bound == 0 ? 0 : random() % bound;  // not std::uniform_int_distribution: libraries differ
}

/// Without the bytes of a character that was cut in two.
std::string whole_characters(std::string text) {
  while (!text.empty() && !base::is_utf8(text)) text.pop_back();
  return text;
}

std::string in_other_order(std::string_view text, Random& random) {
  std::vector<std::string_view> lines = base::split_lines(text);
  for (std::size_t i = lines.size(); i > 1; --i) std::swap(lines[i - 1], lines[below(random, i)]);
  std::string out;
  for (std::string_view line : lines) out.append(line).push_back('\n');
  return out;
}

std::string with_doubled_lines(std::string_view text, Random& random) {
  std::string out;
  for (std::string_view line : base::split_lines(text)) {
    const std::size_t times = below(random, 4) == 0 ? 1 + below(random, 5) : 1;
    for (std::size_t i = 0; i < times; ++i) out.append(line).push_back('\n');
  }
  return out;
}

std::string with_other_bytes(std::string text, Random& random) {
  static constexpr std::string_view kBytes = "{}[]\"':,<>|\t \n\\/#-=0";
  const std::size_t changes = 1 + text.size() / 400;
  for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
    char& c = text[below(random, text.size())];
    if (static_cast<unsigned char>(c) < 0x80) c = kBytes[below(random, kBytes.size())];
  }
  return text;
}

}  // namespace

std::vector<Sample> case_samples() {
  std::vector<Sample> samples;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(HEADROOM_SOURCE_DIR "/src")) {
    if (entry.path().extension() == ".case") samples.push_back(read_sample(entry.path()));
  }
  std::ranges::sort(samples, {}, &Sample::name);
  return samples;
}

std::vector<Sample> mutated(const std::vector<Sample>& samples, std::uint64_t seed, std::size_t count) {
  Random random(seed);
  std::vector<Sample> out;
  for (std::size_t i = 0; i < count; ++i) {
    Sample sample = samples[below(random, samples.size())];
    const Sample& other = samples[below(random, samples.size())];
    switch (below(random, 5)) {
      case 0:
        sample.text = whole_characters(sample.text.substr(0, below(random, sample.text.size() + 1)));
        break;
      case 1:
        sample.text = in_other_order(sample.text, random);
        break;
      case 2:
        sample.text = with_doubled_lines(sample.text, random);
        break;
      case 3:
        sample.text = sample.text + "\n" + other.text;
        break;
      default:
        sample.text = with_other_bytes(std::move(sample.text), random);
    }
    if (below(random, 3) == 0) sample.question = other.question;
    sample.name += " #" + std::to_string(i);
    out.push_back(std::move(sample));
  }
  return out;
}

}  // namespace headroom::properties
