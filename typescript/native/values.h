#pragma once

// JavaScript values to C++ ones and back, over the plain Node-API.

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <node_api.h>

namespace headroom::node {

/// Whole numbers up to here are exact in JavaScript.
inline constexpr double kLargest = 9007199254740991.0;

inline napi_value to_js(napi_env env, std::string_view text) {
  napi_value value = nullptr;
  napi_create_string_utf8(env, text.data(), text.size(), &value);
  return value;
}

inline napi_value to_js(napi_env env, double number) {
  napi_value value = nullptr;
  napi_create_double(env, number, &value);
  return value;
}

inline napi_value to_js(napi_env env, std::size_t number) {
  return to_js(env, static_cast<double>(number));
}

inline napi_value to_js(napi_env env, bool truth) {
  napi_value value = nullptr;
  napi_get_boolean(env, truth, &value);
  return value;
}

inline napi_value to_js(napi_env env, const std::vector<std::string>& texts) {
  napi_value list = nullptr;
  napi_create_array_with_length(env, texts.size(), &list);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    napi_set_element(env, list, static_cast<std::uint32_t>(i), to_js(env, std::string_view(texts[i])));
  }
  return list;
}

/// An object under construction.
class Object {
 public:
  explicit Object(napi_env env) : env_(env) { napi_create_object(env, &value_); }

  template <typename T>
  Object& set(const char* name, const T& value) {
    return set_value(name, to_js(env_, value));
  }
  Object& set(const char* name, const std::string& value) {
    return set_value(name, to_js(env_, std::string_view(value)));
  }
  Object& set_value(const char* name, napi_value value) {
    napi_set_named_property(env_, value_, name, value);
    return *this;
  }
  napi_value value() const { return value_; }

 private:
  napi_env env_;
  napi_value value_ = nullptr;
};

/// A string as UTF-8 (half a surrogate pair becomes U+FFFD), or the bytes of a Buffer; nothing for other values.
inline std::optional<std::string> to_text(napi_env env, napi_value value) {
  std::size_t size = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &size) == napi_ok) {
    std::string text(size, '\0');
    napi_get_value_string_utf8(env, value, text.data(), size + 1, &size);
    return text;
  }
  bool is_buffer = false;
  void* data = nullptr;
  napi_is_buffer(env, value, &is_buffer);
  if (!is_buffer || napi_get_buffer_info(env, value, &data, &size) != napi_ok) return std::nullopt;
  return std::string(static_cast<const char*>(data), size);
}

/// A whole number of at least 0.
inline std::optional<std::size_t> to_size(napi_env env, napi_value value) {
  double number = 0;
  if (napi_get_value_double(env, value, &number) != napi_ok) return std::nullopt;
  if (!(number >= 0 && number <= kLargest) || number != std::floor(number)) return std::nullopt;
  return static_cast<std::size_t>(number);
}

inline std::optional<bool> to_bool(napi_env env, napi_value value) {
  bool truth = false;
  if (napi_get_value_bool(env, value, &truth) != napi_ok) return std::nullopt;
  return truth;
}

inline std::optional<std::vector<std::string>> to_texts(napi_env env, napi_value value) {
  std::uint32_t count = 0;
  if (napi_get_array_length(env, value, &count) != napi_ok) return std::nullopt;
  std::vector<std::string> texts;
  for (std::uint32_t i = 0; i < count; ++i) {
    napi_value element = nullptr;
    napi_get_element(env, value, i, &element);
    auto text = to_text(env, element);
    if (!text) return std::nullopt;
    texts.push_back(std::move(*text));
  }
  return texts;
}

}  // namespace headroom::node
