#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "align/aligner.h"
#include "base/json_string.h"
#include "base/text.h"

// A case is a session: "--- system" begins a request and its system prompt, "--- tools" adds a list of tools. What the
// aligner makes of each request follows: "--- sent" the system prompt as it is sent and "--- sent tools", where they
// differ from the client's; "--- tell"; "--- drifts". The test writes the file again from its requests and compares.
// What came out instead is left in the folder for temporary files.

namespace headroom::align {
namespace {

namespace fs = std::filesystem;

struct Turn {
  std::string system, tools;
};

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Turn> turns_of(const std::string& text, std::string& preamble) {
  std::vector<Turn> turns;
  std::string* into = &preamble;
  std::string ignored;
  for (const std::string_view line : base::split_lines(text)) {
    if (line == "--- system") {
      into = &turns.emplace_back().system;
    } else if (line == "--- tools") {
      into = turns.empty() ? &ignored : &turns.back().tools;
    } else if (line.starts_with("--- ")) {
      into = &ignored;
    } else {
      *into += std::string(line) + "\n";
    }
  }
  for (Turn& turn : turns) {
    if (!turn.system.empty()) turn.system.pop_back();
    if (!turn.tools.empty()) turn.tools.pop_back();
  }
  return turns;
}

std::string body_of(const Turn& turn) {
  return "{\"system\":" + base::encode_json_string(turn.system) + ",\"tools\":[" + turn.tools +
         "],\"messages\":[{\"role\":\"user\",\"content\":\"go on\"}]}";
}

std::string tools_of(std::string_view body) {
  const std::size_t begin = body.find(",\"tools\":[") + 10;
  return std::string(body.substr(begin, body.rfind("],\"messages\"") - begin));
}

std::string section(std::string_view name, std::string_view text) {
  return "--- " + std::string(name) + "\n" + std::string(text) + "\n";
}

std::string written(const fs::path& path) {
  std::string out;
  const std::vector<Turn> turns = turns_of(read_file(path), out);
  EXPECT_GE(turns.size(), 2U) << path;
  std::optional<Pin> pin;
  for (const Turn& turn : turns) {
    out += section("system", turn.system);
    if (!turn.tools.empty()) out += section("tools", turn.tools);
    const std::string body = body_of(turn);
    const auto conversation = wire::read_conversation(wire::Api::kAnthropicMessages, body);
    if (!conversation) {
      ADD_FAILURE() << path << ": " << conversation.error().message;
      return out;
    }
    const Alignment alignment = align(*conversation, body, pin ? &*pin : nullptr);
    const auto sent = base::splice(body, alignment.edits);
    const std::string said = sent ? *sent : "";
    const auto again = wire::read_conversation(wire::Api::kAnthropicMessages, said);
    if (!again) {
      ADD_FAILURE() << path << ": what is sent is no request";
      return out;
    }
    if (again->blocks.front().text != turn.system) out += section("sent", again->blocks.front().text);
    if (tools_of(*sent) != turn.tools) out += section("sent tools", tools_of(*sent));
    if (!alignment.tell.empty()) out += section("tell", alignment.tell);
    if (!alignment.drifts.empty()) out += "--- drifts\n";
    for (const Drift& drift : alignment.drifts) {
      EXPECT_LE(drift.offset + drift.size, body.size());
      out += "turn " + std::to_string(drift.turn) + ", " + drift.where + ": " + drift.what + " " +
             std::string(action_name(drift.action)) + ": " + drift.old_value + " -> " + drift.new_value + "\n";
    }
    auto kept = Pin::from_text(alignment.pin.to_text());
    EXPECT_TRUE(kept && *kept == alignment.pin) << path << ": the pin does not survive being stored";
    pin = std::move(alignment.pin);
  }
  return out;
}

TEST(AlignCases, DoWhatTheySay) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(HEADROOM_SOURCE_DIR) / "src/align/cases")) {
    if (entry.path().extension() != ".case") continue;
    ++count;
    const std::string out = written(entry.path());
    if (out == read_file(entry.path())) continue;
    const fs::path left = fs::path(testing::TempDir()) / entry.path().filename();
    std::ofstream(left, std::ios::binary) << out;
    ADD_FAILURE() << entry.path() << " says otherwise than what came out, " << left << ":\n" << out;
  }
  EXPECT_GE(count, 15U);
}

}  // namespace
}  // namespace headroom::align
