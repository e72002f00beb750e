#include "proxy/routes.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

TEST(Routes, OnlyTheRelayAndWhatSaysAliveAreForOthers) {
  const std::set<std::string_view> open{"/livez", "/readyz", "/health"};
  for (const Route& route : all_routes()) {
    SCOPED_TRACE(std::string(route.method) + " " + std::string(route.path));
    EXPECT_NE(route.guard, Guard::kClosed) << "names no guard";
    EXPECT_EQ(route.guard == Guard::kRelay, is_relayed(route));
    if (route.guard == Guard::kOpen) {
      EXPECT_TRUE(open.contains(route.path));
    }
    if (!is_relayed(route) && !route.method.empty() && route.method != "GET" && route.method != "CONNECT") {
      EXPECT_TRUE(route.guard == Guard::kLocalWrite || route.guard == Guard::kAdmin);
    }
    if (route.path.starts_with("/admin")) {
      EXPECT_TRUE(route.guard == Guard::kAdmin || route.action == Action::kWrongMethod || route.method == "GET");
    }
  }
}

TEST(Routes, ProvidersAreToldByPath) {
  const auto provider = [](std::string_view path) { return find_route("POST", path).provider; };
  EXPECT_EQ(provider("/v1beta/models/gemini-2.5-pro:generateContent"), Provider::kGemini);
  EXPECT_EQ(provider("/v1/models/gemini-2.5-pro:streamGenerateContent"), Provider::kGemini);
  EXPECT_EQ(provider("/v1internal:streamGenerateContent"), Provider::kCloudCode);
  EXPECT_EQ(provider("/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:generateContent"),
            Provider::kVertex);
  EXPECT_EQ(find_route("POST", "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:rawPredict").api,
            wire::Api::kAnthropicMessages);
  EXPECT_EQ(provider("/v1/responses"), Provider::kOpenAi);
  EXPECT_EQ(provider("/backend-api/codex/responses"), Provider::kChatGpt);
  EXPECT_EQ(find_route("POST", "/v1beta/models/gemini-2.5-pro:embedContent").action, Action::kRelay);
  EXPECT_EQ(model_in_path("/v1beta/models/gemini-2.5-pro:generateContent"), "gemini-2.5-pro");
  EXPECT_EQ(model_in_path("/v1/messages"), "");
}

TEST(Routes, OfBedrock) {
  const Route& invoke = find_route("POST", "/model/anthropic.claude-3-haiku-20240307-v1%3A0/invoke");
  EXPECT_EQ(invoke.action, Action::kCompressRelay);
  EXPECT_EQ(invoke.provider, Provider::kBedrock);
  EXPECT_EQ(find_route("POST", "/model/x/invoke-with-response-stream").provider, Provider::kBedrock);
  EXPECT_EQ(find_route("POST", "/model/x/converse-stream").api, wire::Api::kBedrockConverse);
  EXPECT_EQ(find_route("POST", "/model/x/other").action, Action::kRelay);
  EXPECT_EQ(model_in_path("/model/anthropic.claude-3-haiku-20240307-v1%3A0/invoke"),
            "anthropic.claude-3-haiku-20240307-v1:0");
  EXPECT_EQ(model_in_path("/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.x/converse"),
            "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.x");
  EXPECT_EQ(model_in_path("/model/arn:aws:bedrock:eu-west-1:1:inference-profile/eu.x/converse"),
            "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.x");
}

Destination sent_to(std::string_view path, std::string_view field = "Accept: */*", std::string_view method = "POST") {
  const std::string text =
      std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(field) + "\r\n\r\n";
  const auto head = parse_request_head(text);
  if (!head) return {Provider::kOpenAi, "unreadable"};
  return destination_of(find_route(method, path), *head);
}

TEST(Routes, PathsOfClientsBecomeThoseOfTheProvider) {
  const auto is = [](const Destination& to, Provider provider, std::string_view path) {
    return to.provider == provider && to.path == path;
  };
  EXPECT_TRUE(
      is(sent_to("/v1/v1internal:streamGenerateContent"), Provider::kCloudCode, "/v1internal:streamGenerateContent"));
  EXPECT_TRUE(is(sent_to("/v1/v1internal:loadCodeAssist"), Provider::kCloudCode, "/v1internal:loadCodeAssist"));
  EXPECT_TRUE(is(
      sent_to("/projects/p/locations/l/publishers/anthropic/models/claude-x:streamRawPredict", "anthropic-version: 1"),
      Provider::kVertex, "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:streamRawPredict"));
  EXPECT_TRUE(is(sent_to("/v1/codex/responses"), Provider::kOpenAi, "/v1/responses"));
  EXPECT_TRUE(
      is(sent_to("/v1/codex/responses", "chatgpt-account-id: a"), Provider::kChatGpt, "/backend-api/codex/responses"));
  EXPECT_TRUE(
      is(sent_to("/v1/responses", "chatgpt-account-id: a"), Provider::kChatGpt, "/backend-api/codex/responses"));
  EXPECT_TRUE(
      is(sent_to("/v1/models", "chatgpt-account-id: a", "GET"), Provider::kChatGpt, "/backend-api/codex/models"));
  EXPECT_TRUE(is(sent_to("/v1/responses"), Provider::kOpenAi, ""));
  EXPECT_TRUE(is(sent_to("/v1/models", "x-api-key: k", "GET"), Provider::kAnthropic, ""));
  EXPECT_TRUE(is(sent_to("/v1beta/cachedContents"), Provider::kGemini, ""));
}

TEST(Routes, GatewaysSpeakTheSameFormats) {
  const auto fits = [](std::string_view path, Provider provider, wire::Api api) {
    const Route& route = find_route("POST", path);
    return route.action == Action::kCompressRelay && route.provider == provider && route.api == api;
  };
  EXPECT_TRUE(fits("/anthropic/v1/messages", Provider::kAnthropic, wire::Api::kAnthropicMessages));
  EXPECT_TRUE(fits("/inference/v1/chat/completions", Provider::kOpenAi, wire::Api::kOpenAiChat));
  EXPECT_TRUE(fits("/openai/deployments/my-gpt/chat/completions", Provider::kOpenAi, wire::Api::kOpenAiChat));
  for (const std::string_view before :
       {"", "/v1", "/openai/v1", "/openai", "/api/v1", "/compatible-mode/v1", "/inference/v1"}) {
    EXPECT_TRUE(fits(std::string(before) + "/responses", Provider::kOpenAi, wire::Api::kOpenAiResponses)) << before;
    EXPECT_TRUE(fits(std::string(before) + "/responses/compact", Provider::kOpenAi, wire::Api::kOpenAiResponses))
        << before;
  }
  EXPECT_TRUE(fits("/v1beta/openai/chat/completions", Provider::kGemini, wire::Api::kOpenAiChat));
  EXPECT_TRUE(fits("/v1/publishers/google/models/gemini-2.5-pro:generateContent", Provider::kVertex,
                   wire::Api::kGeminiGenerate));
  EXPECT_EQ(model_in_path("/openai/deployments/my-gpt/chat/completions"), "my-gpt");
  EXPECT_EQ(find_route("GET", "/v1/chat/completions").action, Action::kRelay);
  EXPECT_EQ(find_route("POST", "/v1/messages/batches").action, Action::kCompressRelay);
  EXPECT_EQ(find_route("POST", "/v1/messages/batches/b1/cancel").action, Action::kRelay);
}

// Trying every way to fit the parts of a pattern would take time by the square of this path or worse.
TEST(Routes, PathsOfManyEqualPartsAreTriedOnce) {
  std::string path = "/v1/projects/";
  for (const std::string_view part : {"/locations/", "/publishers/anthropic/models/", ":rawPredict"}) {
    for (int i = 0; i < 2000; ++i) path += part;
  }
  EXPECT_EQ(find_route("POST", path).api, wire::Api::kAnthropicMessages);
  EXPECT_EQ(find_route("POST", path + "x").action, Action::kRelay);
}

TEST(Routes, ThoseThatCountAreKnown) {
  for (const std::string_view path :
       {"/v1/messages/count_tokens", "/anthropic/v1/messages/count_tokens", "/v1beta/models/gemini-2.5-pro:countTokens",
        "/v1/responses/input_tokens", "/v1internal:countTokens", "/model/eu.anthropic.claude/count-tokens",
        "/v1/projects/p/locations/l/publishers/anthropic/models/count-tokens:rawPredict"}) {
    EXPECT_TRUE(find_route("POST", path).counts) << path;
  }
  EXPECT_FALSE(find_route("POST", "/v1/messages").counts);
}

// A mistyped request for own data does not go to a provider.
TEST(Routes, NoOwnPathIsRelayedUnderAnyMethod) {
  for (const Route& route : all_routes()) {
    if (is_relayed(route) || route.path == "*") continue;
    std::string path(route.path);
    if (path.ends_with('*')) path.back() = 'x';
    for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"}) {
      EXPECT_FALSE(is_relayed(find_route(method, path))) << method << " " << path;
    }
  }
}

TEST(Routes, RegionsAreOfTheRequest) {
  EXPECT_EQ(sent_to("/v1/projects/p/locations/europe-west1/publishers/google/models/m:generateContent").region,
            "europe-west1");
  EXPECT_EQ(sent_to("/v1/projects/p/locations/evil.example/publishers/google/models/m:generateContent").region, "");
  const Destination to = sent_to(
      "/model/m/converse", "Authorization: AWS4-HMAC-SHA256 Credential=A/20261125/eu-west-1/bedrock/aws4_request, S=");
  EXPECT_EQ(to.provider, Provider::kBedrock);
  EXPECT_EQ(to.region, "eu-west-1");
  EXPECT_EQ(sent_to("/model/m/converse", "Authorization: Bearer Credential").region, "");
  EXPECT_EQ(sent_to("/guardrail/g/version/1/apply").provider, Provider::kBedrock);
  EXPECT_EQ(regional_upstream(Provider::kVertex, "europe-west1").authority, "europe-west1-aiplatform.googleapis.com");
  EXPECT_EQ(regional_upstream(Provider::kVertex, "global").authority, "aiplatform.googleapis.com");
  EXPECT_EQ(regional_upstream(Provider::kVertex, "").authority, "aiplatform.googleapis.com");
  EXPECT_EQ(regional_upstream(Provider::kVertex, "eu").authority, "aiplatform.eu.rep.googleapis.com");
  EXPECT_EQ(regional_upstream(Provider::kBedrock, "eu-west-1").authority, "bedrock-runtime.eu-west-1.amazonaws.com");
  EXPECT_EQ(regional_upstream(Provider::kBedrock, "cn-north-1").authority,
            "bedrock-runtime.cn-north-1.amazonaws.com.cn");
  EXPECT_FALSE(is_region("a.b"));
  EXPECT_FALSE(is_region("-a"));
}

}  // namespace
}  // namespace headroom::proxy
