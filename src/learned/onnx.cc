#include "learned/onnx.h"

#include <algorithm>

#include <fmt/format.h>

#ifdef HEADROOM_ONNX

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <limits>
#include <mutex>
#include <stop_token>
#include <thread>

#include <dlfcn.h>
#include <onnxruntime_c_api.h>

namespace headroom::learned {

struct OnnxRuntime::Impl {
  void* library = nullptr;
  const OrtApi* api = nullptr;
  OrtEnv* env = nullptr;
};

namespace {

/// What a call of the interface reports, and an end to its status.
base::Result<void> checked(const OrtApi& api, OrtStatus* status, std::string_view doing) {
  if (status == nullptr) return {};
  const std::string message = api.GetErrorMessage(status);
  api.ReleaseStatus(status);
  return base::fail(base::ErrorCode::kUnavailable, fmt::format("{}: {}", doing, message));
}

/// Tells a run to stop when its time is over, from a thread of its own that lives as long as this.
class Stopper {
 public:
  Stopper(const OrtApi& api, base::Deadline deadline) : api_(api) {
    if (deadline.left_ns() == std::numeric_limits<std::int64_t>::max()) return;
    if (OrtStatus* failed = api.CreateRunOptions(&options_); failed != nullptr) {
      api.ReleaseStatus(failed);
      return;
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(deadline.left_ns());
    thread_ = std::jthread([this, until](const std::stop_token& done) {
      std::mutex mutex;
      std::unique_lock lock(mutex);
      std::condition_variable_any wake;
      if (wake.wait_until(lock, done, until, [] { return false; }) || done.stop_requested()) return;
      stopped_ = true;
      if (OrtStatus* status = api_.RunOptionsSetTerminate(options_); status != nullptr) api_.ReleaseStatus(status);
    });
  }
  ~Stopper() {
    if (thread_.joinable()) {
      thread_.request_stop();
      thread_.join();
    }
    if (options_ != nullptr) api_.ReleaseRunOptions(options_);
  }
  Stopper(const Stopper&) = delete;
  Stopper& operator=(const Stopper&) = delete;

  const OrtRunOptions* options() const { return options_; }
  bool stopped() const { return stopped_; }

 private:
  const OrtApi& api_;
  OrtRunOptions* options_ = nullptr;
  std::atomic<bool> stopped_ = false;
  std::jthread thread_;
};

}  // namespace

OnnxRuntime::OnnxRuntime() : impl_(std::make_unique<Impl>()) {}

OnnxRuntime::~OnnxRuntime() {
  // The library stays: it has threads and thread-local state of its own.
  if (impl_->env != nullptr) impl_->api->ReleaseEnv(impl_->env);
}

base::Result<std::shared_ptr<const OnnxRuntime>> OnnxRuntime::open(std::span<const std::string> candidates) {
  std::string why = "not installed";
  for (const std::string& path : candidates) {
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      if (path.starts_with('/')) why = fmt::format("{} does not open", path);
      continue;
    }
    using GetBase = const OrtApiBase* (*)();
    const auto get_base = reinterpret_cast<GetBase>(dlsym(library, "OrtGetApiBase"));
    const OrtApiBase* api_base = get_base == nullptr ? nullptr : get_base();
    const OrtApi* api = api_base == nullptr ? nullptr : api_base->GetApi(ORT_API_VERSION);
    if (api == nullptr) {
      why = fmt::format("{} is older than version 1.{}", path, ORT_API_VERSION);
      dlclose(library);
      continue;
    }
    auto runtime = std::shared_ptr<OnnxRuntime>(new OnnxRuntime());
    runtime->impl_->library = library;
    runtime->impl_->api = api;
    runtime->version_ = api_base->GetVersionString();
    Dl_info info{};
    runtime->path_ = dladdr(reinterpret_cast<const void*>(get_base), &info) != 0 && info.dli_fname != nullptr
                         ? std::string(info.dli_fname)
                         : path;
    if (auto made = checked(*api, api->CreateEnv(ORT_LOGGING_LEVEL_FATAL, "headroom", &runtime->impl_->env),
                            "ONNX Runtime does not start");
        !made) {
      return std::unexpected(made.error());
    }
    // It would tell its maker about its use.
    if (auto quiet = checked(*api, api->DisableTelemetryEvents(runtime->impl_->env), "telemetry"); !quiet) {
      return std::unexpected(quiet.error());
    }
    return runtime;
  }
  return base::fail(base::ErrorCode::kUnavailable, "ONNX Runtime: " + why);
}

struct OnnxModel::Impl {
  std::shared_ptr<const OnnxRuntime> runtime;
  const OrtApi* api = nullptr;
  OrtSession* session = nullptr;
  OrtMemoryInfo* memory = nullptr;
  std::vector<ONNXTensorElementDataType> input_types;
};

OnnxModel::OnnxModel() : impl_(std::make_unique<Impl>()) {}

OnnxModel::~OnnxModel() {
  if (impl_->memory != nullptr) impl_->api->ReleaseMemoryInfo(impl_->memory);
  if (impl_->session != nullptr) impl_->api->ReleaseSession(impl_->session);
}

base::Result<std::unique_ptr<OnnxModel>> OnnxModel::load(std::shared_ptr<const OnnxRuntime> runtime,
                                                         const std::string& file) {
  std::unique_ptr<OnnxModel> model(new OnnxModel());
  Impl& impl = *model->impl_;
  const OrtApi& api = *runtime->impl().api;
  impl.api = &api;
  OrtSessionOptions* options = nullptr;
  if (auto r = checked(api, api.CreateSessionOptions(&options), "options"); !r) return std::unexpected(r.error());
  const std::unique_ptr<OrtSessionOptions, void (*)(OrtSessionOptions*)> release(options, api.ReleaseSessionOptions);
  for (OrtStatus* status : {api.SetIntraOpNumThreads(options, 1), api.SetInterOpNumThreads(options, 1),
                            api.SetSessionExecutionMode(options, ORT_SEQUENTIAL),
                            api.SetSessionGraphOptimizationLevel(options, ORT_ENABLE_ALL)}) {
    if (auto r = checked(api, status, "options"); !r) return std::unexpected(r.error());
  }
  if (auto r = checked(api, api.CreateSession(runtime->impl().env, file.c_str(), options, &impl.session),
                       "the model does not load");
      !r) {
    return std::unexpected(r.error());
  }
  if (auto r = checked(api, api.CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &impl.memory), "memory");
      !r) {
    return std::unexpected(r.error());
  }
  impl.runtime = std::move(runtime);
  OrtAllocator* allocator = nullptr;
  if (auto r = checked(api, api.GetAllocatorWithDefaultOptions(&allocator), "memory"); !r) {
    return std::unexpected(r.error());
  }
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  if (auto r = checked(api, api.SessionGetInputCount(impl.session, &inputs), "inputs"); !r) {
    return std::unexpected(r.error());
  }
  if (auto r = checked(api, api.SessionGetOutputCount(impl.session, &outputs), "outputs"); !r) {
    return std::unexpected(r.error());
  }
  const auto take_name = [&](char* name, std::vector<std::string>& into) {
    into.emplace_back(name);
    static_cast<void>(checked(api, api.AllocatorFree(allocator, name), "memory"));
  };
  for (std::size_t i = 0; i < inputs; ++i) {
    char* name = nullptr;
    if (auto r = checked(api, api.SessionGetInputName(impl.session, i, allocator, &name), "inputs"); !r) {
      return std::unexpected(r.error());
    }
    take_name(name, model->input_names_);
    OrtTypeInfo* type = nullptr;
    if (auto r = checked(api, api.SessionGetInputTypeInfo(impl.session, i, &type), "inputs"); !r) {
      return std::unexpected(r.error());
    }
    const OrtTensorTypeAndShapeInfo* tensor = nullptr;
    ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    auto read = checked(api, api.CastTypeInfoToTensorInfo(type, &tensor), "inputs");
    if (read && tensor != nullptr) read = checked(api, api.GetTensorElementType(tensor, &element), "inputs");
    api.ReleaseTypeInfo(type);
    if (!read) return std::unexpected(read.error());
    if (element != ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 && element != ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64) {
      return base::fail(base::ErrorCode::kUnavailable, "the model takes other inputs than whole numbers");
    }
    impl.input_types.push_back(element);
  }
  for (std::size_t i = 0; i < outputs; ++i) {
    char* name = nullptr;
    if (auto r = checked(api, api.SessionGetOutputName(impl.session, i, allocator, &name), "outputs"); !r) {
      return std::unexpected(r.error());
    }
    take_name(name, model->output_names_);
  }
  if (inputs == 0 || outputs == 0)
    return base::fail(base::ErrorCode::kUnavailable, "the model has no inputs or outputs");
  return model;
}

base::Result<OnnxOutput> OnnxModel::run(std::span<const OnnxInput> inputs, const std::string& output_name,
                                        base::Deadline deadline) const {
  const OrtApi& api = *impl_->api;
  if (!output_name.empty() && std::ranges::find(output_names_, output_name) == output_names_.end()) {
    return base::fail(base::ErrorCode::kUnavailable, fmt::format("the model has no output {}", output_name));
  }
  if (deadline.expired()) return base::fail(base::ErrorCode::kTimeout, "no time left");
  std::vector<OrtValue*> values;
  std::vector<std::vector<std::int32_t>> narrow;  // must outlive the run
  std::vector<const char*> names;
  narrow.reserve(inputs.size());
  const auto release = [&](OrtValue* output) {
    for (OrtValue* value : values) api.ReleaseValue(value);
    if (output != nullptr) api.ReleaseValue(output);
  };
  for (const OnnxInput& input : inputs) {
    const auto known = std::ranges::find(input_names_, input.name);
    if (known == input_names_.end()) {
      release(nullptr);
      return base::fail(base::ErrorCode::kUnavailable, fmt::format("the model has no input {}", input.name));
    }
    OrtValue* value = nullptr;
    OrtStatus* status = nullptr;
    if (impl_->input_types[static_cast<std::size_t>(known - input_names_.begin())] ==
        ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32) {
      narrow.emplace_back(input.values.begin(), input.values.end());
      status = api.CreateTensorWithDataAsOrtValue(impl_->memory, narrow.back().data(),
                                                  narrow.back().size() * sizeof(std::int32_t), input.shape.data(),
                                                  input.shape.size(), ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32, &value);
    } else {
      // The interface takes a plain pointer but only reads.
      auto* data = const_cast<std::int64_t*>(input.values.data());
      status = api.CreateTensorWithDataAsOrtValue(impl_->memory, data, input.values.size() * sizeof(std::int64_t),
                                                  input.shape.data(), input.shape.size(),
                                                  ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, &value);
    }
    if (auto r = checked(api, status, "input"); !r) {
      release(nullptr);
      return std::unexpected(r.error());
    }
    values.push_back(value);
    names.push_back(known->c_str());
  }
  OrtValue* output = nullptr;
  const char* wanted = output_name.empty() ? output_names_.front().c_str() : output_name.c_str();
  const Stopper stopper(api, deadline);
  if (auto r = checked(
          api,
          api.Run(impl_->session, stopper.options(), names.data(), values.data(), values.size(), &wanted, 1, &output),
          "the model does not run");
      !r) {
    release(nullptr);
    if (stopper.stopped()) return base::fail(base::ErrorCode::kTimeout, "no time left");
    return std::unexpected(r.error());
  }
  OnnxOutput out;
  OrtTensorTypeAndShapeInfo* info = nullptr;
  std::size_t count = 0;
  std::size_t dimensions = 0;
  ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  auto read = checked(api, api.GetTensorTypeAndShape(output, &info), "output");
  if (read) read = checked(api, api.GetTensorShapeElementCount(info, &count), "output");
  if (read) read = checked(api, api.GetTensorElementType(info, &element), "output");
  if (read) read = checked(api, api.GetDimensionsCount(info, &dimensions), "output");
  if (read) {
    out.shape.resize(dimensions);
    read = checked(api, api.GetDimensions(info, out.shape.data(), dimensions), "output");
  }
  if (info != nullptr) api.ReleaseTensorTypeAndShapeInfo(info);
  if (read && element != ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) {
    read = base::fail(base::ErrorCode::kUnavailable, "the model gives other outputs than single floats");
  }
  if (read) {
    void* data = nullptr;
    read = checked(api, api.GetTensorMutableData(output, &data), "output");
    if (read) out.values.assign(static_cast<const float*>(data), static_cast<const float*>(data) + count);
  }
  release(output);
  if (!read) return std::unexpected(read.error());
  return out;
}

}  // namespace headroom::learned

#else  // built without the header

namespace headroom::learned {

struct OnnxRuntime::Impl {};
struct OnnxModel::Impl {};

OnnxRuntime::OnnxRuntime() = default;
OnnxRuntime::~OnnxRuntime() = default;
OnnxModel::OnnxModel() = default;
OnnxModel::~OnnxModel() = default;

namespace {
std::unexpected<base::Error> not_built() {
  return base::fail(base::ErrorCode::kUnavailable,
                    "this headroom was built without learned models (run ./dev setup learned before the build)");
}
}  // namespace

base::Result<std::shared_ptr<const OnnxRuntime>> OnnxRuntime::open(std::span<const std::string>) {
  return not_built();
}
base::Result<std::unique_ptr<OnnxModel>> OnnxModel::load(std::shared_ptr<const OnnxRuntime>, const std::string&) {
  return not_built();
}
base::Result<OnnxOutput> OnnxModel::run(std::span<const OnnxInput>, const std::string&, base::Deadline) const {
  return not_built();
}

}  // namespace headroom::learned

#endif
