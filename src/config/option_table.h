#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/options.h"

namespace headroom::config {

/// Which commands take an option as a flag; bits of a mask. Environment and file count for every command.
enum CommandMask : unsigned {
  kForProxy = 1U << 0U,
  kForCompress = 1U << 1U,
  kForRetrieve = 1U << 2U,
  kForPerf = 1U << 3U,
  kForConfig = 1U << 4U,
  kForModels = 1U << 5U,
  kForReplay = 1U << 6U,
};

/// The member of Options that a spec sets; its type is the option's type.
using Member = std::variant<bool Options::*, int Options::*, std::int64_t Options::*, std::string Options::*,
                            std::vector<std::string> Options::*>;

/// All there is to know of one option. Flags, environment, file, docs and `headroom config` come from this.
struct OptionSpec {
  std::string_view name;                  ///< flag without "--"; a bool also takes "--no-NAME" (or NAME less its "no-")
  std::string_view short_flag;            ///< "p", or empty
  std::string_view key;                   ///< in the config file: "server.port"; empty: not from the file
  std::vector<std::string_view> env;      ///< first that is set and not empty wins
  Member member;                          ///< where it lands; Options{} holds the default
  std::string_view value_name;            ///< "PORT"; empty for a bool
  std::int64_t min = 0, max = 0;          ///< numbers: inclusive bounds
  std::vector<std::string_view> choices;  ///< text: the only values it takes; empty: any
  std::string_view default_note;          ///< shown for the default when that is worked out at run time
  std::string_view help;                  ///< one sentence
  unsigned commands = 0;                  ///< CommandMask bits
  std::string_view behaviour_test;        ///< source file of the test that shows what the option does
  bool secret = false;                    ///< the value is shown nowhere
};

/// The table, in the order of the docs. Built on first use, immutable afterwards.
std::span<const OptionSpec> option_table();

/// nullptr when there is none of that name.
const OptionSpec* find_option(std::string_view name);

/// "text", "number", "yes/no", "list".
std::string_view option_type_name(const OptionSpec& spec);

/// The flag that turns a bool option the other way: "no-lossless", "ccr", ...
std::string opposite_flag(const OptionSpec& spec);

/// The option's value in `options` as one would write it for a flag.
std::string option_text(const OptionSpec& spec, const Options& options);

/// The same for people to see: nothing of a secret, nor of a user and a password in a URL.
std::string shown_text(const OptionSpec& spec, const Options& options);

/// Sets the option from text. kInvalidArgument says what is allowed; the caller adds where the text came from.
base::Result<void> set_option(const OptionSpec& spec, std::string_view text, Options& options);

}  // namespace headroom::config
