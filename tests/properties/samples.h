#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace headroom::properties {

struct Sample {
  std::string name;
  std::string question;
  std::string tool;
  std::string arguments;
  std::string text;
};

/// The texts of all src/**/cases/*.case, with the question that stands in front of them.
std::vector<Sample> case_samples();

/// What chance makes of the samples: cut short, lines shuffled or doubled, two joined, bytes replaced. The same for the
/// same seed, on every machine.
std::vector<Sample> mutated(const std::vector<Sample>& samples, std::uint64_t seed, std::size_t count);

}  // namespace headroom::properties
