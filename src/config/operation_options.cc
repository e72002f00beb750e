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
      {.name = "uds",
       .short_flag = "",
       .key = "server.uds",
       .env = {"HEADROOM_UDS"},
       .member = &Options::uds,
       .value_name = "FILE",
       .choices = {},
       .default_note = "none",
       .help = "Listen on this Unix socket, which only your own user may use, and on no port.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_operation.py"},
  };
}

std::vector<OptionSpec> limit_options() {
  return {
      {.name = "budget",
       .short_flag = "",
       .key = "limits.budget",
       .env = {"HEADROOM_BUDGET"},
       .member = &Options::budget,
       .value_name = "USD",
       .choices = {},
       .default_note = "no limit",
       .help = "What may be spent in a period, in US dollars by list prices; then requests get 429 until it is over.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_operation.py"},
      {.name = "budget-period",
       .short_flag = "",
       .key = "limits.budget_period",
       .env = {"HEADROOM_BUDGET_PERIOD"},
       .member = &Options::budget_period,
       .value_name = "PERIOD",
       .choices = {"hourly", "daily", "monthly"},
       .default_note = "",
       .help = "The period of the budget, by the calendar in UTC.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_operation.py"},
      {.name = "rpm",
       .short_flag = "",
       .key = "limits.rpm",
       .env = {"HEADROOM_RPM"},
       .member = &Options::rpm,
       .value_name = "N",
       .min = 0,
       .max = 1'000'000,
       .choices = {},
       .default_note = "no limit",
       .help = "Requests that each key may send in a minute; more get 429. 0: any number.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_operation.py"},
      {.name = "tpm",
       .short_flag = "",
       .key = "limits.tpm",
       .env = {"HEADROOM_TPM"},
       .member = &Options::tpm,
       .value_name = "N",
       .min = 0,
       .max = 1'000'000'000,
       .choices = {},
       .default_note = "no limit",
       .help = "Tokens that each key may send and get in a minute; over it the next request gets 429. 0: any number.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_operation.py"},
  };
}

std::vector<OptionSpec> outbound_options() {
  return {
      {.name = "http-proxy",
       .short_flag = "",
       .key = "upstream.http_proxy",
       .env = {"HEADROOM_HTTP_PROXY"},
       .member = &Options::http_proxy,
       .value_name = "URL",
       .choices = {},
       .default_note = "HTTPS_PROXY or HTTP_PROXY of the environment, by the upstream's scheme",
       .help = "Proxy of your network on the way to the providers, asked for tunnels (CONNECT); http:// only.",
       .commands = kForProxy,
       .behaviour_test = "tests/proxy/outbound_test.cc"},
      {.name = "no-proxy",
       .short_flag = "",
       .key = "upstream.no_proxy",
       .env = {"HEADROOM_NO_PROXY", "NO_PROXY", "no_proxy"},
       .member = &Options::no_proxy,
       .value_name = "HOST,...",
       .choices = {},
       .default_note = "none",
       .help = "Hosts and domains reached without that proxy; * for all. Loopback always is.",
       .commands = kForProxy,
       .behaviour_test = "tests/proxy/outbound_test.cc"},
      {.name = "ca-bundle",
       .short_flag = "",
       .key = "upstream.ca_bundle",
       .env = {"HEADROOM_CA_BUNDLE"},
       .member = &Options::ca_bundle,
       .value_name = "FILE",
       .choices = {},
       .default_note = "none",
       .help = "PEM file of certificate authorities to trust besides the system's; so are those that SSL_CERT_FILE, "
               "SSL_CERT_DIR and NODE_EXTRA_CA_CERTS name.",
       .commands = kForProxy,
       .behaviour_test = "tests/proxy/outbound_test.cc"},
      {.name = "client-cert",
       .short_flag = "",
       .key = "upstream.client_cert",
       .env = {"HEADROOM_CLIENT_CERT"},
       .member = &Options::client_cert,
       .value_name = "FILE",
       .choices = {},
       .default_note = "none",
       .help = "PEM file with the certificate (and its chain) for upstreams that ask for one.",
       .commands = kForProxy,
       .behaviour_test = "tests/proxy/outbound_test.cc"},
      {.name = "client-key",
       .short_flag = "",
       .key = "upstream.client_key",
       .env = {"HEADROOM_CLIENT_KEY"},
       .member = &Options::client_key,
       .value_name = "FILE",
       .choices = {},
       .default_note = "in the file of the certificate",
       .help = "PEM file with the key of that certificate, without a passphrase.",
       .commands = kForProxy,
       .behaviour_test = "tests/proxy/outbound_test.cc"},
  };
}

std::vector<OptionSpec> record_options() {
  return {
      {.name = "store-key-file",
       .short_flag = "",
       .key = "store.key_file",
       .env = {"HEADROOM_STORE_KEY_FILE"},
       .member = &Options::store_key_file,
       .value_name = "FILE",
       .choices = {},
       .default_note = "not encrypted",
       .help = "File with 64 hex digits (openssl rand -hex 32), readable by you only: the key that originals and "
               "decisions in the workspace are encrypted with (AES-256-GCM).",
       .commands = kForProxy | kForCompress | kForRetrieve,
       .behaviour_test = "tests/cli/options_operation.py"},
      {.name = "audit",
       .short_flag = "",
       .key = "audit.mode",
       .env = {"HEADROOM_AUDIT"},
       .member = &Options::audit,
       .value_name = "MODE",
       .choices = {"off", "on", "content"},
       .default_note = "",
       .help = "Keep a trail of all requests in WORKSPACE/audit.jsonl: who sent what where, sizes, digests, decisions; "
               "\"content\" adds the bodies of requests that are read here. See `headroom audit`.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_operation.py"},
  };
}

}  // namespace

std::vector<OptionSpec> operation_options() {
  std::vector<OptionSpec> all = access_options();
  for (auto part : {outbound_options(), limit_options(), record_options()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace headroom::config
