#include "store/sealing.h"

#include <string>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "store/packing.h"

namespace headroom::store {
namespace {

TEST(SealedValue, IsNotLargerThanTheValueWithoutAKey) {
  Packer packer;
  std::string commits = "commits:";
  for (int i = 0; i < 100; ++i) commits += "\n" + base::sha256_hex(std::to_string(i)).substr(0, 40);
  std::string words;
  for (int i = 0; i < 100; ++i) words += "what was decided, and why it was\n";
  const std::string id = base::content_id("an original");
  for (const std::string& value : {std::string(), std::string("1"), commits, words, words + id, commits + pack(words),
                                   pack(words), pack(words) + commits}) {
    const auto sealed = seal_value(packer, {}, value, "");
    ASSERT_TRUE(sealed);
    EXPECT_TRUE(sealed->size() <= value.size() || is_packed(value));
    EXPECT_EQ(*open_value({}, *sealed, ""), value);
    EXPECT_EQ(sealed->contains(id), value.contains(id)) << "it is found by the ID";
  }
  EXPECT_LT(seal_value(packer, {}, words, "")->size(), words.size() / 4);
}

}  // namespace
}  // namespace headroom::store
