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
  std::string_view meaning;         ///< shown when the flag is given: what it means here
  std::string_view accepted_value;  ///< kRefused: the one value that is no request for anything else, so it is accepted
};

/// In the order of the docs.
std::span<const CompatFlag> compat_flags();

/// An environment variable that asks for something the proxy does not do; going on without it would surprise.
struct RefusedVariable {
  std::string_view name;
  std::string_view meaning;
};
std::span<const RefusedVariable> refused_variables();

}  // namespace headroom::config
