#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agents/edit/edit.h"

namespace headroom::agents {

/// The first line of the input is a path of keys, the rest a settings file. What can be set can be read back, and taken
/// out again; everything beside it is said as before.
inline void check_edit(Format format, const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\n');
  if (end == std::string_view::npos) return;
  const auto path = parse_key_path(input.substr(0, end));
  if (!path) return;
  const std::string_view file = input.substr(end + 1);
  const KeyPath beside = member_path({"beside"});
  const auto before = get_key(format, file, beside);
  for (const std::string_view json :
       {"\"http://127.0.0.1:8787/v1\"", "{\"name\":\"x y\",\"list\":[1,\"a: b\"],\"on\":true}"}) {
    const auto set = set_key(format, file, *path, json);
    if (!set) continue;
    const auto removed = remove_key(format, *set, *path);
    for (const auto* text : {&set, &removed}) {
      if (!*text || !before || path->front().key == "beside") continue;
      const auto after = get_key(format, **text, beside);
      if (!after || *after != *before) std::abort();
    }
  }
  static_cast<void>(remove_key(format, file, *path));
}

}  // namespace headroom::agents
