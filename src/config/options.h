#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace headroom::config {

/// Every setting of the program. The table in option_table.cc says for each its flag, environment names, file key,
/// default and help; flags, env, config file, docs and `headroom config` all come from that table.
struct Options {
  std::string host = "127.0.0.1";
  int port = 8787;
  std::string anthropic_api_url = "https://api.anthropic.com";
  std::string openai_api_url = "https://api.openai.com";
  std::string gemini_api_url = "https://generativelanguage.googleapis.com";
  std::string cloudcode_api_url = "https://cloudcode-pa.googleapis.com";
  std::string vertex_api_url;  ///< empty: the address of the region that the request names
  std::string chatgpt_api_url = "https://chatgpt.com";
  std::string bedrock_api_url;              ///< empty: the address of the request's region
  std::string workspace_dir;                ///< default ~/.headroom; never empty once resolved
  std::string config_dir;                   ///< default WORKSPACE/config; holds config.toml
  std::string profile = "balanced";         ///< "lossless", "balanced", "aggressive"
  bool lossless = false;                    ///< same as profile "lossless"; in step with it once resolved
  std::vector<std::string> tool_profiles;   ///< "GLOB=PROFILE"
  bool no_ccr = false;                      ///< write no markers and store nothing: lossless only
  bool optimize = true;                     ///< false: relay only
  bool no_ccr_proactive_expansion = false;  ///< do not put back what a later question names
  bool align_prefix = true;                 ///< keep what a session's requests begin with as it was sent first
  std::string tool_schemas = "keep";        ///< "keep", "annotations", "descriptions"
  bool cache_marks = false;                 ///< ask the provider to cache where the client does not
  /// "eager", "lazy", "off": from when on a conversation has the retrieve tool
  std::string ccr_tool_injection = "eager";
  bool ccr_learning = true;  ///< leave less out where models often ask for it
  int min_tokens = 200;
  int target_tokens = 0;
  int time_budget_ms = 2000;
  std::vector<std::string> protect_tool_results;
  std::int64_t ccr_ttl_seconds = 7 * 24 * 3600;
  std::int64_t ccr_max_mb = 2048;
  std::string store_key_file;               ///< encrypts what is kept; empty: it is not encrypted
  bool stateless = false;                   ///< originals in memory only, nothing on disk
  bool learned = true;                      ///< ask the learned models that are installed
  bool disable_kompress = false;            ///< do not ask Kompress, whatever `learned` says
  bool disable_kompress_anthropic = false;  ///< not for requests of that format
  bool disable_kompress_openai = false;
  std::string models_dir;  ///< default WORKSPACE/models
  int max_body_mb = 64;
  int connect_timeout_s = 10;
  int request_timeout_s = 600;
  std::string log_level = "info";
  std::string proxy_token;  ///< asked of callers from other machines; secret
  bool allow_unauthenticated_bind = false;
  std::vector<std::string> allowed_hosts;
  std::string uds;     ///< listen on this Unix socket instead of host and port
  std::string budget;  ///< US dollars; empty: no limit
  std::string budget_period = "daily";
  int response_cache = 0;             ///< seconds for which an answer is given again; 0: none is kept
  int rpm = 0;                        ///< requests a minute for each key; 0: any number
  std::int64_t tpm = 0;               ///< tokens a minute
  std::string http_proxy;             ///< on the way to every upstream
  std::vector<std::string> no_proxy;  ///< reached without one
  std::string ca_bundle;              ///< PEM file of authorities that are trusted, too
  std::string client_cert;            ///< PEM file shown to upstreams that ask for one
  std::string client_key;             ///< empty: it is in client_cert
  std::string audit = "off";          ///< "off", "on", "content"
  bool update_check = true;           ///< look for a newer release once a day, and mention it
  std::string otlp_endpoint;          ///< of an OpenTelemetry collector; empty: it is told nothing
  int threads = 0;                    ///< 0: as many as there are cores, at most 4
};

}  // namespace headroom::config
