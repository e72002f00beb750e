#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace headroom::config {

/// A flag of `headroom proxy` that scripts written for other releases of Headroom pass.
struct CompatFlag {
  enum class Effect : std::uint8_t {
    kNone,     ///< accepted; the proxy already behaves so, or has no such part
    kRefused,  ///< asks for something this program does not do, and going on without it would surprise
  };
  std::string_view name;  ///< without "--"
  bool takes_value = false;
  Effect effect = Effect::kNone;
  std::string_view meaning;  ///< shown when the flag is given: what it means here
};

/// In the order of the docs.
std::span<const CompatFlag> compat_flags();

}  // namespace headroom::config
