#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace headroom::compress::config {

/// How much is said of keys whose lines are left out, the most first.
enum class Naming : std::uint8_t {
  kWhole,  ///< "net.ipv4.{ip_forward tcp_rmem} vm.swappiness"
  kFour,   ///< of keys that have their first four parts in common these and how many: "net.ipv4.conf.all.* 31"
  kThree,
  kTwo,
  kOne,
  kFamilies,  ///< "net.* 540, 3 others"
  kCount,     ///< "543 settings"
};

/// "net." of "net.ipv4.ip_forward"; a key of one part as it is.
std::string_view first_part(std::string_view key);

/// Numbers in a row are written "FEATURE_{0-149}".
std::string key_names(std::span<const std::string_view> keys, Naming naming);

}  // namespace headroom::compress::config
