#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace headroom::base {

/// Writes JSON in the order of the calls. Commas are its business, matching ends the caller's.
///
///   JsonWriter json;
///   json.begin_object().member("saved", 12).key("ids").begin_array();
///   for (const auto& id : ids) json.value(id);
///   json.end_array().end_object();
class JsonWriter {
 public:
  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  /// Text that is no UTF-8 is written with U+FFFD where it is broken.
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool flag);
  /// Rounded to 1/1000: these are milliseconds, percents and fractions. What is not finite is null.
  JsonWriter& value(double number);
  template <std::integral T>
  JsonWriter& value(T number) {
    return raw(std::to_string(number));
  }

  JsonWriter& null() { return raw("null"); }

  /// A value that is JSON text already.
  JsonWriter& raw(std::string_view json);

  template <typename T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }

  /// The text so far.
  const std::string& text() const { return text_; }
  std::string take() && { return std::move(text_); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string text_;
  bool comma_ = false;
};

}  // namespace headroom::base
