#include "samples.h"

#include <cstdint>

#include <fmt/format.h>

#include "base/json_string.h"
#include "numbers.h"

namespace headroom::bench {
std::string json_records(std::size_t count) {
  Numbers numbers;
  std::string out = "[";
  for (std::size_t i = 0; i < count; ++i) {
    out += fmt::format(
        R"({}{{"call":{},"port":"{}","cargo":"{}","tonnes":{},"cleared":{},"berth":{{"quay":{},"metres":{}}}}})",
        i == 0 ? "" : ",", 50'000 + i, numbers.of(kPorts), numbers.of(kGoods), numbers.below(9000),
        numbers.below(10) != 0, numbers.below(20), numbers.below(300));
  }
  return out + "]";
}

std::string application_log(std::size_t bytes) {
  Numbers numbers;
  std::string out;
  for (std::uint64_t i = 0; out.size() < bytes; ++i) {
    const std::string_view level = i % 2000 == 1500 ? "ERROR" : i % 97 == 0 ? "WARN" : "INFO";
    out += fmt::format("2026-04-02T{:02}:{:02}:{:02}.{:03}Z {} harbour[{}] {} at {} quay={} took={}ms\n", i / 3600 % 24,
                       i / 60 % 60, i % 60, numbers.below(1000), level, 300 + numbers.below(9), numbers.of(kActs),
                       numbers.of(kPorts), numbers.below(20), numbers.below(900));
  }
  return out;
}

std::string request_with(const std::string& text) {
  return fmt::format(R"({{"model":"gpt-4o","messages":[{{"role":"user","content":"Which ship is late?"}},)"
                     R"({{"role":"assistant","content":null,"tool_calls":[{{"id":"c1","type":"function",)"
                     R"("function":{{"name":"list_calls","arguments":"{{}}"}}}}]}},)"
                     R"({{"role":"tool","tool_call_id":"c1","content":{}}}]}})",
                     base::encode_json_string(text));
}

}  // namespace headroom::bench
