#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/json_string.h"

namespace headroom::proxy {

/// Writes one JSON value, left to right; the caller keeps the nesting right. Commas are put by itself.
class JsonWriter {
 public:
  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name) {
    separate();
    base::append_json_string(out_, name);
    out_ += ':';
    fresh_ = true;
    return *this;
  }

  JsonWriter& value(std::string_view text) {
    separate();
    base::append_json_string(out_, text);
    return *this;
  }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool flag) { return raw(flag ? "true" : "false"); }
  template <std::integral T>
  JsonWriter& value(T number) {
    return raw(fmt::format("{}", number));
  }
  /// Rounded to 1/1000: these are milliseconds, percents and fractions.
  JsonWriter& value(double number) {
    return raw(fmt::format("{}", static_cast<double>(std::int64_t(number * 1000 + (number < 0 ? -0.5 : 0.5))) / 1000));
  }
  JsonWriter& null() { return raw("null"); }
  /// A value that is JSON already.
  JsonWriter& raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
  }

  template <typename T>
  JsonWriter& member(std::string_view name, T&& content) {
    return key(name).value(std::forward<T>(content));
  }

  std::string take() && { return std::move(out_); }

 private:
  JsonWriter& open(char bracket) {
    separate();
    out_ += bracket;
    fresh_ = true;
    return *this;
  }
  JsonWriter& close(char bracket) {
    out_ += bracket;
    fresh_ = false;
    return *this;
  }
  void separate() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
  }

  std::string out_;
  bool fresh_ = true;  // nothing stands before the next value that would need a comma
};

}  // namespace headroom::proxy
