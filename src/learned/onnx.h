#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace headroom::learned {

/// ONNX Runtime's shared library, opened by name at run time, so that the program needs none. Thread-safe.
class OnnxRuntime {
 public:
  /// The first of the candidates that opens and speaks our version of its interface. kUnavailable: none does, or this
  /// build is without the feature; the message says which. Opened once, it stays in the process.
  static base::Result<std::shared_ptr<const OnnxRuntime>> open(std::span<const std::string> candidates);

  ~OnnxRuntime();
  const std::string& path() const { return path_; }
  const std::string& version() const { return version_; }

  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  OnnxRuntime();
  std::unique_ptr<Impl> impl_;
  std::string path_, version_;
};

/// An input of a model: whole numbers, in the shape that is given.
struct OnnxInput {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> values;
};

struct OnnxOutput {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// A loaded model. One thread per run, so that the same input gives the same bits; runs of several threads at once are
/// allowed.
class OnnxModel {
 public:
  static base::Result<std::unique_ptr<OnnxModel>> load(std::shared_ptr<const OnnxRuntime> runtime,
                                                       const std::string& file);
  ~OnnxModel();

  const std::vector<std::string>& input_names() const { return input_names_; }
  const std::vector<std::string>& output_names() const { return output_names_; }

  /// Runs the model and gives its output of that name, or its first. Inputs are converted to what the model takes
  /// (int32 or int64). kTimeout: the deadline came first; the run is broken off between two steps of the model.
  base::Result<OnnxOutput> run(std::span<const OnnxInput> inputs, const std::string& output_name = {},
                               base::Deadline deadline = base::Deadline::never()) const;

 private:
  struct Impl;
  OnnxModel();
  std::unique_ptr<Impl> impl_;
  std::vector<std::string> input_names_, output_names_;
};

}  // namespace headroom::learned
