#include "cli/demo_sessions.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/demo_conversation.h"
#include "cli/demo_random.h"

namespace headroom::cli {
namespace {

using Words = std::array<std::string_view, 8>;

constexpr std::string_view kSystem =
    "You help the people who run an online bookshop. Use the tools, and cite what you saw.";

constexpr Words kServices = {"catalogue", "basket", "checkout", "warehouse", "mailer", "search", "accounts", "reviews"};
constexpr Words kRoutine = {"served a page",           "refreshed the price list", "checked stock",
                            "sent a newsletter batch", "indexed new titles",       "renewed a session",
                            "closed an idle socket",   "rotated the access log"};
constexpr Words kFolders = {"shelves", "orders", "pricing", "shipping", "mail", "search", "reader", "admin"};
constexpr Words kNouns = {"Voucher", "Parcel", "Invoice", "Reader", "Shelf", "Edition", "Refund", "Courier"};
constexpr Words kVerbs = {"load", "store", "price", "merge", "validate", "publish", "archive", "resolve"};

std::string clock_text(int seconds) {
  return fmt::format("2026-05-11T{:02}:{:02}:{:02}.{:03}Z", 7 + seconds / 3600, seconds / 60 % 60, seconds % 60,
                     seconds * 37 % 1000);
}

std::string json_log(DemoRandom& random) {
  base::JsonWriter json;
  json.begin_array();
  for (int i = 0; i < 100; ++i) {
    const bool fatal = i == 67;
    json.begin_object()
        .member("time", clock_text(i * 3))
        .member("severity", fatal                       ? "FATAL"
                            : random.between(1, 9) == 1 ? "DEBUG"
                                                        : "INFO")
        .member("service", fatal ? std::string_view("checkout") : random.one_of(kServices))
        .member("text",
                fatal
                    ? std::string("ledger shard 7 refused the write: journal sequence 88213 is missing, orders halted")
                    : fmt::format("{} in {} ms", random.one_of(kRoutine), random.between(2, 180)))
        .member("request", fmt::format("rq-{}", fatal ? std::string("5d0e77c1ab") : random.hex(10)))
        .member("host", fmt::format("node-{:02}", random.between(1, 12)))
        .end_object();
  }
  json.end_array();
  return json.text();
}

std::string text_log(DemoRandom& random, int lines) {
  std::string out;
  for (int i = 0; i < lines; ++i) {
    if (i == lines * 5 / 8) {
      out += fmt::format(
          "{} ERROR warehouse [worker-3] stock reservation failed: lock wait of 30000 ms on table shelf_slots, holder "
          "session 40961\n",
          clock_text(i * 2));
      continue;
    }
    out += fmt::format("{} {} {} [worker-{}] {} path=/{}/{} took={}ms\n", clock_text(i * 2),
                       random.between(1, 20) == 1 ? "WARN" : "INFO", random.one_of(kServices), random.between(1, 8),
                       random.one_of(kRoutine), random.one_of(kFolders), random.between(1000, 9999),
                       random.between(1, 250));
  }
  return out;
}

std::string metrics(DemoRandom& random, int rows) {
  base::JsonWriter json;
  json.begin_object().member("interval_s", 15).key("points").begin_array();
  for (int i = 0; i < rows; ++i) {
    const bool spike = i == rows * 5 / 8;
    json.begin_object()
        .member("at", clock_text(i * 15))
        .member("requests", random.between(880, 960))
        .member("p95_ms", spike ? 30211 : random.between(80, 120))
        .member("lock_waiters", spike ? 417 : random.between(0, 3))
        .member("cpu", std::round(0.4 * 100 + random.between(-5, 5)) / 100)
        .end_object();
  }
  json.end_array().end_object();
  return json.text();
}

std::string file_listing(DemoRandom& random, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out += i == 91 ? std::string("-rw-r--r-- 1 deploy deploy    1893 May 11 06:58 config/warehouse/lock_policy.yaml\n")
                   : fmt::format("-rw-r--r-- 1 deploy deploy {:7} May {:2} 1{}:{:02} config/{}/{}_{}.yaml\n",
                                 random.between(200, 9000), random.between(1, 9), random.between(0, 9),
                                 random.between(0, 59), random.one_of(kFolders), random.one_of(kVerbs), i);
  }
  return out;
}

std::string tickets(DemoRandom& random, int count) {
  constexpr Words kTopics = {"cover image is blurry", "newsletter arrives twice", "gift wrap price is odd",
                             "search misses umlauts", "review text is cut",       "address form jumps",
                             "page is slow at night", "dark theme is too bright"};
  base::JsonWriter json;
  json.begin_array();
  for (int i = 0; i < count; ++i) {
    const bool asked = i == 58;
    json.begin_object()
        .member("id", 7300 + i)
        .member("title", asked ? std::string_view("Refund booked twice when the courier returns a parcel")
                               : random.one_of(kTopics))
        .member("state", random.between(0, 3) == 0 ? "closed" : "open")
        .member("reporter", fmt::format("reader{}", random.between(10, 900)))
        .member("votes", random.between(0, 40))
        .member("body", asked
                            ? std::string("Every returned parcel since release 41.2 pays the customer back two times; "
                                          "the duplicate carries the memo RETURN-ECHO.")
                            : fmt::format("Seen on build {} with browser {}. Reload helps for a while.",
                                          random.between(300, 999), random.between(90, 130)))
        .end_object();
  }
  json.end_array();
  return json.text();
}

std::string search_hits(DemoRandom& random, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    if (i == 73) {
      out +=
          "src/shipping/legacy_courier.py:218:        token = base64.b64decode(label)  # unsigned labels pass here\n";
      continue;
    }
    const std::string_view noun = random.one_of(kNouns);
    out += fmt::format("src/{}/{}_{}.py:{}:        label = self.{}_label({}.number, strict={})\n",
                       random.one_of(kFolders), random.one_of(kVerbs), random.between(1, 60), random.between(5, 900),
                       random.one_of(kVerbs), noun, random.between(0, 1) == 0 ? "True" : "False");
  }
  return out;
}

/// What a code host's search gives: records with a place, a score and the line found.
std::string code_index_hits(DemoRandom& random, int count) {
  base::JsonWriter json;
  json.begin_object().member("total", count * 7).key("items").begin_array();
  for (int i = 0; i < count; ++i) {
    const bool asked = i == 73;
    json.begin_object()
        .member("path", asked ? std::string("src/shipping/legacy_courier.py")
                              : fmt::format("src/{}/{}_{}.py", random.one_of(kFolders), random.one_of(kVerbs),
                                            random.between(1, 60)))
        .member("line", asked ? 218 : random.between(5, 900))
        .member("text", asked ? std::string("token = base64.b64decode(label)  # unsigned labels pass here")
                              : fmt::format("label = self.{}_label({}.number, strict={})", random.one_of(kVerbs),
                                            random.one_of(kNouns), random.between(0, 1) == 0 ? "True" : "False"))
        .member("score", random.between(100, 999))
        .member("repository", "shop/backend")
        .end_object();
  }
  json.end_array().end_object();
  return json.text();
}

std::string source_tree(DemoRandom& random, int count) {
  base::JsonWriter json;
  json.begin_array();
  for (int i = 0; i < count; ++i) {
    const bool asked = i == 131;
    const std::string name = fmt::format("{}_{}{}.py", random.one_of(kVerbs), random.one_of(kFolders), i);
    json.begin_object()
        .member("path", asked ? std::string("src/pricing/voucher_stacking.py")
                              : fmt::format("src/{}/{}", random.one_of(kFolders), name))
        .member("kind", "file")
        .member("bytes", random.between(300, 20000))
        .member("changed", fmt::format("2026-0{}-{:02}", random.between(1, 5), random.between(1, 28)))
        .end_object();
  }
  json.end_array();
  return json.text();
}

DemoSession incident() {
  DemoRandom random(0xB00C);
  DemoConversation talk(
      std::string(kSystem),
      "Orders stopped for two minutes this morning. Which error caused it, how many waited on the lock "
      "at the worst moment, and which file holds the lock policy?");
  talk.call("read_log", R"({"service":"warehouse","since":"07:00"})", text_log(random, 320))
      .call("query_metrics", R"({"name":"warehouse.database"})", metrics(random, 200))
      .call("list_files", R"({"folder":"config"})", file_listing(random, 150));
  return {"incident: log, metrics, files",
          wire::Api::kOpenAiChat,
          talk.body(wire::Api::kOpenAiChat),
          {"lock wait of 30000 ms on table shelf_slots", "holder session 40961", "30211", "417", "lock_policy.yaml"}};
}

DemoSession fatal_log() {
  DemoRandom random(0xF00D);
  DemoConversation talk(std::string(kSystem), "Checkout is down. What was the fatal problem, and on which request?");
  talk.call("query_logs", R"({"service":"*","limit":100})", json_log(random));
  return {"100 log entries, one fatal at 67",
          wire::Api::kAnthropicMessages,
          talk.body(wire::Api::kAnthropicMessages),
          {"ledger shard 7 refused the write", "journal sequence 88213 is missing", "rq-5d0e77c1ab"}};
}

DemoSession triage() {
  DemoRandom random(0x7137);
  DemoConversation talk(std::string(kSystem),
                        "Finance sees refunds paid twice after parcels come back from the courier. Is there a ticket?");
  talk.call("list_tickets", R"({"state":"all","limit":140})", tickets(random, 140));
  return {"ticket triage",
          wire::Api::kAnthropicMessages,
          talk.body(wire::Api::kAnthropicMessages),
          {"7358", "Refund booked twice when the courier returns a parcel", "RETURN-ECHO", "release 41.2"}};
}

DemoSession code_search() {
  DemoRandom random(0xC0DE);
  DemoConversation talk(std::string(kSystem), "Where do we still decode courier labels that are not signed?");
  talk.call("search_code", R"({"text":"label"})", code_index_hits(random, 160));
  return {"code search",
          wire::Api::kOpenAiChat,
          talk.body(wire::Api::kOpenAiChat),
          {"src/shipping/legacy_courier.py", "218", "unsigned labels pass here"}};
}

DemoSession exploration() {
  DemoRandom random(0xE4B1);
  DemoConversation talk(std::string(kSystem),
                        "I must change how voucher stacking works. Which file is it, and what logs about it?");
  talk.call("list_tree", R"({"path":"src","depth":3})", source_tree(random, 220))
      .call("search_code", R"({"text":"courier"})", search_hits(random, 90))
      .call("read_log", R"({"service":"pricing"})", text_log(random, 160));
  return {"codebase exploration",
          wire::Api::kAnthropicMessages,
          talk.body(wire::Api::kAnthropicMessages),
          {"src/pricing/voucher_stacking.py", "stock reservation failed"}};
}

}  // namespace

std::vector<DemoSession> demo_sessions() {
  return {fatal_log(), incident(), triage(), code_search(), exploration()};
}

}  // namespace headroom::cli
