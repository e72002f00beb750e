// headroom.node: the C++ library for Node, as thin as it can be. What the values mean to a user is in ../src. All work
// but counting is done on Node's thread pool and ends in a promise; each promise that fails holds an Error whose `code`
// is headroom::Error's. There is no state besides the engines, so any number of worker threads may load the module.

#include <array>
#include <exception>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <node_api.h>

#include "api/steps.h"
#include "headroom/headroom.h"
#include "values.h"

namespace headroom::node {
namespace {

/// What JavaScript holds. Its engine tells the steps of a call to whoever made it.
struct Held {
  api::Listeners listeners;
  std::optional<Engine> engine;
};
using EnginePtr = std::shared_ptr<Held>;
/// Makes the value of a promise, on the thread of JavaScript.
using Finish = std::function<napi_value(napi_env)>;
/// The work itself, on another thread.
using Work = std::function<std::expected<Finish, Error>()>;

struct Task {
  napi_deferred deferred = nullptr;
  napi_async_work work = nullptr;
  Work run;
  std::expected<Finish, Error> outcome;
};

napi_value error_value(napi_env env, const Error& error) {
  napi_value value = nullptr;
  napi_create_error(env, to_js(env, std::string_view(error.code)), to_js(env, std::string_view(error.message)), &value);
  return value;
}

void execute(napi_env /*env*/, void* data) {
  auto* task = static_cast<Task*>(data);
  try {
    task->outcome = task->run();
  } catch (const std::exception& thrown) {
    task->outcome = std::unexpected(Error{"internal", thrown.what()});
  }
}

void complete(napi_env env, napi_status status, void* data) {
  const std::unique_ptr<Task> task(static_cast<Task*>(data));
  if (status == napi_cancelled) task->outcome = std::unexpected(Error{"unavailable", "the process is ending"});
  if (task->outcome) {
    napi_resolve_deferred(env, task->deferred, (*task->outcome)(env));
  } else {
    napi_reject_deferred(env, task->deferred, error_value(env, task->outcome.error()));
  }
  napi_delete_async_work(env, task->work);
}

napi_value start(napi_env env, Work run) {
  napi_value promise = nullptr;
  auto task = std::make_unique<Task>();
  task->run = std::move(run);
  if (napi_create_promise(env, &task->deferred, &promise) != napi_ok) return nullptr;
  napi_create_async_work(env, nullptr, to_js(env, std::string_view("headroom")), execute, complete, task.get(),
                         &task->work);
  if (napi_queue_async_work(env, task->work) != napi_ok) {
    napi_reject_deferred(env, task->deferred, error_value(env, {"unavailable", "no thread for the work"}));
    napi_delete_async_work(env, task->work);
    return promise;
  }
  static_cast<void>(task.release());  // complete() owns it now
  return promise;
}

/// The arguments of a call. A wrong one throws in JavaScript, once; what is read after it is empty.
template <std::size_t N>
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info) : env_(env) {
    std::size_t count = N;
    napi_get_cb_info(env, info, &count, values_.data(), nullptr, nullptr);
    if (count < N) refuse();
  }

  std::string text(std::size_t i) { return checked(to_text(env_, values_[i])); }
  std::size_t size(std::size_t i) { return checked(to_size(env_, values_[i])); }
  bool truth(std::size_t i) { return checked(to_bool(env_, values_[i])); }
  std::vector<std::string> texts(std::size_t i) { return checked(to_texts(env_, values_[i])); }
  EnginePtr engine(std::size_t i) {
    void* data = nullptr;
    if (napi_get_value_external(env_, values_[i], &data) == napi_ok && data != nullptr) {
      return *static_cast<EnginePtr*>(data);
    }
    refuse();
    return nullptr;
  }
  bool ok() const { return ok_; }

 private:
  template <typename T>
  T checked(std::optional<T> value) {
    if (value) return std::move(*value);
    refuse();
    return T{};
  }
  void refuse() {
    if (ok_) napi_throw_type_error(env_, "invalid_argument", "a value of the wrong type");
    ok_ = false;
  }

  napi_env env_;
  std::array<napi_value, N> values_{};
  bool ok_ = true;
};

napi_value block_value(napi_env env, const BlockReport& block) {
  Object object(env);
  object.set("message", block.message).set("tool", block.tool).set("type", block.type);
  object.set("transform", block.transform).set("reason", block.reason);
  object.set("tokensBefore", block.tokens_before).set("tokensAfter", block.tokens_after);
  return object.set("ids", block.ids).set("removed", block.removed).value();
}

napi_value drift_value(napi_env env, const Drift& drift) {
  Object object(env);
  object.set("where", drift.where).set("what", drift.what).set("before", drift.before).set("now", drift.now);
  return object.set("offset", drift.offset)
      .set("size", drift.size)
      .set("request", drift.request)
      .set("action", drift.action)
      .value();
}

napi_value rewrite_value(napi_env env, const Rewrite& rewrite) {
  Object object(env);
  object.set("done", rewrite.done).set("whyNot", rewrite.why_not).set("results", rewrite.results);
  object.set("firstMessage", rewrite.first_message).set("brokenTokens", rewrite.broken_tokens);
  object.set("savedTokens", rewrite.saved_tokens).set("idleS", static_cast<double>(rewrite.idle_s));
  object.set("cold", rewrite.cold).set("unused", rewrite.unused).set("pays", rewrite.pays);
  object.set("keepNow", rewrite.keep_now).set("keepLater", rewrite.keep_later);
  object.set("rewriteNow", rewrite.rewrite_now).set("rewriteLater", rewrite.rewrite_later);
  return object.set("expectedRequests", rewrite.expected_requests)
      .set("breakEvenRequests", rewrite.break_even_requests)
      .value();
}

template <typename T, typename Make>
napi_value list_value(napi_env env, const std::vector<T>& elements, Make make) {
  napi_value list = nullptr;
  napi_create_array_with_length(env, elements.size(), &list);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    napi_set_element(env, list, static_cast<std::uint32_t>(i), make(env, elements[i]));
  }
  return list;
}

napi_value step_value(napi_env env, const api::Step& step) {
  Object object(env);
  object.set("stage", step.stage).set("timeMs", static_cast<double>(step.time_ms));
  object.set("request", static_cast<std::size_t>(step.request)).set("api", step.api).set("model", step.model);
  object.set("tokensBefore", step.tokens_before).set("tokensAfter", step.tokens_after).set("bytes", step.bytes);
  object.set("blocks", step.blocks).set("results", step.results).set("replayed", step.replayed);
  object.set("block", step.block).set("tool", step.tool).set("type", step.type).set("transform", step.transform);
  object.set("reason", step.reason).set("changed", step.changed).set("failed", step.failed);
  return object.set("transforms", step.transforms).set("ids", step.ids).set("revision", step.revision).value();
}

Finish compressed_value(Compressed out, std::vector<api::Step> steps = {}) {
  return [out = std::move(out), steps = std::move(steps)](napi_env env) {
    Object object(env);
    // Not changed: the caller has the text.
    object.set("text", out.changed ? std::string_view(out.text) : std::string_view());
    object.set("changed", out.changed).set("tokensBefore", out.tokens_before).set("tokensAfter", out.tokens_after);
    object.set("estimate", out.estimate).set("transforms", out.transforms).set("ids", out.ids);
    object.set("reason", out.reason).set("budgetNote", out.budget_note).set("revisionNote", out.revision_note);
    object.set_value("blocks", list_value(env, out.blocks, block_value));
    object.set_value("steps", list_value(env, steps, step_value));
    object.set_value("drifts", list_value(env, out.drifts, drift_value));
    if (out.rewrite) object.set_value("rewrite", rewrite_value(env, *out.rewrite));
    return object.value();
  };
}

void release_engine(napi_env /*env*/, void* data, void* /*hint*/) {
  delete static_cast<EnginePtr*>(data);
}

// open(workspaceDir, inMemory, profile, toolProfiles, minTokens, targetTokens, learned, storeKeyFile): Promise<engine>
napi_value open(napi_env env, napi_callback_info info) {
  Arguments<8> arguments(env, info);
  EngineOptions options;
  options.workspace_dir = arguments.text(0);
  options.in_memory = arguments.truth(1);
  options.profile = arguments.text(2);
  options.tool_profiles = arguments.texts(3);
  options.min_tokens = arguments.size(4);
  options.target_tokens = arguments.size(5);
  options.learned = arguments.truth(6);
  options.store_key_file = arguments.text(7);
  if (!arguments.ok()) return nullptr;
  return start(env, [options = std::move(options)]() -> std::expected<Finish, Error> {
    auto held = std::make_shared<Held>();
    EngineOptions told = options;
    told.on_event = [listeners = &held->listeners](const Event& event) { listeners->tell(event); };
    auto opened = Engine::open(told);
    if (!opened) return std::unexpected(std::move(opened.error()));
    held->engine = std::move(*opened);
    return [engine = std::move(held)](napi_env done) {
      napi_value value = nullptr;
      napi_create_external(done, new EnginePtr(engine), release_engine, nullptr, &value);
      return value;
    };
  });
}

// compressRequest(engine, body, tokenBudget, profile, report, steps): Promise<compressed>
napi_value compress_request(napi_env env, napi_callback_info info) {
  Arguments<6> arguments(env, info);
  EnginePtr engine = arguments.engine(0);
  std::string body = arguments.text(1);
  RequestOptions options{arguments.size(2), arguments.text(3), arguments.truth(4)};
  const bool wanted = arguments.truth(5);
  if (!arguments.ok()) return nullptr;
  return start(env,
               [engine = std::move(engine), body = std::move(body), options = std::move(options),
                wanted]() -> std::expected<Finish, Error> {
                 if (!wanted) return compressed_value(engine->engine->compress_request(body, options));
                 std::vector<api::Step> steps;
                 Compressed out = [&] {
                   const api::Listeners::Listening listening(engine->listeners, steps);
                   return engine->engine->compress_request(body, options);
                 }();
                 return compressed_value(std::move(out), std::move(steps));
               });
}

// compressText(engine, text, question, tool, arguments, model, type, profile): Promise<compressed>
napi_value compress_text(napi_env env, napi_callback_info info) {
  Arguments<8> arguments(env, info);
  EnginePtr engine = arguments.engine(0);
  std::string text = arguments.text(1);
  Purpose purpose;
  purpose.question = arguments.text(2);
  purpose.tool = arguments.text(3);
  purpose.arguments = arguments.text(4);
  purpose.model = arguments.text(5);
  purpose.type = arguments.text(6);
  purpose.profile = arguments.text(7);
  if (!arguments.ok()) return nullptr;
  return start(env,
               [engine = std::move(engine), text = std::move(text),
                purpose = std::move(purpose)]() -> std::expected<Finish, Error> {
                 return compressed_value(engine->engine->compress_text(text, purpose));
               });
}

// retrieve(engine, id, lines, items, path, query): Promise<Buffer>
napi_value retrieve(napi_env env, napi_callback_info info) {
  Arguments<6> arguments(env, info);
  EnginePtr engine = arguments.engine(0);
  std::string id = arguments.text(1);
  Part part{arguments.text(2), arguments.text(3), arguments.text(4), arguments.text(5)};
  if (!arguments.ok()) return nullptr;
  return start(
      env, [engine = std::move(engine), id = std::move(id), part = std::move(part)]() -> std::expected<Finish, Error> {
        auto original = engine->engine->retrieve(id, part);
        if (!original) return std::unexpected(std::move(original.error()));
        return [bytes = std::move(*original)](napi_env done) {
          napi_value value = nullptr;
          napi_create_buffer_copy(done, bytes.size(), bytes.data(), nullptr, &value);
          return value;
        };
      });
}

// countTokens(text, model): number
napi_value count(napi_env env, napi_callback_info info) {
  Arguments<2> arguments(env, info);
  const std::string text = arguments.text(0);
  const std::string model = arguments.text(1);
  if (!arguments.ok()) return nullptr;
  try {
    return to_js(env, count_tokens(text, model));
  } catch (const std::exception& thrown) {
    napi_throw_error(env, "internal", thrown.what());
    return nullptr;
  }
}

napi_value exports_of(napi_env env) {
  Object exports(env);
  const auto add = [&](const char* name, napi_callback call) {
    napi_value function = nullptr;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, call, nullptr, &function);
    exports.set_value(name, function);
  };
  add("open", open);
  add("compressRequest", compress_request);
  add("compressText", compress_text);
  add("retrieve", retrieve);
  add("countTokens", count);
  exports.set("version", std::string_view(HEADROOM_VERSION));
  return exports.value();
}

}  // namespace
}  // namespace headroom::node

extern "C" NAPI_MODULE_EXPORT napi_value napi_register_module_v1(napi_env env, napi_value /*exports*/) {
  return headroom::node::exports_of(env);
}

extern "C" NAPI_MODULE_EXPORT int32_t node_api_module_get_api_version_v1() {
  return 8;
}
