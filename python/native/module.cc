// headroom/_native: the C++ library for Python, as thin as it can be. Texts are bytes on both sides; what they mean to
// a user is in the package's Python files. The interpreter is free for other threads while something is compressed.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include <unistd.h>

#include "align/volatile_text.h"
#include "api/steps.h"
#include "compress/json/exact_frame.h"
#include "compress/json/expand.h"
#include "detect/detect.h"
#include "headroom/headroom.h"

namespace nb = nanobind;

namespace {

using headroom::Compressed;
using headroom::Error;
using headroom::api::Listeners;
using headroom::api::Step;

/// What a call gave, and its steps when somebody wants to hear of them.
struct Outcome : Compressed {
  explicit Outcome(Compressed compressed) : Compressed(std::move(compressed)) {}
  std::vector<Step> steps;
};

/// Raises the HeadroomError that fits the code; the classes are Python's (_errors.py).
[[noreturn]] void raise_error(const Error& error) {
  const nb::object exception = nb::module_::import_("headroom._errors").attr("error_of")(error.code, error.message);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  throw nb::python_error();
}

/// Other threads of Python run while this one is in C++. A thread that comes back while the interpreter ends is ended
/// by it where it stands, which must not unwind frames of C++; it waits for the end of the process instead.
class FreeInterpreter {
 public:
  FreeInterpreter() : state_(PyEval_SaveThread()) {}
  ~FreeInterpreter() {
    try {
      PyEval_RestoreThread(state_);
    } catch (...) {
      for (;;) pause();
    }
  }
  FreeInterpreter(const FreeInterpreter&) = delete;
  FreeInterpreter& operator=(const FreeInterpreter&) = delete;

 private:
  PyThreadState* state_;
};

std::string_view view(const nb::bytes& bytes) {
  return {bytes.c_str(), bytes.size()};
}

/// Text of ours for people; bytes in it that are no UTF-8 came from the input.
nb::object readable(std::string_view text) {
  PyObject* decoded = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
  if (decoded == nullptr) throw nb::python_error();
  return nb::steal(decoded);
}

nb::list readable(const std::vector<std::string>& texts) {
  nb::list list;
  for (const std::string& text : texts) list.append(readable(text));
  return list;
}

nb::dict as_dict(const headroom::BlockReport& block) {
  nb::dict dict;
  dict["message"] = block.message;
  dict["tool"] = readable(block.tool);
  dict["type"] = readable(block.type);
  dict["transform"] = readable(block.transform);
  dict["reason"] = readable(block.reason);
  dict["tokens_before"] = block.tokens_before;
  dict["tokens_after"] = block.tokens_after;
  dict["ids"] = readable(block.ids);
  dict["removed"] = readable(block.removed);
  return dict;
}

nb::list as_dicts(const Compressed& compressed) {
  nb::list list;
  for (const headroom::BlockReport& block : compressed.blocks) list.append(as_dict(block));
  return list;
}

nb::list drifts_of(const Compressed& compressed) {
  nb::list list;
  for (const headroom::Drift& drift : compressed.drifts) {
    nb::dict dict;
    dict["where"] = readable(drift.where);
    dict["what"] = readable(drift.what);
    dict["before"] = readable(drift.before);
    dict["now"] = readable(drift.now);
    dict["offset"] = drift.offset;
    dict["size"] = drift.size;
    dict["request"] = drift.request;
    dict["action"] = readable(drift.action);
    list.append(dict);
  }
  return list;
}

nb::object rewrite_of(const Compressed& compressed) {
  if (!compressed.rewrite) return nb::none();
  const headroom::Rewrite& rewrite = *compressed.rewrite;
  nb::dict dict;
  dict["done"] = rewrite.done;
  dict["why_not"] = readable(rewrite.why_not);
  dict["results"] = rewrite.results;
  dict["first_message"] = rewrite.first_message;
  dict["broken_tokens"] = rewrite.broken_tokens;
  dict["saved_tokens"] = rewrite.saved_tokens;
  dict["idle_s"] = rewrite.idle_s;
  dict["cold"] = rewrite.cold;
  dict["unused"] = rewrite.unused;
  dict["pays"] = rewrite.pays;
  dict["keep_now"] = rewrite.keep_now;
  dict["keep_later"] = rewrite.keep_later;
  dict["rewrite_now"] = rewrite.rewrite_now;
  dict["rewrite_later"] = rewrite.rewrite_later;
  dict["expected_requests"] = rewrite.expected_requests;
  dict["break_even_requests"] = rewrite.break_even_requests;
  return dict;
}

nb::list steps_of(const Outcome& outcome) {
  nb::list list;
  for (const Step& step : outcome.steps) {
    nb::dict dict;
    dict["stage"] = readable(step.stage);
    dict["time_ms"] = step.time_ms;
    dict["request"] = step.request;
    dict["api"] = readable(step.api);
    dict["model"] = readable(step.model);
    dict["tokens_before"] = step.tokens_before;
    dict["tokens_after"] = step.tokens_after;
    dict["bytes"] = step.bytes;
    dict["blocks"] = step.blocks;
    dict["results"] = step.results;
    dict["replayed"] = step.replayed;
    dict["block"] = step.block;
    dict["tool"] = readable(step.tool);
    dict["type"] = readable(step.type);
    dict["transform"] = readable(step.transform);
    dict["reason"] = readable(step.reason);
    dict["changed"] = step.changed;
    dict["failed"] = step.failed;
    dict["transforms"] = readable(step.transforms);
    dict["ids"] = readable(step.ids);
    dict["revision"] = step.revision;
    list.append(dict);
  }
  return list;
}

/// An engine that survives fork(): the store's threads and connections belong to the process that opened them, so a
/// child leaves them alone and opens its own. Originals in memory cannot be opened again; the child goes on with its
/// copy.
class Native {
 public:
  explicit Native(headroom::EngineOptions options) : options_(std::move(options)) {
    options_.on_event = [this](const headroom::Event& event) { listeners_->tell(event); };
    open();
  }
  ~Native() {
    if (owner_ != getpid()) static_cast<void>(engine_.release());
  }
  Native(const Native&) = delete;
  Native& operator=(const Native&) = delete;

  const headroom::Engine& engine() {
    if (user_ == getpid()) return *engine_;
    // The child has one thread when it comes here first; a lock may be one that a thread of its parent's held.
    user_ = getpid();
    static_cast<void>(listeners_.release());
    listeners_ = std::make_unique<Listeners>();
    if (options_.in_memory) return *engine_;
    static_cast<void>(engine_.release());
    open();
    return *engine_;
  }

  Listeners& listeners() { return *listeners_; }

 private:
  void open() {
    auto opened = [this] {
      const FreeInterpreter release;
      return headroom::Engine::open(options_);
    }();
    if (!opened) raise_error(opened.error());
    engine_ = std::make_unique<headroom::Engine>(std::move(*opened));
    owner_ = user_ = getpid();
  }

  headroom::EngineOptions options_;
  std::unique_ptr<Listeners> listeners_ = std::make_unique<Listeners>();
  std::unique_ptr<headroom::Engine> engine_;
  pid_t owner_ = 0;  ///< opened the engine
  pid_t user_ = 0;   ///< called it last
};

/// The call, with its steps when they are wanted; the interpreter is free meanwhile.
template <typename Call>
Outcome outcome_of(Native& native, bool steps, const Call& call) {
  const headroom::Engine& engine = native.engine();
  const FreeInterpreter release;
  if (!steps) return Outcome(call(engine));
  std::vector<Step> made;
  Outcome outcome = [&] {
    const Listeners::Listening listening(native.listeners(), made);
    return Outcome(call(engine));
  }();
  outcome.steps = std::move(made);
  return outcome;
}

Outcome compress_text(Native& native, const nb::bytes& text, const headroom::Purpose& purpose, bool steps) {
  const std::string_view input = view(text);
  return outcome_of(native, steps,
                    [&](const headroom::Engine& engine) { return engine.compress_text(input, purpose); });
}

Outcome compress_request(Native& native, const nb::bytes& body, std::size_t token_budget, std::string profile,
                         bool report, bool steps) {
  const std::string_view input = view(body);
  const headroom::RequestOptions options{token_budget, std::move(profile), report};
  return outcome_of(native, steps,
                    [&](const headroom::Engine& engine) { return engine.compress_request(input, options); });
}

nb::bytes retrieve(Native& native, std::string_view id, const headroom::Part& part) {
  const headroom::Engine& engine = native.engine();
  const auto original = [&] {
    const FreeInterpreter release;
    return engine.retrieve(id, part);
  }();
  if (!original) raise_error(original.error());
  return nb::bytes(original->data(), original->size());
}

std::size_t count_tokens(const nb::bytes& text, std::string_view model) {
  const std::string_view input = view(text);
  const FreeInterpreter release;
  return headroom::count_tokens(input, model);
}

nb::dict detect(const nb::bytes& text) {
  const headroom::detect::Detection found = headroom::detect::detect(view(text));
  nb::dict dict;
  dict["type"] = readable(headroom::detect::content_type_name(found.type));
  dict["confidence"] = found.confidence;
  dict["reason"] = readable(found.reason);
  return dict;
}

/// None: it is no table that was made of JSON, or not all of it is there.
nb::object expand_table(const nb::bytes& text) {
  auto expanded = headroom::compress::json::expand_exactly(view(text));
  if (!expanded) expanded = headroom::compress::json::expand(view(text));
  if (!expanded) return nb::none();
  return nb::bytes(expanded->data(), expanded->size());
}

nb::list volatile_values(const nb::bytes& text) {
  nb::list list;
  const std::string_view input = view(text);
  for (const headroom::align::Volatile& value : headroom::align::volatile_values(input)) {
    nb::dict dict;
    dict["kind"] = readable(headroom::align::kind_name(value.kind));
    dict["text"] = readable(input.substr(value.begin, value.end - value.begin));
    dict["label"] = readable(value.label);
    list.append(dict);
  }
  return list;
}

nb::dict model_facts(std::string_view model) {
  const headroom::ModelFacts facts = headroom::model_facts(model);
  nb::dict out;
  out["window"] = facts.window;
  out["input"] = facts.input;
  out["output"] = facts.output;
  out["cached"] = facts.cached;
  out["assumed"] = facts.assumed;
  return out;
}

}  // namespace

// NOLINTNEXTLINE: what the macro makes is nanobind's
NB_MODULE(_native, m) {
  // Engines that the package keeps live as long as the process.
  nb::set_leak_warnings(false);
  m.attr("__version__") = HEADROOM_VERSION;

  nb::class_<Outcome>(m, "Compressed")
      .def_prop_ro("text", [](const Outcome& c) { return nb::bytes(c.text.data(), c.text.size()); })
      .def_ro("changed", &Outcome::changed)
      .def_ro("tokens_before", &Outcome::tokens_before)
      .def_ro("tokens_after", &Outcome::tokens_after)
      .def_ro("estimate", &Outcome::estimate)
      .def_ro("transforms", &Outcome::transforms)
      .def_ro("ids", &Outcome::ids)
      .def_prop_ro("reason", [](const Outcome& c) { return readable(c.reason); })
      .def_prop_ro("budget_note", [](const Outcome& c) { return readable(c.budget_note); })
      .def_prop_ro("blocks", [](const Outcome& c) { return as_dicts(c); })
      .def_prop_ro("drifts", [](const Outcome& c) { return drifts_of(c); })
      .def_prop_ro("rewrite", [](const Outcome& c) { return rewrite_of(c); })
      .def_prop_ro("steps", steps_of)
      .def_prop_ro("revision_note", [](const Outcome& c) { return readable(c.revision_note); });

  nb::class_<Native>(m, "Engine")
      .def(
          "__init__",
          [](Native* self, std::string workspace_dir, bool in_memory, std::string store_key_file, std::string profile,
             std::vector<std::string> tool_profiles, std::size_t min_tokens, std::size_t target_tokens, bool learned) {
            new (self) Native({.workspace_dir = std::move(workspace_dir),
                               .in_memory = in_memory,
                               .store_key_file = std::move(store_key_file),
                               .profile = std::move(profile),
                               .tool_profiles = std::move(tool_profiles),
                               .min_tokens = min_tokens,
                               .target_tokens = target_tokens,
                               .learned = learned});
          },
          nb::arg("workspace_dir"), nb::arg("in_memory"), nb::arg("store_key_file"), nb::arg("profile"),
          nb::arg("tool_profiles"), nb::arg("min_tokens"), nb::arg("target_tokens"), nb::arg("learned"))
      .def(
          "compress_text",
          [](Native& native, const nb::bytes& text, std::string question, std::string tool, std::string arguments,
             std::string model, std::string type, std::string profile, bool steps) {
            return compress_text(native, text,
                                 {std::move(question), std::move(tool), std::move(arguments), std::move(model),
                                  std::move(type), std::move(profile)},
                                 steps);
          },
          nb::arg("text"), nb::arg("question"), nb::arg("tool"), nb::arg("arguments"), nb::arg("model"),
          nb::arg("type"), nb::arg("profile"), nb::arg("steps") = false)
      .def("compress_request", compress_request, nb::arg("body"), nb::arg("token_budget"), nb::arg("profile"),
           nb::arg("report"), nb::arg("steps") = false)
      .def(
          "retrieve",
          [](Native& native, std::string_view id, std::string lines, std::string items, std::string path,
             std::string query) {
            return retrieve(native, id, {std::move(lines), std::move(items), std::move(path), std::move(query)});
          },
          nb::arg("id"), nb::arg("lines"), nb::arg("items"), nb::arg("path"), nb::arg("query"));

  m.def("count_tokens", count_tokens, nb::arg("text"), nb::arg("model"));
  m.def("model_facts", model_facts, nb::arg("model"));
  m.def("detect", detect, nb::arg("text"));
  m.def("expand_table", expand_table, nb::arg("text"));
  m.def("volatile_values", volatile_values, nb::arg("text"));
}
