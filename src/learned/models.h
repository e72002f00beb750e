#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "learned/places.h"

namespace headroom::learned {

/// One thing of `headroom models`.
struct ModelState {
  std::string name;     ///< "onnxruntime", "magika", "kompress"
  std::string purpose;  ///< one sentence
  std::string path;     ///< of the file; empty: not found
  std::string version;  ///< as its files tell; may be empty
  std::string sha256;   ///< of the file, when it was verified
  std::string proof;    ///< what running it gave, when it was verified
  std::string problem;  ///< why it cannot be used; empty: nothing known against it
};

/// What is there, by its files alone: nothing is opened or run.
std::vector<ModelState> list_models(const Places& places);

/// The same after opening each and running it on a sample.
std::vector<ModelState> verify_models(const Places& places);

}  // namespace headroom::learned
