#include "compress/config/key_names.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::compress::config {
namespace {

constexpr std::array<std::string_view, 7> kKeys = {"net.ipv4.tcp_fin", "net.ipv4.tcp_mem", "net.ipv4.ip_forward",
                                                   "net.core.backlog", "net.core.busy",    "net.core.rmem",
                                                   "vm.swappiness"};

TEST(KeyNames, WholeNamesShareWhatTheyBeginWith) {
  EXPECT_EQ(key_names(kKeys, Naming::kWhole),
            "net.ipv4.tcp_{fin mem} net.ipv4.ip_forward net.core.{backlog busy rmem} vm.swappiness");
}

TEST(KeyNames, FamiliesAreCounted) {
  EXPECT_EQ(key_names(kKeys, Naming::kTwo), "net.ipv4.* 3 net.core.* 3 vm.swappiness");
  EXPECT_EQ(key_names(kKeys, Naming::kOne), "net.* 6 vm.swappiness");
  EXPECT_EQ(key_names(kKeys, Naming::kFamilies), "net.* 6 1 other");
  EXPECT_EQ(key_names(kKeys, Naming::kCount), "7 settings");
}

TEST(KeyNames, NumbersInARowAreOneRange) {
  std::vector<std::string> keys;
  for (int i = 0; i < 40; ++i) keys.push_back("FEATURE_" + std::to_string(i));
  const std::vector<std::string_view> views(keys.begin(), keys.end());
  EXPECT_EQ(key_names(views, Naming::kWhole), "FEATURE_{0-39}");
}

TEST(KeyNames, NothingIsNothing) {
  EXPECT_EQ(key_names({}, Naming::kWhole), "");
  EXPECT_EQ(key_names({}, Naming::kCount), "");
}

}  // namespace
}  // namespace headroom::compress::config
