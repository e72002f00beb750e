#include "config/operation_options.h"

namespace headroom::config {
namespace {

std::vector<OptionSpec> access_options() {
  return {
      {.name = "proxy-token",
       .short_flag = "",
       .key = "server.proxy_token",
       .env = {"HEADROOM_PROXY_TOKEN"},
       .member = &Options::proxy_token,
       .value_name = "TOKEN",
       .choices = {},
       .default_note = "none",
       .help = "What callers from other machines must send as x-headroom-proxy-token (or as a bearer token in "
               "Authorization); needed to listen on an address that they can reach. Flags can be seen by other users "
               "of the machine, so rather use the environment or the file.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_operation.py",
       .secret = true},
      {.name = "allow-unauthenticated-bind",
       .short_flag = "",
       .key = "server.allow_unauthenticated_bind",
       .env = {"HEADROOM_ALLOW_UNAUTHENTICATED_BIND"},
       .member = &Options::allow_unauthenticated_bind,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "Listen without a token on an address that other machines can reach. They can use the relay; own "
               "endpoints stay closed to them.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_operation.py"},
      {.name = "allowed-hosts",
       .short_flag = "",
       .key = "server.allowed_hosts",
       .env = {"HEADROOM_ALLOWED_HOSTS"},
       .member = &Options::allowed_hosts,
       .value_name = "NAME,...",
       .choices = {},
       .default_note = "none",
       .help = "Names under which the relay may be asked without a token, besides addresses and names of private "
               "networks.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_operation.py"},
  };
}

}  // namespace

std::vector<OptionSpec> operation_options() {
  return access_options();
}

}  // namespace headroom::config
