// The server that the protocol's conformance suite is written for: its tools, prompts and resources, on top of the same
// messages, sessions and transports as `headroom mcp serve --http`. What is tested is those; what the tools give is the
// suite's.
//
//   fixture_server        listens on a free port of 127.0.0.1 and prints the address

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <fmt/format.h>
#include <sys/random.h>

#include "base/hash.h"
#include "base/json_writer.h"
#include "mcp/http_server.h"
#include "proxy/listener.h"

namespace {

using headroom::base::JsonNode;
using headroom::base::JsonWriter;
using headroom::mcp::Answer;
using headroom::mcp::Arguments;
using headroom::mcp::CallContext;
using headroom::mcp::Caller;
using headroom::mcp::Field;
using headroom::mcp::FieldType;
using headroom::mcp::LogLevel;
using headroom::mcp::Method;
using headroom::mcp::refuse;
using headroom::mcp::Server;
using headroom::mcp::Tool;
using headroom::mcp::ToolResult;

constexpr std::string_view kPng =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
constexpr std::string_view kWav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

ToolResult text(std::string words) {
  return {std::move(words), {}};
}

ToolResult items(std::string content) {
  ToolResult result;
  result.content = std::move(content);
  return result;
}

ToolResult instead(Answer answer) {
  ToolResult result;
  result.instead = std::move(answer);
  return result;
}

void pause() {
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

std::string text_item(std::string_view words) {
  JsonWriter json;
  json.begin_object().member("type", "text").member("text", words).end_object();
  return std::move(json).take();
}

std::string data_item(std::string_view type, std::string_view data, std::string_view mime_type) {
  JsonWriter json;
  json.begin_object().member("type", type).member("data", data).member("mimeType", mime_type).end_object();
  return std::move(json).take();
}

std::string resource_item(std::string_view uri, std::string_view words) {
  JsonWriter json;
  json.begin_object().member("type", "resource").key("resource").begin_object().member("uri", uri);
  json.member("mimeType", "text/plain").member("text", words).end_object().end_object();
  return std::move(json).take();
}

std::string elicitation(std::string_view message, std::string_view properties, std::string_view required) {
  JsonWriter json;
  json.begin_object().member("message", message).key("requestedSchema").begin_object().member("type", "object");
  json.key("properties").raw(properties).key("required").raw(required).end_object().end_object();
  return std::move(json).take();
}

std::string sampling(std::string_view prompt) {
  JsonWriter json;
  json.begin_object().key("messages").begin_array().begin_object().member("role", "user");
  json.key("content").raw(text_item(prompt)).end_object().end_array().member("maxTokens", 100).end_object();
  return std::move(json).take();
}

/// A request in the "inputRequests" of a stateless result.
std::string request(std::string_view name, std::string_view method, std::string_view params) {
  JsonWriter json;
  json.begin_object().key(name).begin_object().member("method", method).key("params").raw(params);
  json.end_object().end_object();
  return std::move(json).take();
}

std::string ask_name(std::string_view name) {
  return request(name, "elicitation/create",
                 elicitation("What is your name?", R"({"name":{"type":"string"}})", R"(["name"])"));
}

// What the server remembers is in the client's hands, so it is signed.

std::string seal(std::string_view key, std::string_view state) {
  return fmt::format("{}.{}", state, headroom::base::hex(headroom::base::hmac_sha256(key, state)));
}

std::optional<std::string> unseal(std::string_view key, std::string_view sealed) {
  const std::string state(sealed.substr(0, sealed.find('.')));
  if (seal(key, state) != sealed) return std::nullopt;
  return state;
}

std::string random_id() {
  std::string bytes(16, '\0');
  while (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
  }
  return headroom::base::hex(bytes);
}

using Call = std::function<ToolResult(const Arguments&, Caller&)>;

void add(Server& server, std::string_view name, Call call, std::vector<Field> input = {}) {
  Tool tool;
  tool.name = tool.title = tool.description = name;
  tool.input = std::move(input);
  tool.call = [call = std::move(call)](const Arguments& arguments, const CallContext& context) {
    return call(arguments, context.caller);
  };
  server.tools.push_back(std::move(tool));
}

void add_contents(Server& server) {
  const auto fixed = [&](std::string_view name, std::string content) {
    add(server, name, [content = std::move(content)](const Arguments&, Caller&) { return items(content); });
  };
  fixed("test_simple_text", "[" + text_item("This is a simple text response for testing.") + "]");
  fixed("test_image_content", "[" + data_item("image", kPng, "image/png") + "]");
  fixed("test_audio_content", "[" + data_item("audio", kWav, "audio/wav") + "]");
  fixed("test_embedded_resource",
        "[" + resource_item("test://embedded-resource", "This is an embedded resource content.") + "]");
  fixed("test_multiple_content_types",
        fmt::format("[{},{},{}]", text_item("Multiple content types test:"), data_item("image", kPng, "image/png"),
                    resource_item("test://mixed-content-resource", R"({"test":"data"})")));
  add(server, "test_error_handling", [](const Arguments&, Caller&) {
    return headroom::mcp::failure("This tool intentionally returns an error for testing");
  });
}

void add_notifying(Server& server) {
  const auto log = [](const Arguments&, Caller& caller) {
    caller.log(LogLevel::kInfo, "Tool execution started");
    pause();
    caller.log(LogLevel::kInfo, "Tool processing data");
    pause();
    caller.log(LogLevel::kInfo, "Tool execution completed");
    return text("logged");
  };
  add(server, "test_tool_with_logging", log);
  add(server, "test_logging_tool", log);
  add(server, "test_tool_with_progress", [](const Arguments&, Caller& caller) {
    for (const int done : {0, 50, 100}) {
      caller.progress(done, 100);
      if (done < 100) pause();
    }
    return text("done");
  });
}

/// Tools that ask the client of a session and give back what it says.
void add_asking(Server& server) {
  const auto asks = [&](std::string_view name, std::string_view capability, std::string_view method, auto params,
                        std::vector<Field> input = {}) {
    add(
        server, name,
        [=](const Arguments& arguments, Caller& caller) {
          if (!caller.can(capability)) return headroom::mcp::failure(fmt::format("the client has no {}", capability));
          const auto said = caller.ask(method, params(arguments));
          return said ? text("the client says: " + *said) : headroom::mcp::failure("the client says nothing");
        },
        std::move(input));
  };
  asks("test_sampling", "sampling", "sampling/createMessage",
       [](const Arguments& arguments) { return sampling(arguments.text("prompt")); },
       {{"prompt", FieldType::kString, "", true}});
  asks("test_elicitation", "elicitation", "elicitation/create",
       [](const Arguments& arguments) {
         return elicitation(arguments.text("message"), R"({"username":{"type":"string"},"email":{"type":"string"}})",
                            R"(["username","email"])");
       },
       {{"message", FieldType::kString, "", true}});
  asks("test_elicitation_sep1034_defaults", "elicitation", "elicitation/create", [](const Arguments&) {
    return elicitation("Defaults",
                       R"({"name":{"type":"string","default":"John Doe"},)"
                       R"("age":{"type":"integer","default":30},"score":{"type":"number","default":95.5},)"
                       R"("status":{"type":"string","enum":["active","inactive","pending"],"default":)"
                       R"("active"},"verified":{"type":"boolean","default":true}})",
                       "[]");
  });
  asks("test_elicitation_sep1330_enums", "elicitation", "elicitation/create", [](const Arguments&) {
    return elicitation(
        "Choices",
        R"({"untitledSingle":{"type":"string","enum":["option1","option2","option3"]},)"
        R"("titledSingle":{"type":"string","oneOf":[{"const":"value1","title":"First Option"},)"
        R"({"const":"value2","title":"Second Option"}]},)"
        R"("legacyEnum":{"type":"string","enum":["opt1","opt2"],"enumNames":["Option One","Option Two"]},)"
        R"("untitledMulti":{"type":"array","items":{"type":"string","enum":["option1","option2","option3"]}},)"
        R"("titledMulti":{"type":"array","items":{"anyOf":[{"const":"value1","title":"First Choice"},)"
        R"({"const":"value2","title":"Second Choice"}]}}})",
        "[]");
  });
}

/// Tools whose stateless calls come again with what the client was asked for.
void add_stateless(Server& server, const std::string& key) {
  add(server, "test_input_required_result_elicitation", [](const Arguments&, Caller& caller) {
    const JsonNode* given = caller.given("user_name");
    if (given == nullptr) return instead(headroom::mcp::input_required(ask_name("user_name")));
    return text(fmt::format("Hello, {}!", given->raw));
  });
  add(server, "test_input_required_result_sampling", [](const Arguments&, Caller& caller) {
    const JsonNode* given = caller.given("capital_question");
    if (given != nullptr) return text(std::string(given->raw));
    return instead(headroom::mcp::input_required(
        request("capital_question", "sampling/createMessage", sampling("What is the capital of France?"))));
  });
  add(server, "test_input_required_result_list_roots", [](const Arguments&, Caller& caller) {
    const JsonNode* given = caller.given("client_roots");
    if (given != nullptr) return text(std::string(given->raw));
    return instead(headroom::mcp::input_required(request("client_roots", "roots/list", "{}")));
  });
  const auto confirms = [key](const Arguments&, Caller& caller) {
    if (caller.given("confirm") == nullptr) {
      return instead(headroom::mcp::input_required(
          request("confirm", "elicitation/create",
                  elicitation("Please confirm", R"({"ok":{"type":"boolean"}})", R"(["ok"])")),
          seal(key, "confirming")));
    }
    if (unseal(key, caller.text("requestState")) != "confirming") {
      return instead(refuse(headroom::mcp::kInvalidParams, "requestState is not what this server has given"));
    }
    return text("state-ok");
  };
  add(server, "test_input_required_result_request_state", confirms);
  add(server, "test_input_required_result_tampered_state", confirms);
  add(server, "test_input_required_result_multiple_inputs", [key](const Arguments&, Caller& caller) {
    std::string requests;
    const auto needs = [&](std::string_view name, std::string one) {
      if (caller.given(name) != nullptr) return;
      one.erase(0, 1).pop_back();
      requests += (requests.empty() ? "" : ",") + one;
    };
    needs("user_name", ask_name("user_name"));
    needs("greeting", request("greeting", "sampling/createMessage", sampling("Generate a greeting")));
    needs("client_roots", request("client_roots", "roots/list", "{}"));
    if (requests.empty()) return text("all is there");
    return instead(headroom::mcp::input_required("{" + requests + "}", seal(key, "several")));
  });
  add(server, "test_input_required_result_multi_round", [key](const Arguments&, Caller& caller) {
    const auto state = unseal(key, caller.text("requestState"));
    if (state == "one" && caller.given("step1") != nullptr) {
      return instead(headroom::mcp::input_required(ask_name("step2"), seal(key, "two")));
    }
    if (state == "two" && caller.given("step2") != nullptr) return text("both steps are done");
    return instead(headroom::mcp::input_required(ask_name("step1"), seal(key, "one")));
  });
  add(server, "test_input_required_result_capabilities", [](const Arguments&, Caller& caller) {
    if (caller.given("answer") != nullptr) return text("answered");
    if (caller.can("elicitation")) return instead(headroom::mcp::input_required(ask_name("answer")));
    return instead(headroom::mcp::input_required(request("answer", "sampling/createMessage", sampling("Answer"))));
  });
  add(server, "test_missing_capability", [](const Arguments&, Caller& caller) {
    if (caller.can("sampling")) return text("it is there");
    return instead(refuse(headroom::mcp::kMissingCapability, "the client must be able to sample",
                          R"({"requiredCapabilities":{"sampling":{}}})"));
  });
  add(server, "test_streaming_elicitation", [](const Arguments&, Caller& caller) {
    caller.progress(0, 1);
    if (caller.given("user_name") != nullptr) return text("done");
    return instead(headroom::mcp::input_required(ask_name("user_name")));
  });
}

void add_schema(Server& server) {
  add(server, "json_schema_2020_12_tool", [](const Arguments&, Caller&) { return text("done"); });
  server.tools.back().schema =
      R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",)"
      R"("$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},)"
      R"("city":{"type":"string"}}}},"properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},)"
      R"("contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},)"
      R"("email":{"type":"string"}},"allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],)"
      R"("if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},)"
      R"("then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false})";
}

std::string messages(std::initializer_list<std::string> contents) {
  JsonWriter json;
  json.begin_object().key("messages").begin_array();
  for (const std::string& content : contents) {
    json.begin_object().member("role", "user").key("content").raw(content).end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

Answer list_prompts(Caller& caller) {
  std::string_view caching = caller.stateless() ? R"(,"ttlMs":1000,"cacheScope":"public")" : "";
  return fmt::format(
      R"({{"prompts":[{{"name":"test_simple_prompt","description":"Simple"}},)"
      R"({{"name":"test_prompt_with_arguments","description":"With arguments","arguments":[)"
      R"({{"name":"arg1","required":true}},{{"name":"arg2","required":true}}]}},)"
      R"({{"name":"test_prompt_with_embedded_resource","description":"With a resource","arguments":[)"
      R"({{"name":"resourceUri","required":true}}]}},{{"name":"test_prompt_with_image","description":"With an image"}},)"
      R"({{"name":"test_input_required_result_prompt","description":"Asks first"}}]{}}})",
      caching);
}

Answer get_prompt(Caller& caller) {
  const JsonNode* given = caller.param("arguments");
  const auto argument = [&](std::string_view name) {
    return given == nullptr ? std::string_view() : caller.document().string_member(*given, name);
  };
  const std::string_view name = caller.text("name");
  if (name == "test_simple_prompt") return messages({text_item("This is a simple prompt for testing.")});
  if (name == "test_prompt_with_arguments") {
    return messages(
        {text_item(fmt::format("Prompt with arguments: arg1='{}', arg2='{}'", argument("arg1"), argument("arg2")))});
  }
  if (name == "test_prompt_with_embedded_resource") {
    return messages({resource_item(argument("resourceUri"), "Embedded resource content for testing."),
                     text_item("Please process the embedded resource above.")});
  }
  if (name == "test_prompt_with_image") {
    return messages({data_item("image", kPng, "image/png"), text_item("Please analyze the image above.")});
  }
  if (name == "test_input_required_result_prompt") {
    if (caller.given("user_context") == nullptr) return headroom::mcp::input_required(ask_name("user_context"));
    return messages({text_item("in that context")});
  }
  return refuse(headroom::mcp::kInvalidParams, "there is no such prompt");
}

void add_methods(Server& server) {
  server.methods.push_back({.name = "prompts/list", .capability = "prompts", .call = list_prompts});
  server.methods.push_back({.name = "prompts/get", .capability = "prompts", .call = get_prompt});
  server.methods.push_back({.name = "completion/complete", .capability = "completions", .call = [](Caller&) {
                              return Answer(R"({"completion":{"values":["test"],"total":1,"hasMore":false}})");
                            }});
  for (const std::string_view name : {"resources/subscribe", "resources/unsubscribe"}) {
    server.methods.push_back({.name = name,
                              .capability = "resources",
                              .capability_value = R"({"subscribe":true})",
                              .stateless = false,
                              .call = [](Caller& caller) -> Answer {
                                if (caller.text("uri").empty()) {
                                  return refuse(headroom::mcp::kInvalidParams, "uri is missing");
                                }
                                return "{}";
                              }});
  }
}

class FixtureResources final : public headroom::mcp::Resources {
 public:
  headroom::base::Result<std::vector<headroom::mcp::Resource>> list() override {
    return std::vector<headroom::mcp::Resource>{
        {.uri = "test://static-text", .name = "text", .description = "A text", .mime_type = "text/plain", .size = 48},
        {.uri = "test://static-binary", .name = "image", .description = "An image", .mime_type = "image/png"}};
  }

  std::vector<headroom::mcp::ResourceTemplate> templates() override {
    return {{.uri_template = "test://template/{id}/data",
             .name = "template",
             .description = "By number",
             .mime_type = "application/json"}};
  }

  headroom::base::Result<headroom::mcp::ResourceContent> read(std::string_view uri) override {
    if (uri == "test://static-text") {
      return headroom::mcp::ResourceContent{"text/plain", "This is the content of the static text resource."};
    }
    if (uri == "test://static-binary") return headroom::mcp::ResourceContent{"image/png", "\x89PNG\r\n\x1a\n"};
    constexpr std::string_view kBegin = "test://template/";
    constexpr std::string_view kEnd = "/data";
    if (uri.starts_with(kBegin) && uri.ends_with(kEnd) && uri.size() > kBegin.size() + kEnd.size()) {
      const std::string_view id = uri.substr(kBegin.size(), uri.size() - kBegin.size() - kEnd.size());
      JsonWriter json;
      json.begin_object().member("id", id).member("templateTest", true).end_object();
      return headroom::mcp::ResourceContent{"application/json", std::move(json).take()};
    }
    return headroom::base::fail(headroom::base::ErrorCode::kNotFound, "Resource not found");
  }
};

}  // namespace

int main() {
  std::signal(SIGPIPE, SIG_IGN);
  FixtureResources resources;
  Server server;
  server.name = "fixture";
  server.title = "Fixture";
  server.version = "1";
  server.resources = &resources;
  server.logs = true;
  add_contents(server);
  add_notifying(server);
  add_asking(server);
  add_stateless(server, random_id());
  add_schema(server);
  add_methods(server);
  headroom::config::Options options;
  options.host = "127.0.0.1";
  options.port = 0;
  const auto listener = headroom::proxy::open_listener(options);
  if (!listener) {
    fmt::print(stderr, "{}\n", listener.error().message);
    return 1;
  }
  fmt::print(stderr, "http://127.0.0.1:{}{}\n", listener->port, headroom::mcp::HttpEndpoint::kPath);
  const headroom::proxy::Access access{.bind_host = options.host, .token = {}, .allowed_hosts = {}};
  headroom::mcp::HttpEndpoint endpoint(server, access, random_id);
  return headroom::mcp::serve_http(endpoint, listener->descriptor) ? 0 : 1;
}
