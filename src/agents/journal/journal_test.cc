#include "agents/journal/journal.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headroom::agents {
namespace {

namespace fs = std::filesystem;

/// A folder of its own, with what the tests look at.
class Home {
 public:
  Home() {
    std::string pattern = fs::temp_directory_path() / "headroom-journal-XXXXXX";
    root_ = fs::path(mkdtemp(pattern.data()));
    fs::create_directories(root_ / "home");
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;
  ~Home() { fs::remove_all(root_); }

  std::string path(const std::string& name) const { return (root_ / "home" / name).string(); }
  std::string journal() const { return (root_ / "journal").string(); }
  void write(const std::string& name, std::string_view text, unsigned mode = 0640) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
    chmod(path(name).c_str(), mode);
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  /// Everything in it: kind, mode and content of each.
  std::map<std::string, std::string> state() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(root_ / "home")) {
      const auto name = fs::relative(entry.path(), root_).string();
      const auto mode = static_cast<unsigned>(entry.symlink_status().permissions());
      all[name] = fmt::format("{:o} {}", mode,
                              entry.is_symlink()        ? fs::read_symlink(entry.path()).string()
                              : entry.is_regular_file() ? read(fs::relative(entry.path(), root_ / "home").string())
                                                        : "");
    }
    return all;
  }

 private:
  fs::path root_;
};

/// Ends the process in the middle of step `last`, or before it.
class DyingFiles final : public Files {
 public:
  DyingFiles(Files& files, int last, bool half) : files_(files), left_(last), half_(half) {}

  base::Result<std::optional<FileState>> read(const std::string& path) override { return files_.read(path); }
  base::Result<void> write(const std::string& path, std::string_view bytes, unsigned mode) override {
    if (left_ == 1 && half_) static_cast<void>(files_.write(path, bytes.substr(0, bytes.size() / 2), mode));
    step();
    return files_.write(path, bytes, mode);
  }
  base::Result<void> rename(const std::string& from, const std::string& to) override {
    step();
    return files_.rename(from, to);
  }
  base::Result<void> remove(const std::string& path) override {
    step();
    return files_.remove(path);
  }
  base::Result<bool> make_folder(const std::string& path, unsigned mode) override {
    step();
    return files_.make_folder(path, mode);
  }
  base::Result<bool> is_folder(const std::string& path) override { return files_.is_folder(path); }
  base::Result<void> remove_folder(const std::string& path) override {
    step();
    return files_.remove_folder(path);
  }
  base::Result<std::vector<std::string>> list(const std::string& path) override { return files_.list(path); }
  base::Result<std::string> real_path(const std::string& path) override { return files_.real_path(path); }
  base::Result<std::shared_ptr<void>> lock(const std::string& path) override { return files_.lock(path); }

 private:
  void step() {
    if (--left_ == 0) _exit(9);
  }
  Files& files_;
  int left_;
  const bool half_;
};

/// Cannot do one of its steps, or any from that one on: a full disk.
class FailingFiles final : public Files {
 public:
  FailingFiles(Files& files, int step, bool once) : files_(files), left_(step), once_(once) {}
  bool failed() const { return left_ <= 0; }

  base::Result<std::optional<FileState>> read(const std::string& path) override { return files_.read(path); }
  base::Result<void> write(const std::string& path, std::string_view bytes, unsigned mode) override {
    if (fails()) {
      static_cast<void>(files_.write(path, bytes.substr(0, bytes.size() / 2), mode));
      return full();
    }
    return files_.write(path, bytes, mode);
  }
  base::Result<void> rename(const std::string& from, const std::string& to) override {
    return fails() ? full() : files_.rename(from, to);
  }
  base::Result<void> remove(const std::string& path) override { return files_.remove(path); }
  base::Result<bool> make_folder(const std::string& path, unsigned mode) override {
    if (fails()) return std::unexpected(full().error());
    return files_.make_folder(path, mode);
  }
  base::Result<bool> is_folder(const std::string& path) override { return files_.is_folder(path); }
  base::Result<void> remove_folder(const std::string& path) override { return files_.remove_folder(path); }
  base::Result<std::vector<std::string>> list(const std::string& path) override { return files_.list(path); }
  base::Result<std::string> real_path(const std::string& path) override { return files_.real_path(path); }
  base::Result<std::shared_ptr<void>> lock(const std::string& path) override { return files_.lock(path); }

 private:
  bool fails() { return --left_ == 0 || (left_ < 0 && !once_); }
  static base::Result<void> full() { return base::fail(base::ErrorCode::kIo, "the disk is full"); }
  Files& files_;
  int left_;
  const bool once_;
};

KeyEdit edit(Format format, std::string_view path, std::string json) {
  return {format, parse_key_path(path).value(), std::move(json)};
}

std::vector<FileEdits> wanted(const Home& home) {
  return {{home.path(".codex/config.toml"),
           {edit(Format::kToml, "openai_base_url", "\"http://127.0.0.1:8787/v1\""),
            edit(Format::kToml, "model_providers.headroom", R"({"base_url":"http://127.0.0.1:8787/v1"})")},
           std::nullopt},
          {home.path(".new/deep/settings.json"), {edit(Format::kJson, "a.b", "1")}, std::nullopt},
          {home.path(".new/unit.service"), {}, "[Unit]\n"}};
}

class JournalTest : public testing::Test {
 protected:
  JournalTest() {
    home_.write(".codex/config.toml", "# mine\nmodel = \"x\"  # why\n\n[tui]\ntheme = 'dark'\n", 0640);
    home_.write("other", "x");
  }
  Journal journal(Files& files) { return Journal(files, home_.journal(), clock_); }

  Home home_;
  base::FakeClock clock_;
  std::unique_ptr<Files> files_ = real_files();
};

TEST_F(JournalTest, TakesBackToTheByte) {
  const auto before = home_.state();
  Journal journal = this->journal(*files_);
  const auto previewed = journal.preview("wrap codex", wanted(home_));
  ASSERT_TRUE(previewed) << previewed.error().message;
  EXPECT_EQ(home_.state(), before);
  EXPECT_TRUE(journal.records()->empty());
  const auto changes = journal.apply("wrap codex", wanted(home_));
  ASSERT_TRUE(changes) << changes.error().message;
  ASSERT_EQ(changes->size(), 3U);
  EXPECT_EQ(home_.read(".codex/config.toml"), changes->front().after);
  EXPECT_EQ(changes->front().after, previewed->front().after);
  EXPECT_NE(home_.state(), before);
  ASSERT_TRUE(journal.apply("wrap codex", wanted(home_)));  // twice is once
  EXPECT_EQ(home_.read(".codex/config.toml"), changes->front().after);
  ASSERT_TRUE(journal.undo("wrap codex"));
  EXPECT_EQ(home_.state(), before);
  EXPECT_TRUE(journal.records()->empty());
  EXPECT_TRUE(journal.undo("wrap codex")->empty());
}

TEST_F(JournalTest, IsTakenBackAfterAnEndAtAnyStep) {
  const auto before = home_.state();
  for (const bool undoing : {false, true}) {
    for (const bool half : {false, true}) {
      int deaths = 0;
      for (int step = 1; true; ++step) {
        if (undoing) {
          ASSERT_TRUE(journal(*files_).apply("wrap codex", wanted(home_)));
        }
        const pid_t child = fork();
        if (child == 0) {
          DyingFiles dying(*files_, step, half);
          Journal in_child = journal(dying);
          const bool good = undoing ? in_child.undo("wrap codex").has_value()
                                    : in_child.apply("wrap codex", wanted(home_)).has_value();
          _exit(good ? 0 : 1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFEXITED(status));
        ASSERT_NE(WEXITSTATUS(status), 1);
        const auto undone = journal(*files_).undo("wrap codex");
        ASSERT_TRUE(undone) << undone.error().message;
        for (const Change& change : *undone) EXPECT_TRUE(change.notes.empty()) << change.notes.front();
        ASSERT_EQ(home_.state(), before) << "step " << step << (half ? ", half" : "") << (undoing ? ", undoing" : "");
        if (WEXITSTATUS(status) == 0) break;
        ++deaths;
      }
      EXPECT_GT(deaths, 8);
    }
  }
}

TEST_F(JournalTest, KeepsWhatOthersHaveChangedSince) {
  Journal journal = this->journal(*files_);
  ASSERT_TRUE(journal.apply("wrap codex", wanted(home_)));
  home_.write(".codex/config.toml",
              home_.read(".codex/config.toml") + "\n[projects.\"/x\"]\ntrust_level = \"trusted\"\n");
  const auto changes = journal.undo("wrap codex");
  ASSERT_TRUE(changes) << changes.error().message;
  EXPECT_EQ(home_.read(".codex/config.toml"),
            "# mine\nmodel = \"x\"  # why\n\n[tui]\ntheme = 'dark'\n\n[projects.\"/x\"]\ntrust_level = \"trusted\"\n");
  EXPECT_EQ(changes->front().notes,
            std::vector<std::string>{"the file was changed since: only what is ours is taken back"});
  EXPECT_TRUE(journal.records()->empty());
}

TEST_F(JournalTest, KeepsAValueThatIsNoLongerOurs) {
  Journal journal = this->journal(*files_);
  ASSERT_TRUE(journal.apply("wrap codex", wanted(home_)));
  std::string text = home_.read(".codex/config.toml");
  text.replace(text.find("\"http://127.0.0.1:8787/v1\""), 26, "\"https://router.example\"");
  home_.write(".codex/config.toml", text);
  const auto changes = journal.undo("wrap codex");
  ASSERT_TRUE(changes);
  EXPECT_EQ(home_.read(".codex/config.toml"),
            "# mine\nmodel = \"x\"  # why\nopenai_base_url = \"https://router.example\"\n\n[tui]\ntheme = 'dark'\n");
  EXPECT_EQ(changes->front().notes, std::vector<std::string>{"openai_base_url was changed since: it is left as it is"});
}

TEST_F(JournalTest, ADeletedFileStaysDeleted) {
  Journal journal = this->journal(*files_);
  ASSERT_TRUE(journal.apply("wrap codex", wanted(home_)));
  fs::remove(home_.path(".codex/config.toml"));
  ASSERT_TRUE(journal.undo("wrap codex"));
  EXPECT_FALSE(fs::exists(home_.path(".codex/config.toml")));
  EXPECT_TRUE(journal.records()->empty());
}

TEST_F(JournalTest, AFileThatCannotBeReadAnyMoreKeepsItsRecord) {
  Journal journal = this->journal(*files_);
  ASSERT_TRUE(journal.apply("wrap codex", wanted(home_)));
  home_.write(".codex/config.toml", "model = \n");
  const auto changes = journal.undo("wrap codex");
  ASSERT_TRUE(changes);
  EXPECT_NE(changes->front().notes.front().find("the original is kept in"), std::string::npos);
  EXPECT_EQ(home_.read(".codex/config.toml"), "model = \n");
  EXPECT_EQ(journal.records()->size(), 1U);
}

TEST_F(JournalTest, SeveralOwnersTakeTheirPartsBackInAnyOrder) {
  const auto before = home_.state();
  const std::vector<FileEdits> mcp = {
      {home_.path(".codex/config.toml"), {edit(Format::kToml, "mcp_servers.headroom", R"({"command":"h"})")}, {}}};
  for (const bool first : {false, true}) {
    Journal journal = this->journal(*files_);
    ASSERT_TRUE(journal.apply("wrap codex", wanted(home_)));
    ASSERT_TRUE(journal.apply("mcp codex", mcp));
    ASSERT_TRUE(journal.undo(first ? "wrap codex" : "mcp codex"));
    EXPECT_EQ(home_.read(".codex/config.toml").contains("mcp_servers"), first);
    EXPECT_EQ(home_.read(".codex/config.toml").contains("openai_base_url"), !first);
    ASSERT_TRUE(journal.undo(first ? "mcp codex" : "wrap codex"));
    EXPECT_EQ(home_.state(), before);
  }
}

TEST_F(JournalTest, FollowsSymbolicLinks) {
  home_.write("dotfiles/settings.json", "{\"a\": 1}");
  fs::create_symlink(home_.path("dotfiles/settings.json"), home_.path("settings.json"));
  const auto before = home_.state();
  Journal journal = this->journal(*files_);
  ASSERT_TRUE(journal.apply("x", {{home_.path("settings.json"), {edit(Format::kJson, "b", "2")}, {}}}));
  EXPECT_EQ(home_.read("dotfiles/settings.json"), "{\"a\": 1,\"b\":2}");
  EXPECT_TRUE(fs::is_symlink(home_.path("settings.json")));
  ASSERT_TRUE(journal.undo("x"));
  EXPECT_EQ(home_.state(), before);
}

TEST_F(JournalTest, LinksThatReplacingWouldBreakAreRefused) {
  Journal journal = this->journal(*files_);
  fs::create_symlink(home_.path("nowhere"), home_.path("dangling.json"));
  home_.write("one.json", "{}");
  fs::create_hard_link(home_.path("one.json"), home_.path("two.json"));
  const auto before = home_.state();
  for (const std::string name : {"dangling.json", "one.json"}) {
    const auto applied = journal.apply("x", {{home_.path(name), {edit(Format::kJson, "b", "2")}, {}}});
    ASSERT_FALSE(applied);
    EXPECT_NE(applied.error().message.find("link"), std::string::npos) << applied.error().message;
    EXPECT_EQ(home_.state(), before);
    EXPECT_TRUE(journal.records()->empty());
  }
}

TEST_F(JournalTest, TheGroupOfAFileStays) {
  std::array<gid_t, 64> groups{};
  const int count = getgroups(static_cast<int>(groups.size()), groups.data());
  const gid_t group = geteuid() == 0 ? 12345 : count > 0 ? groups[static_cast<std::size_t>(count) - 1] : getegid();
  const std::string file = home_.path(".codex/config.toml");
  ASSERT_EQ(chown(file.c_str(), static_cast<uid_t>(-1), group), 0);
  Journal journal = this->journal(*files_);
  for (const bool undo : {false, true}) {
    ASSERT_TRUE(undo ? journal.undo("wrap codex") : journal.apply("wrap codex", wanted(home_)));
    struct stat info{};
    ASSERT_EQ(stat(file.c_str(), &info), 0);
    EXPECT_EQ(info.st_gid, group);
    EXPECT_EQ(info.st_mode & 07777U, 0640U);
  }
}

TEST_F(JournalTest, AnErrorTouchesNothing) {
  auto edits = wanted(home_);
  edits.push_back({home_.path("other"), {edit(Format::kJson, "a", "1")}, {}});
  const auto before = home_.state();
  const auto applied = journal(*files_).apply("x", edits);
  ASSERT_FALSE(applied);
  EXPECT_NE(applied.error().message.find("/other: line 1:"), std::string::npos) << applied.error().message;
  EXPECT_EQ(home_.state(), before);
}

TEST_F(JournalTest, WhatCannotBeDoneAsAWholeIsNotDone) {
  const std::vector<FileEdits> mcp = {
      {home_.path(".codex/config.toml"), {edit(Format::kToml, "mcp_servers.headroom", R"({"command":"h"})")}, {}}};
  ASSERT_TRUE(journal(*files_).apply("mcp codex", mcp));
  const auto before = home_.state();
  int failures = 0;
  for (int step = 1; true; ++step) {
    FailingFiles failing(*files_, step, true);
    const auto applied = journal(failing).apply("wrap codex", wanted(home_));
    if (!failing.failed()) break;
    ++failures;
    ASSERT_FALSE(applied) << step;
    EXPECT_EQ(home_.state(), before) << step;
    EXPECT_EQ(journal(*files_).records()->size(), 1U) << step;
  }
  EXPECT_GT(failures, 9);
  ASSERT_TRUE(journal(*files_).undo("wrap codex"));
  EXPECT_EQ(home_.state(), before);
  for (int step = 1; step <= failures; ++step) {
    FailingFiles failing(*files_, step, false);
    ASSERT_FALSE(journal(failing).apply("wrap codex", wanted(home_))) << step;
    ASSERT_TRUE(journal(*files_).undo("wrap codex")) << step;
    EXPECT_EQ(home_.state(), before) << step;
  }
}

TEST_F(JournalTest, WhatTheUserHasChangedOfOneOwnersIsNotPutBackByAnother) {
  const std::string file = home_.path(".codex/config.toml");
  const std::vector<FileEdits> mcp = {{file, {edit(Format::kToml, "mcp_servers.headroom", R"({"command":"h"})")}, {}}};
  for (const bool undo : {false, true}) {
    Journal journal = this->journal(*files_);
    home_.write(".codex/config.toml", "model = \"x\"\n");
    ASSERT_TRUE(journal.apply("init codex", {{file, {edit(Format::kToml, "openai_base_url", "\"http://o\"")}, {}}}));
    if (undo) {
      ASSERT_TRUE(journal.apply("mcp codex", mcp));
    }
    std::string text = home_.read(".codex/config.toml");
    text.replace(text.find("http://o"), 8, "http://mine");
    home_.write(".codex/config.toml", text);
    ASSERT_TRUE(undo ? journal.undo("mcp codex") : journal.apply("mcp codex", mcp));
    EXPECT_TRUE(home_.read(".codex/config.toml").contains("http://mine")) << home_.read(".codex/config.toml");
    ASSERT_TRUE(journal.undo("mcp codex"));
    ASSERT_TRUE(journal.undo("init codex"));
    EXPECT_TRUE(home_.read(".codex/config.toml").contains("http://mine"));
    EXPECT_TRUE(journal.records()->empty());
  }
}

TEST_F(JournalTest, ADeletedFileIsNotMadeAnewByAnUndo) {
  const std::string file = home_.path(".codex/config.toml");
  Journal journal = this->journal(*files_);
  ASSERT_TRUE(journal.apply("wrap codex", wanted(home_)));
  ASSERT_TRUE(journal.apply("mcp codex", {{file, {edit(Format::kToml, "a", "1")}, {}}}));
  fs::remove(file);
  ASSERT_TRUE(journal.undo("mcp codex"));
  EXPECT_FALSE(fs::exists(file));
}

TEST_F(JournalTest, TwoOwnersOfOneKeyKeepItWhenSomethingElseChanges) {
  const std::string file = home_.path(".codex/config.toml");
  const std::string original = home_.read(".codex/config.toml");
  const std::vector<FileEdits> same = {{file, {edit(Format::kToml, "openai_base_url", "\"http://o\"")}, {}}};
  Journal journal = this->journal(*files_);
  ASSERT_TRUE(journal.apply("init codex", same));
  ASSERT_TRUE(journal.apply("wrap codex", same));
  home_.write(".codex/config.toml", home_.read(".codex/config.toml") + "# added\n");
  ASSERT_TRUE(journal.undo("wrap codex"));
  EXPECT_TRUE(home_.read(".codex/config.toml").contains("http://o"));
  EXPECT_EQ(journal.without({"init codex"}, file).value(), original + "# added\n");
  ASSERT_TRUE(journal.undo("init codex"));
  EXPECT_EQ(home_.read(".codex/config.toml"), original + "# added\n");
}

TEST(TextDiff, ShowsWhatChanged) {
  EXPECT_EQ(text_diff("a\nb\nc\nd\n", "a\nb\nx\nc\nd\n"), "@@ -1,4 +1,5 @@\n a\n b\n+x\n c\n d\n");
  EXPECT_EQ(text_diff("", "a\n"), "@@ -1,0 +1,1 @@\n+a\n");
  EXPECT_EQ(text_diff("a\n", "a\n"), "");
}

}  // namespace
}  // namespace headroom::agents
