#include "learned/places.h"

#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <unistd.h>

namespace headroom::learned {
namespace {

namespace fs = std::filesystem;

class PlacesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("headroom-places-" + std::to_string(::getpid()));
    fs::remove_all(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  void touch(const std::string& file) const {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << "x";
  }
  Places find(std::map<std::string, std::string> variables) const {
    return find_places((root_ / "models").string(), [variables](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
  }
  std::string path(const std::string& file) const { return (root_ / file).string(); }

  fs::path root_;
};

TEST_F(PlacesTest, NothingInstalledIsNothingFound) {
  const Places places = find({{"HOME", path("home")}});
  EXPECT_FALSE(find_kompress(places).found());
  EXPECT_EQ(runtime_candidates({}).size(), 2u);
}

TEST_F(PlacesTest, TheModelsFolderComesFirst) {
  touch("models/magika/models/standard_v3_3/model.onnx");
  touch("models/magika/models/standard_v3_3/config.min.json");
  touch("env/lib/python3.11/site-packages/magika/models/standard_v3_9/model.onnx");
  touch("env/lib/python3.11/site-packages/magika/models/standard_v3_9/config.min.json");
  touch("env/lib/python3.11/site-packages/onnxruntime/capi/libonnxruntime.so.1.30.0");
  const Places places = find({{"HOME", path("home")}, {"VIRTUAL_ENV", path("env")}});
  EXPECT_EQ(find_magika(places), path("models/magika/models/standard_v3_3"));
  EXPECT_EQ(runtime_candidates(places).front(),
            path("env/lib/python3.11/site-packages/onnxruntime/capi/libonnxruntime.so.1.30.0"));
}

TEST_F(PlacesTest, APythonOnThePathIsLookedInto) {
  touch("usr/bin/python3");
  touch("usr/lib/python3.12/site-packages/magika/models/standard_v2/model.onnx");
  touch("usr/lib/python3.12/site-packages/magika/models/standard_v2/config.min.json");
  const Places places = find({{"PATH", "relative:" + path("usr/bin")}});
  EXPECT_EQ(find_magika(places), path("usr/lib/python3.12/site-packages/magika/models/standard_v2"));
}

TEST_F(PlacesTest, KompressNeedsATokenizer) {
  const std::string hub = "home/.cache/huggingface/hub";
  const std::string snapshot = hub + "/models--someone--kompress-v2-base/snapshots/abc";
  touch(snapshot + "/onnx/model.onnx");
  const Places places = find({{"HOME", path("home")}});
  EXPECT_FALSE(find_kompress(places).found());
  touch(hub + "/models--someone--ModernBERT-base/snapshots/def/tokenizer.json");
  EXPECT_EQ(find_kompress(places).tokenizer,
            path(hub + "/models--someone--ModernBERT-base/snapshots/def/tokenizer.json"));
  touch(snapshot + "/tokenizer.json");
  EXPECT_EQ(find_kompress(places).tokenizer, path(snapshot + "/tokenizer.json"));
  EXPECT_EQ(find_kompress(places).model, path(snapshot + "/onnx/model.onnx"));
}

TEST_F(PlacesTest, TheSmallExactModelComesFirst) {
  touch("models/kompress-v2-base/onnx/kompress-fp32.onnx");
  touch("models/kompress-v2-base/onnx/kompress-int8-wo.onnx");
  touch("models/kompress-v2-base/tokenizer.json");
  EXPECT_EQ(find_kompress(find({})).model, path("models/kompress-v2-base/onnx/kompress-int8-wo.onnx"));
}

}  // namespace
}  // namespace headroom::learned
