#include "conversation.h"

#include <array>

#include <fmt/format.h>

#include "base/json_string.h"

namespace headroom::bench {
namespace {

constexpr std::size_t kTurns = 200;
constexpr std::size_t kFiles = 20;
constexpr std::size_t kTools = 16;
constexpr std::size_t kLinesOfFile = 900;

constexpr std::array<std::string_view, 24> kWords = {"order",   "price",   "parcel", "invoice", "customer", "basket",
                                                     "refund",  "voucher", "stock",  "carrier", "address",  "payment",
                                                     "session", "catalog", "review", "label",   "margin",   "pallet",
                                                     "tariff",  "courier", "ledger", "receipt", "account",  "delivery"};

std::string quoted(std::string_view text) {
  return base::encode_json_string(text);
}

std::string tool(wire::Api api, std::size_t number) {
  static constexpr std::array<std::string_view, 6> kNames = {"Read", "Edit", "Bash", "Grep", "Glob", "Write"};
  const std::string name =
      number < kNames.size() ? std::string(kNames[number]) : fmt::format("mcp__shop__{}", kWords[number]);
  std::string description = fmt::format("Does what {} does.", name);
  for (std::size_t i = 0; i < 12; ++i) {
    description += fmt::format("\n- Use it for the {} of a {}, never for the {}.", kWords[(number + i) % kWords.size()],
                               kWords[(number * 3 + i) % kWords.size()], kWords[(number * 5 + i) % kWords.size()]);
  }
  const std::string schema = fmt::format(
      R"({{"type":"object","properties":{{"file_path":{{"type":"string","description":"The {0} to act on"}},)"
      R"("limit":{{"type":"integer","description":"How many lines of the {0}"}}}},"required":["file_path"]}})",
      kWords[number]);
  if (api == wire::Api::kAnthropicMessages) {
    return fmt::format(R"({{"name":{},"description":{},"input_schema":{}}})", quoted(name), quoted(description),
                       schema);
  }
  return fmt::format(R"({{"type":"function","function":{{"name":{},"description":{},"parameters":{}}}}})", quoted(name),
                     quoted(description), schema);
}

std::string instructions() {
  std::string text = "You are a coding agent. Today's date: 2026-04-02. Working directory: /home/dev/shop\n\n";
  for (std::size_t i = 0; i < 120; ++i) {
    text += fmt::format("{}. When the {} of a {} is asked for, look at the {} first, and say what you have seen.\n",
                        i + 1, kWords[i % 24], kWords[i * 7 % 24], kWords[i * 11 % 24]);
  }
  return text;
}

}  // namespace

Conversation::Conversation(wire::Api api, std::string model, std::uint64_t seed, std::size_t bytes)
    : api_(api), model_(std::move(model)), bytes_(bytes / kTurns * 5 / 4), state_(seed * 0x9E3779B97F4A7C15ULL | 1U) {
  files_.resize(kFiles);
  head_ = fmt::format(R"({{"model":"{}","max_tokens":8192,"stream":true,"tools":[)", model_);
  for (std::size_t i = 0; i < kTools; ++i) head_ += (i > 0 ? "," : "") + tool(api_, i);
  if (api_ == wire::Api::kAnthropicMessages) {
    head_ += R"(],"system":[{"type":"text","text":)" + quoted(instructions()) +
             R"(,"cache_control":{"type":"ephemeral"}}],"messages":[)";
  } else {
    head_ += R"(],"messages":[)";
    messages_.push_back(R"({"role":"system","content":)" + quoted(instructions()) + "}");
  }
}

std::uint64_t Conversation::below(std::uint64_t bound) {
  state_ ^= state_ >> 12U;
  state_ ^= state_ << 25U;
  state_ ^= state_ >> 27U;
  return (state_ * 0x2545F4914F6CDD1DULL >> 33U) % bound;
}

std::string_view Conversation::word() {
  return kWords[below(kWords.size())];
}

std::string Conversation::source_line(std::size_t line) {
  if (line % 14 == 0)
    return fmt::format("def {}_{}_{:04}(self, {}, limit={}):", word(), word(), line, word(), 10 + below(90));
  if (line % 14 == 1) return fmt::format("    \"\"\"The {} of a {}, as the {} says.\"\"\"", word(), word(), word());
  if (line % 14 == 13) return "";
  switch (below(4)) {
    case 0:
      return fmt::format("    {} = self.{}.{}({}, limit)", word(), word(), word(), below(900));
    case 1:
      return fmt::format("    if {} is None or {} > {}:", word(), word(), below(900));
    case 2:
      return fmt::format("        raise ValueError(f\"no {} for {{{}}}\")", word(), word());
    default:
      return fmt::format("    return {{\"{}\": {}, \"{}\": {}}}", word(), word(), word(), below(900));
  }
}

std::vector<std::string>& Conversation::file(std::size_t number) {
  std::vector<std::string>& lines = files_[number % kFiles];
  for (std::size_t i = lines.size(); i < kLinesOfFile; ++i) lines.push_back(source_line(i));
  return lines;
}

std::string Conversation::shown(std::size_t number, std::size_t bytes, std::size_t first) {
  const std::vector<std::string>& lines = file(number);
  std::string out;
  for (std::size_t i = first; i < lines.size() && out.size() < bytes; ++i)
    out += fmt::format("{:6}\t{}\n", i + 1, lines[i]);
  return out;
}

std::string Conversation::log(std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; out.size() < bytes; ++i) {
    out += fmt::format("2026-04-02T{:02}:{:02}:{:02}.{:03}Z {} shop[{}] {} {} for {} took={}ms\n", i / 360 % 24,
                       i / 6 % 60, i * 10 % 60, below(1000),
                       i % 53 == 40  ? "ERROR"
                       : i % 17 == 3 ? "WARN"
                                     : "INFO",
                       300 + below(9), word(), i % 3 == 0 ? "loaded" : "updated", word(), below(900));
  }
  return out;
}

std::string Conversation::hits(std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; out.size() < bytes; ++i) {
    out += fmt::format("/home/dev/shop/{}/{}.py:{}:    {} = self.{}.{}({}, limit)\n", kWords[i / 40 % 24],
                       kWords[i / 9 % 24], 1 + below(900), word(), word(), word(), below(900));
  }
  return out;
}

std::string Conversation::tests(std::size_t bytes) {
  std::string out = "============================= test session starts ==============================\n";
  std::size_t i = 0;
  for (; out.size() < bytes; ++i) {
    out += fmt::format("tests/test_{}.py::test_{}_{}_{:03} {} [{:3}%]\n", kWords[i / 12 % 24], word(), word(), i,
                       i % 41 == 17 ? "FAILED" : "PASSED", i % 101);
    if (i % 41 == 17) out += fmt::format("E       AssertionError: {} is {}, not {}\n", word(), below(900), below(900));
  }
  return out + fmt::format("================== {} failed, {} passed in {}.{:02}s ==================\n", i / 41,
                           i - i / 41, below(60), below(100));
}

std::string Conversation::records(std::size_t bytes) {
  std::string out = "[";
  while (out.size() < bytes) {
    out += fmt::format(R"({}{{"id":{},"kind":"{}","carrier":"{}","amount":{}.{:02},"paid":{},"note":"{} of {}"}})",
                       out.size() > 1 ? "," : "", 100000 + below(900000), word(), word(), below(900), below(100),
                       below(10) != 0, word(), word());
  }
  return out + "]";
}

std::string Conversation::diff(std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; out.size() < bytes; ++i) {
    out += fmt::format(
        "diff --git a/{0}/{1}.py b/{0}/{1}.py\nindex {2:07x}..{3:07x} 100644\n--- a/{0}/{1}.py\n+++ b/{0}/{1}.py\n"
        "@@ -{4},6 +{4},6 @@ def {5}(self):\n     {6} = self.{7}\n     if {6} is None:\n-        return {8}\n"
        "+        return {8} + {9}\n     self.{7} = {6}\n     return {6}\n",
        kWords[i % 24], kWords[i / 3 % 24], below(0xFFFFFFF), below(0xFFFFFFF), 1 + below(800), word(), word(), word(),
        below(900), below(90));
  }
  return out;
}

std::string Conversation::listing(std::size_t bytes) {
  std::string out = "total 4096\n";
  for (std::size_t i = 0; out.size() < bytes; ++i) {
    out += fmt::format("-rw-r--r-- 1 dev dev {:6} Apr  2 {:02}:{:02} {}_{}_{:03}.py\n", below(90000), below(24),
                       below(60), word(), word(), i);
  }
  return out;
}

void Conversation::say_user(std::string_view text) {
  messages_.push_back(api_ == wire::Api::kAnthropicMessages
                          ? fmt::format(R"({{"role":"user","content":[{{"type":"text","text":{}}}]}})", quoted(text))
                          : fmt::format(R"({{"role":"user","content":{}}})", quoted(text)));
}

void Conversation::call(std::string_view say, std::string_view tool, const std::string& arguments,
                        const std::string& result) {
  const std::string id = fmt::format("call_{:024x}", turns_ * 0x9E3779B97F4A7C15ULL);
  if (api_ == wire::Api::kAnthropicMessages) {
    messages_.push_back(fmt::format(
        R"({{"role":"assistant","content":[{{"type":"text","text":{}}},{{"type":"tool_use","id":"{}","name":"{}","input":{}}}]}})",
        quoted(say), id, tool, arguments));
    messages_.push_back(
        fmt::format(R"({{"role":"user","content":[{{"type":"tool_result","tool_use_id":"{}","content":{}}}]}})", id,
                    quoted(result)));
  } else {
    messages_.push_back(fmt::format(
        R"({{"role":"assistant","content":{},"tool_calls":[{{"id":"{}","type":"function","function":{{"name":"{}","arguments":{}}}}}]}})",
        quoted(say), id, tool, quoted(arguments)));
    messages_.push_back(fmt::format(R"({{"role":"tool","tool_call_id":"{}","content":{}}})", id, quoted(result)));
  }
}

void Conversation::add_turn() {
  const std::size_t number = ++turns_;
  const std::size_t round = (number - 1) / 10;
  const auto bash = [](std::string_view command) { return fmt::format(R"({{"command":{}}})", quoted(command)); };
  const std::string path = fmt::format("/home/dev/shop/{}.py", kWords[round % kFiles]);
  switch (number % 10) {
    case 1:
      say_user(fmt::format("The {} of a {} is wrong when the {} is {}. Find out why and fix it.", word(), word(),
                           word(), 100 + below(900)));
      return call("I look at where this is used.", "Grep", fmt::format(R"({{"pattern":"{}"}})", word()), hits(bytes_));
    case 2:
      return call("Let me read the file first.", "Read", fmt::format(R"({{"file_path":"{}"}})", path),
                  shown(round, bytes_, 0));
    case 3: {
      std::string& line = file(round)[40];
      const std::string old = std::exchange(line, fmt::format("    limit = self.{}({:03})", word(), below(1000)));
      return call(
          "Now the change itself.", "Edit",
          fmt::format(R"({{"file_path":"{}","old_string":{},"new_string":{}}})", path, quoted(old), quoted(line)),
          fmt::format("The file {} has been updated.\n{:6}\t{}\n", path, 41, line));
    }
    case 4:
      return call("I read it again.", "Read", fmt::format(R"({{"file_path":"{}"}})", path), shown(round, bytes_, 0));
    case 5:
      return call("Do the tests pass?", "Bash", bash("python3 -m pytest -v"), tests(bytes_));
    case 6:
      return call("What does the service give?", "Bash", bash(fmt::format("curl -s localhost/api/{}", word())),
                  records(bytes_));
    case 7:
      return call("What has changed lately?", "Bash", bash("git diff HEAD~5"), diff(bytes_));
    case 8: {
      const std::size_t other = round + 7;
      return call(
          "The caller may tell more.", "Read",
          fmt::format(R"({{"file_path":"/home/dev/shop/{}.py","offset":101,"limit":250}})", kWords[other % kFiles]),
          shown(other, bytes_, 100));
    }
    case 9:
      return call("What else is here?", "Bash", bash(fmt::format("ls -l {}", word())), listing(bytes_ * 2 / 3));
    default:
      return call("The log of this morning.", "Bash", bash("journalctl -u shop --since today --no-pager"), log(bytes_));
  }
}

std::string Conversation::body() const {
  std::size_t size = head_.size() + 2;
  for (const std::string& message : messages_) size += message.size() + 1;
  std::string out;
  out.reserve(size);
  out = head_;
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    if (i > 0) out += ',';
    out += messages_[i];
  }
  return out + "]}";
}

}  // namespace headroom::bench
