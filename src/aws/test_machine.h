#pragma once

#include <future>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "aws/account.h"
#include "aws/sources.h"

namespace headroom::aws {

/// A machine in memory: its variables, files, programs and network.
struct TestMachine {
  using Texts = std::map<std::string, std::string, std::less<>>;

  Texts variables{{"HOME", "/home/ann"}};
  Texts files;
  Texts programs;                           ///< what a command line prints; others do not exist
  std::map<std::string, HttpAnswer> sites;  ///< by method and URL up to a '?'; elsewhere nobody answers
  std::vector<HttpCall> calls;
  int commands = 0;

  static std::optional<std::string> find(const Texts& texts, std::string_view name) {
    const auto found = texts.find(name);
    return found == texts.end() ? std::nullopt : std::optional<std::string>(found->second);
  }
  Sources sources() {
    Sources all;
    all.variable = [this](std::string_view name) { return find(variables, name); };
    all.file = [this](const std::string& path) { return find(files, path); };
    all.http = [this](const HttpCall& call, const std::stop_token&) -> base::Result<HttpAnswer> {
      calls.push_back(call);
      const auto found = sites.find(call.method + " " + call.url.substr(0, call.url.find('?')));
      if (found == sites.end()) return base::fail(base::ErrorCode::kTimeout, "nobody answers");
      return found->second;
    };
    all.run = [this](const std::string& command, const std::stop_token&) -> base::Result<std::string> {
      ++commands;
      auto printed = find(programs, command);
      if (!printed) return base::fail(base::ErrorCode::kUnavailable, "it ended with code 127");
      return *printed;
    };
    return all;
  }
};

/// What an account says once nothing is being fetched for it.
inline Account::Answer settled(Account& account, std::int64_t now_ms, std::string_view key_id = "") {
  static_cast<void>(account.credentials(key_id, now_ms));
  std::promise<void> done;
  account.when_fetched([&] { done.set_value(); });
  done.get_future().wait();
  return account.credentials(key_id, now_ms);
}

}  // namespace headroom::aws
