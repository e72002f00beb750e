// headroom/_native: the C++ library for Python, as thin as it can be. Texts are bytes on both sides; what they mean to
// a user is in the package's Python files. The interpreter is free for other threads while something is compressed.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include <unistd.h>

#include "headroom/headroom.h"

namespace nb = nanobind;

namespace {

using headroom::Compressed;
using headroom::Error;

/// Raises the HeadroomError that fits the code; the classes are Python's (_errors.py).
[[noreturn]] void raise_error(const Error& error) {
  const nb::object exception = nb::module_::import_("headroom._errors").attr("error_of")(error.code, error.message);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  throw nb::python_error();
}

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

/// An engine that survives fork(): the store's threads and connections belong to the process that opened them, so a
/// child leaves them alone and opens its own. Originals in memory cannot be opened again; the child goes on with its
/// copy.
class Native {
 public:
  explicit Native(headroom::EngineOptions options) : options_(std::move(options)) { open(); }
  ~Native() {
    if (owner_ != getpid()) static_cast<void>(engine_.release());
  }
  Native(const Native&) = delete;
  Native& operator=(const Native&) = delete;

  const headroom::Engine& engine() {
    if (owner_ == getpid() || options_.in_memory) return *engine_;
    // The child has one thread when it comes here first.
    static_cast<void>(engine_.release());
    open();
    return *engine_;
  }

 private:
  void open() {
    auto opened = headroom::Engine::open(options_);
    if (!opened) raise_error(opened.error());
    engine_ = std::make_unique<headroom::Engine>(std::move(*opened));
    owner_ = getpid();
  }

  headroom::EngineOptions options_;
  std::unique_ptr<headroom::Engine> engine_;
  pid_t owner_ = 0;
};

Compressed compress_text(Native& native, const nb::bytes& text, const headroom::Purpose& purpose) {
  const headroom::Engine& engine = native.engine();
  const std::string_view input = view(text);
  const nb::gil_scoped_release release;
  return engine.compress_text(input, purpose);
}

Compressed compress_request(Native& native, const nb::bytes& body, std::size_t token_budget, std::string profile,
                            bool report) {
  const headroom::Engine& engine = native.engine();
  const std::string_view input = view(body);
  const headroom::RequestOptions options{token_budget, std::move(profile), report};
  const nb::gil_scoped_release release;
  return engine.compress_request(input, options);
}

nb::bytes retrieve(Native& native, std::string_view id, const headroom::Part& part) {
  const headroom::Engine& engine = native.engine();
  const auto original = [&] {
    const nb::gil_scoped_release release;
    return engine.retrieve(id, part);
  }();
  if (!original) raise_error(original.error());
  return nb::bytes(original->data(), original->size());
}

std::size_t count_tokens(const nb::bytes& text, std::string_view model) {
  const std::string_view input = view(text);
  const nb::gil_scoped_release release;
  return headroom::count_tokens(input, model);
}

}  // namespace

// NOLINTNEXTLINE: what the macro makes is nanobind's
NB_MODULE(_native, m) {
  // Engines that the package keeps live as long as the process.
  nb::set_leak_warnings(false);
  m.attr("__version__") = HEADROOM_VERSION;

  nb::class_<Compressed>(m, "Compressed")
      .def_prop_ro("text", [](const Compressed& c) { return nb::bytes(c.text.data(), c.text.size()); })
      .def_ro("changed", &Compressed::changed)
      .def_ro("tokens_before", &Compressed::tokens_before)
      .def_ro("tokens_after", &Compressed::tokens_after)
      .def_ro("estimate", &Compressed::estimate)
      .def_ro("transforms", &Compressed::transforms)
      .def_ro("ids", &Compressed::ids)
      .def_prop_ro("reason", [](const Compressed& c) { return readable(c.reason); })
      .def_prop_ro("budget_note", [](const Compressed& c) { return readable(c.budget_note); })
      .def_prop_ro("blocks", as_dicts)
      .def_prop_ro("drifts", drifts_of)
      .def_prop_ro("rewrite", rewrite_of)
      .def_prop_ro("revision_note", [](const Compressed& c) { return readable(c.revision_note); });

  nb::class_<Native>(m, "Engine")
      .def(
          "__init__",
          [](Native* self, std::string workspace_dir, bool in_memory, std::string profile,
             std::vector<std::string> tool_profiles, std::size_t min_tokens, std::size_t target_tokens, bool learned) {
            new (self) Native({.workspace_dir = std::move(workspace_dir),
                               .in_memory = in_memory,
                               .profile = std::move(profile),
                               .tool_profiles = std::move(tool_profiles),
                               .min_tokens = min_tokens,
                               .target_tokens = target_tokens,
                               .learned = learned});
          },
          nb::arg("workspace_dir"), nb::arg("in_memory"), nb::arg("profile"), nb::arg("tool_profiles"),
          nb::arg("min_tokens"), nb::arg("target_tokens"), nb::arg("learned"))
      .def(
          "compress_text",
          [](Native& native, const nb::bytes& text, std::string question, std::string tool, std::string arguments,
             std::string model, std::string type, std::string profile) {
            return compress_text(native, text,
                                 {std::move(question), std::move(tool), std::move(arguments), std::move(model),
                                  std::move(type), std::move(profile)});
          },
          nb::arg("text"), nb::arg("question"), nb::arg("tool"), nb::arg("arguments"), nb::arg("model"),
          nb::arg("type"), nb::arg("profile"))
      .def("compress_request", compress_request, nb::arg("body"), nb::arg("token_budget"), nb::arg("profile"),
           nb::arg("report"))
      .def(
          "retrieve",
          [](Native& native, std::string_view id, std::string lines, std::string items, std::string path,
             std::string query) {
            return retrieve(native, id, {std::move(lines), std::move(items), std::move(path), std::move(query)});
          },
          nb::arg("id"), nb::arg("lines"), nb::arg("items"), nb::arg("path"), nb::arg("query"));

  m.def("count_tokens", count_tokens, nb::arg("text"), nb::arg("model"));
}
