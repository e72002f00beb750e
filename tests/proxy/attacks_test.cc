#include <chrono>
#include <mutex>
#include <set>

#include <unistd.h>

#include "proxy/log.h"
#include "proxy/test_encoded.h"
#include "proxy_fixture.h"

// Attacks on a proxy that runs on somebody's machine, by name. None may reach the provider or own data, and none may
// cost much more here than it costs who sends it.

namespace headroom::proxy_test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Attack {
  const char* name;
  std::string request;
  std::set<int> statuses;  // one of them
};

class AttackTest : public ProxyTest, public testing::WithParamInterface<Attack> {};

TEST_P(AttackTest, IsRefused) {
  start_answering(answer("{}"));
  TestSocket socket = client();
  socket.send(GetParam().request);
  const std::string reply = socket.read_message();
  EXPECT_TRUE(GetParam().statuses.contains(status_of(reply))) << reply;
  EXPECT_THAT(reply, Not(HasSubstr("Access-Control-Allow")));
  EXPECT_THAT(upstream->requests(), IsEmpty());
}

std::string name_of(const testing::TestParamInfo<Attack>& info) {
  return info.param.name;
}

// A page of rebound.example whose name has come to mean 127.0.0.1 asks under that name.
INSTANTIATE_TEST_SUITE_P(
    DnsRebinding, AttackTest,
    testing::Values(
        Attack{"Stats", "GET /stats HTTP/1.1\r\nHost: rebound.example:8787\r\n\r\n", {403}},
        Attack{"Metrics", "GET /metrics HTTP/1.1\r\nHost: rebound.example\r\n\r\n", {403}},
        Attack{"Retrieve", "GET /v1/retrieve/0123456789ab HTTP/1.1\r\nHost: rebound.example\r\n\r\n", {403}},
        Attack{"RelayedGetWithoutOrigin", "GET /v1/models HTTP/1.1\r\nHost: rebound.example:8787\r\n\r\n", {403}},
        Attack{"RelayedPost",
               "POST /v1/messages HTTP/1.1\r\nHost: rebound.example\r\nOrigin: http://rebound.example\r\n"
               "Content-Length: 2\r\n\r\n{}",
               {403}},
        Attack{"WebSocket",
               "GET /v1/responses HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
               "Origin: http://rebound.example\r\n\r\n",
               {403}},
        Attack{"TheZeroAddress", "GET /v1/models HTTP/1.1\r\nHost: 0.0.0.0:8787\r\n\r\n", {403}},
        Attack{"ATrailingDot", "GET /stats HTTP/1.1\r\nHost: localhost.\r\n\r\n", {403}},
        Attack{"ATrailingDotOfAnAddress", "GET /stats HTTP/1.1\r\nHost: 127.0.0.1.\r\n\r\n", {403}},
        Attack{"AShortAddress", "GET /stats HTTP/1.1\r\nHost: 127.1\r\n\r\n", {403}},
        Attack{"AnAddressAsANumber", "GET /stats HTTP/1.1\r\nHost: 2130706433\r\n\r\n", {403}},
        Attack{"AMappedAddress", "GET /stats HTTP/1.1\r\nHost: [::ffff:127.0.0.1]\r\n\r\n", {403}},
        Attack{"AnotherInterface", "GET /stats HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n", {403}}),
    name_of);

// Origins that only look like this machine's.
std::string from_page(std::string_view origin) {
  return fmt::format("GET /stats HTTP/1.1\r\nHost: localhost\r\nOrigin: {}\r\n\r\n", origin);
}
INSTANTIATE_TEST_SUITE_P(
    ForgedOrigin, AttackTest,
    testing::Values(Attack{"LoopbackAsASubdomain", from_page("http://127.0.0.1.page.example"), {403}},
                    Attack{"LoopbackAsAUser", from_page("http://localhost:8787@page.example"), {403}},
                    Attack{"LoopbackAsAFolder", from_page("http://page.example/localhost"), {403}},
                    Attack{"AddressWithAName", from_page("http://[::1].page.example"), {403}},
                    Attack{"ATrailingDot", from_page("http://localhost."), {403}},
                    Attack{"ABackslash", from_page("http://localhost\\.page.example"), {403}},
                    Attack{"AnExtension", from_page("chrome-extension://localhost"), {403}},
                    Attack{"AFile", from_page("file://"), {403}}, Attack{"Nothing", from_page(""), {403}},
                    Attack{"TheSecondOfTwo", from_page("http://localhost\r\nOrigin: https://page.example"), {403}},
                    Attack{"TheSecondOfTwoSites",
                           "GET /stats HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
                           "Sec-Fetch-Site: cross-site\r\n\r\n",
                           {403}}),
    name_of);

// Requests that a page elsewhere can make a browser send.
INSTANTIATE_TEST_SUITE_P(
    Csrf, AttackTest,
    testing::Values(
        Attack{"FormPost",
               "POST /v1/compress HTTP/1.1\r\nHost: localhost\r\nOrigin: https://page.example\r\n"
               "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
               {403}},
        Attack{"SandboxedPage",
               "POST /v1/retrieve HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\nContent-Length: 2\r\n\r\n{}",
               {403}},
        Attack{"Image",
               "GET /v1/retrieve/stats HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n"
               "Sec-Fetch-Mode: no-cors\r\n\r\n",
               {403}},
        Attack{"RelayedImage",
               "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"
               "\r\n",
               {403}},
        Attack{"Preflight",
               "OPTIONS /v1/messages HTTP/1.1\r\nHost: localhost\r\nOrigin: https://page.example\r\n"
               "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Private-Network: true\r\n\r\n",
               {403}},
        Attack{"OwnPathByAnotherMethod",
               "PUT /v1/compress HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
               {405}}),
    name_of);

// What changes the proxy is for its own pages alone, and for JSON, which no form can send.
std::string admin(const std::string& fields) {
  return "POST /admin/runtime-env HTTP/1.1\r\nHost: localhost:8787\r\n" + fields + "Content-Length: 2\r\n\r\n{}";
}
INSTANTIATE_TEST_SUITE_P(
    CsrfOnAdmin, AttackTest,
    testing::Values(
        Attack{"Form", admin("Content-Type: application/x-www-form-urlencoded\r\n"), {415}},
        Attack{"PlainText", admin("Content-Type: text/plain\r\n"), {415}}, Attack{"NoType", admin(""), {415}},
        Attack{"OtherOrigin", admin("Content-Type: application/json\r\nOrigin: https://page.example\r\n"), {403}},
        Attack{"OtherServerOfThisMachine",
               admin("Content-Type: application/json\r\nOrigin: http://localhost:3000\r\n"),
               {403}},
        Attack{"OpaqueOrigin", admin("Content-Type: application/json\r\nOrigin: null\r\n"), {403}},
        Attack{"Gateway", admin("Content-Type: application/json\r\nX-Real-IP: 203.0.113.9\r\n"), {403}},
        Attack{"BehindAProject",
               "POST /p/x/admin/runtime-env HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
               "Content-Length: 2\r\n\r\n{}",
               {415}},
        Attack{"OtherMethod", "DELETE /admin/runtime-env HTTP/1.1\r\nHost: localhost\r\n\r\n", {405}},
        Attack{"Unknown", "GET /admin/secrets HTTP/1.1\r\nHost: localhost\r\n\r\n", {405}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    ForgedHost, AttackTest,
    testing::Values(
        Attack{"AbsoluteTarget", "GET http://page.example/stats HTTP/1.1\r\nHost: localhost\r\n\r\n", {421}},
        Attack{"AbsoluteTargetWithCredentials",
               "GET http://localhost@page.example/stats HTTP/1.1\r\nHost: localhost\r\n\r\n",
               {421}},
        Attack{"TwoHosts", "GET /stats HTTP/1.1\r\nHost: localhost\r\nHost: page.example\r\n\r\n", {400}},
        Attack{"NoHost", "GET /stats HTTP/1.1\r\n\r\n", {400}},
        Attack{"NoHostInHttp10", "GET /stats HTTP/1.0\r\n\r\n", {403}},
        Attack{"EmptyHost", "GET /stats HTTP/1.1\r\nHost:\r\n\r\n", {403}},
        Attack{"LoopbackAsASubdomain", "GET /stats HTTP/1.1\r\nHost: 127.0.0.1.page.example\r\n\r\n", {403}},
        Attack{"ListOfHosts", "GET /stats HTTP/1.1\r\nHost: localhost,page.example\r\n\r\n", {400, 403}},
        Attack{"AddressWithAName", "GET /stats HTTP/1.1\r\nHost: [::1].page.example\r\n\r\n", {400, 403}},
        Attack{"APortThatIsNone", "GET /stats HTTP/1.1\r\nHost: localhost:x\r\n\r\n", {400, 403}},
        Attack{"TwoPorts", "GET /stats HTTP/1.1\r\nHost: localhost:80:80\r\n\r\n", {400, 403}},
        Attack{"LoopbackAsAUser", "GET /stats HTTP/1.1\r\nHost: localhost:80@page.example\r\n\r\n", {400, 403}},
        Attack{"PassedOnByAGateway",
               "GET /stats HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n",
               {403}}),
    name_of);

// Ways to make the proxy ask somebody else than its upstream.
INSTANTIATE_TEST_SUITE_P(
    Ssrf, AttackTest,
    testing::Values(
        Attack{
            "MetadataAsAbsoluteTarget", "GET http://169.254.169.254/latest HTTP/1.1\r\nHost: localhost\r\n\r\n", {421}},
        Attack{
            "ConnectToMetadata", "CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254:80\r\n\r\n", {405, 421}},
        Attack{"ConnectAsLocalhost", "CONNECT 10.0.0.1:22 HTTP/1.1\r\nHost: localhost\r\n\r\n", {403, 405}},
        Attack{"OutOfTheBasePath", "GET /v1/../../admin HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"OutOfTheBasePathEscaped", "GET /v1/%2E%2e/x HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"OutOfTheBasePathHalfEscaped", "GET /v1/.%2e%2fx HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"OutOfTheBasePathEscapedTwice", "GET /v1/%252e%252e/x HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"OutOfTheBasePathWithAParameter", "GET /v1/..;a/x HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"OutOfTheBasePathBehindAProject", "GET /p/x/../v1/y HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"IntoTheNameOfTheBasePath", "GET x/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"IntoTheHostOfTheUpstream", "GET @page.example/x HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"ClimbingWithoutASlash", "GET ../admin HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"AnotherScheme", "GET file://localhost/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"AFragment", "GET /v1/models#/../x HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"OutOfTheBasePathByBackslash", "GET /v1/..\\x HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}}),
    name_of);

// What two servers could read differently; more of it in refusal_test.cc.
const std::string kChunked = "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
INSTANTIATE_TEST_SUITE_P(
    Smuggling, AttackTest,
    testing::Values(
        Attack{
            "ChunkedThenLength",
            "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
            {400}},
        Attack{"DifferentLengths",
               "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
               {400}},
        Attack{"LengthList", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1, 1\r\n\r\nx", {400}},
        Attack{"EqualLengths",
               "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
               {400}},
        Attack{"EmptyLength", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length:\r\n\r\nx", {400}},
        Attack{"LengthWithABlank", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1 0\r\n\r\nx", {400}},
        Attack{"LengthWithASign", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: +1\r\n\r\nx", {400}},
        Attack{"EmptyCoding",
               "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\nContent-Length: 1\r\n\r\nx",
               {400}},
        Attack{"ChunkedWithAComma",
               "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\n",
               {400, 501}},
        Attack{"ChunkedWithAParameter",
               "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
               {400, 501}},
        Attack{"HexLength", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x1\r\n\r\nx", {400}},
        Attack{"NegativeLength", "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\nx", {400}},
        Attack{"HugeLength",
               "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999\r\n\r\nx",
               {400}},
        Attack{
            "ChunkedTwice",
            "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0"
            "\r\n\r\n",
            {400, 501}},
        Attack{"ChunkedAndIdentity",
               "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
               {400, 501}},
        Attack{"GzipThenChunked",
               "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
               {400, 501}},
        Attack{"QuotedChunked",
               "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
               {400, 501}},
        Attack{"ChunkedBehindAVerticalTab",
               "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: \x0b"
               "chunked\r\n\r\n0\r\n\r\n",
               {400, 501}},
        Attack{"FoldedTransferEncoding",
               "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
               {400}},
        Attack{"SpaceBeforeTheColon",
               "POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
               {400}},
        Attack{"CarriageReturnAlone", "GET /x HTTP/1.1\r\nHost: localhost\rX: 1\r\n\r\n", {400}},
        Attack{"NulInAValue", std::string("GET /x HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n", 44), {400}},
        Attack{"ChunkSizeWithPrefix", kChunked + "0x2\r\n{}\r\n0\r\n\r\n", {400}},
        Attack{"ChunkSizeWithSign", kChunked + "+2\r\n{}\r\n0\r\n\r\n", {400}},
        Attack{"ChunkSizeBehindABlank", kChunked + " 2\r\n{}\r\n0\r\n\r\n", {400}},
        Attack{"ChunkSizeThatOverflows", kChunked + "10000000000000002\r\n{}\r\n0\r\n\r\n", {400}},
        Attack{"ChunkSizeBeyondSigned", kChunked + "ffffffffffffffff\r\n{}\r\n0\r\n\r\n", {400}},
        Attack{"ChunkExtensionWithALineFeed", kChunked + "2;a\n{}\r\n0\r\n\r\n", {400}},
        Attack{"ChunkExtensionWithACarriageReturn", kChunked + "2;a\rb\r\n{}\r\n0\r\n\r\n", {400}},
        Attack{"ChunkExtensionWithAnOpenQuote", kChunked + "2;a=\"x\r\n{}\r\n0\r\n\r\n", {400}},
        Attack{"LastChunkExtensionWithAnOpenQuote", kChunked + "2\r\n{}\r\n0;a=\"\r\n\r\n", {400}},
        Attack{"ChunkExtensionWithoutAName", kChunked + "2;\r\n{}\r\n0\r\n\r\n", {400}},
        Attack{"ChunkSizeBeforeABlank", kChunked + "2 \r\n{}\r\n0\r\n\r\n", {400}},
        Attack{"NoChunkSize", kChunked + "\r\n{}\r\n0\r\n\r\n", {400}},
        Attack{"LengthInATrailer", kChunked + "2\r\n{}\r\n0\r\nContent-Length: 50\r\n\r\n", {400}},
        Attack{"CodingInATrailer", kChunked + "2\r\n{}\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", {400}},
        Attack{"HostInATrailer", kChunked + "2\r\n{}\r\n0\r\nA: b\r\nhost: page.example\r\n\r\n", {400}},
        Attack{"CredentialsInATrailer", kChunked + "2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\n\r\n", {400}},
        Attack{"OwnFieldInATrailer", kChunked + "2\r\n{}\r\n0\r\nX-Headroom-Proxy-Token: x\r\n\r\n", {400}},
        Attack{"TrailerWithoutAColon", kChunked + "2\r\n{}\r\n0\r\nGET /x HTTP/1.1\r\n\r\n", {400}},
        Attack{"ChunkDataWithoutItsEnd", kChunked + "2\r\n{}0\r\n\r\n", {400}},
        Attack{"ChunkDataWithABareEnd", kChunked + "2\r\n{}\n0\r\n\r\n", {400}},
        Attack{"FoldedTrailer", kChunked + "0\r\nA: 1\r\n 2\r\n\r\n", {400}},
        Attack{"Http09", "GET /x\r\n\r\n", {400, 505}},
        Attack{"LowerCaseVersion", "GET /x http/1.1\r\n\r\n", {400, 505}},
        Attack{"BlankBeforeTheMethod", " GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"ControlInTheTarget", "GET /\x1b[31m HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    PathTraversalInHashes, AttackTest,
    testing::Values(
        Attack{"Dots", "GET /v1/retrieve/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"EscapedDots", "GET /v1/retrieve/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"Absolute", "GET /v1/retrieve//etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"Nul", "GET /v1/retrieve/0123456789ab%00.db HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"Wildcard",
               "GET /v1/retrieve/%25%25%25%25%25%25%25%25%25%25%25%25 HTTP/1.1\r\nHost: localhost\r\n\r\n",
               {400}},
        Attack{"Sql", "GET /v1/retrieve/0123456789ab'%20or%20'1'='1 HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"Glob", "GET /v1/retrieve/0123456789a* HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"HalfAnEscape", "GET /v1/retrieve/0123456789ab%2 HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"TooLong", "GET /v1/retrieve/" + std::string(65, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"ProjectOfDots", "GET /p/../stats HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"ProjectOfEscapedDots", "GET /p/%2e%2E/stats HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"ProjectWithASlash", "GET /p/a%2fb/stats HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"ProjectWithANul", "GET /p/a%00/stats HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"ProjectWithALineEnd", "GET /p/a%0d%0aX:%20y/stats HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}},
        Attack{"InABody",
               "POST /v1/retrieve HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
               "27\r\n\r\n{\"hash\":\"../../etc/passwd\"}\n",
               {400}},
        Attack{"TooShortToBeMeant", "GET /v1/retrieve/0 HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}}),
    name_of);

// A page may not open a WebSocket anywhere, not even where this is answered without one.
TEST_F(ProxyTest, WebSocketsOfAPageOnEachRoute) {
  start_answering(answer("{}"));
  for (const char* path :
       {"/stats", "/metrics", "/admin/runtime-env", "/v1/retrieve/0123456789ab", "/v1/compress", "/v1/messages",
        "/v1/responses", "/backend-api/codex/responses", "/model/x/converse", "/x"}) {
    const std::string reply =
        ask(get(path,
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://page.example\r\n"));
    EXPECT_EQ(status_of(reply), 403) << path;
  }
  EXPECT_THAT(upstream->requests(), IsEmpty());
}

// What Connection names ends here, but not what says how long the body is.
TEST_F(ProxyTest, SmugglingByTakingTheLengthAway) {
  start_answering(answer("{}"));
  const std::string inner = "GET /stolen HTTP/1.1\r\nHost: localhost\r\n\r\n";
  EXPECT_EQ(status_of(ask(post("/x", inner, "Connection: Content-Length, Host\r\n"))), 200);
  ASSERT_EQ(upstream->requests().size(), 1U);
  EXPECT_THAT(upstream->requests()[0], HasSubstr(fmt::format("Content-Length: {}\r\n", inner.size())));
  EXPECT_EQ(body_of(upstream->requests()[0]), inner);
}

// Keys that stand in a URL, also where a reader takes another byte for its question mark, and orders to a terminal.
TEST_F(ProxyTest, SecretsAndEscapesOfUrlsInTheLog) {
  RequestLog lines;
  log = &lines;
  start_answering(answer("{}"));
  const std::string model = "/v1beta/models/gemini-2.5-pro:generateContent";
  for (const char* key : {"?key=AIza1", "?alt=sse&key=AIza2", ";key=AIza3", "%3Fkey=AIza4", "%3bkey=AIza5"}) {
    ask(post(model + key, R"({"contents":[]})"));
  }
  ask("POST " + model + "?key=AIza6 HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n");
  ask(
      get("/x\x9b"
          "31m\xe2\x80\xae"));
  server.reset();
  const std::string all = lines.lines();
  EXPECT_THAT(all, Not(HasSubstr("AIza"))) << all;
  EXPECT_THAT(all, HasSubstr("POST /v1beta/models/gemini-2.5-pro:generateContent 200 \n"));
  EXPECT_THAT(all, HasSubstr("GET /x%9B31m%E2%80%AE 200 \n"));
}

// Many small values cost much more memory than bytes; such a body is nobody's conversation.
TEST_F(ProxyTest, MillionsOfValues) {
  start_answering(answer("{}"));
  std::string body = R"({"model":"m","messages":[)";
  for (int i = 0; i < 2'200'000; ++i) body += "0,";
  body += "0]}";
  EXPECT_EQ(status_of(ask(post("/v1/messages", body))), 200);
  EXPECT_EQ(body_of(upstream->requests().at(0)), body);
  EXPECT_EQ(status_of(ask(post("/v1/compress", body))), 400);
}

// Upstreams are set by who runs the proxy; a header that asks for another is not heard, and does not go on either.
TEST_F(ProxyTest, SsrfByAClientChosenUpstream) {
  start_answering(answer("{}"));
  const FakeUpstream metadata(FakeUpstream::always(answer("secret")));
  for (const char* name : {"x-headroom-base-url", "X-Headroom-Upstream", "x-headroom-openai-api-url"}) {
    const std::string reply = ask(get("/v1/models", fmt::format("{}: {}/latest/meta-data\r\n", name, metadata.url())));
    EXPECT_EQ(body_of(reply), "{}") << name;
  }
  EXPECT_EQ(metadata.connections(), 0);
  for (const std::string& request : upstream->requests()) {
    EXPECT_THAT(request, Not(HasSubstr("meta-data")));
    EXPECT_THAT(request, HasSubstr(fmt::format("Host: 127.0.0.1:{}\r\n", upstream->port())));
  }
}

TEST_F(ProxyTest, SsrfByARedirect) {
  const FakeUpstream metadata(FakeUpstream::always(answer("secret")));
  start_answering(answer("", fmt::format("Location: {}/latest\r\n", metadata.url()), "302 Found"));
  const std::string reply = ask(get("/v1/models"));
  EXPECT_EQ(status_of(reply), 302) << "it is the client's to follow";
  EXPECT_EQ(metadata.connections(), 0);
}

// Only a WebSocket may leave HTTP; "h2c" would carry requests that nobody here reads.
TEST_F(ProxyTest, SmugglingThroughAnUpgrade) {
  start_answering(answer("{}"));
  EXPECT_EQ(
      status_of(ask(get("/x", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n"))),
      200);
  ASSERT_EQ(upstream->requests().size(), 1U);
  EXPECT_THAT(upstream->requests()[0], Not(HasSubstr("h2c")));
}

TEST_F(ProxyTest, SmugglingBehindABodyThatNobodyWants) {
  start_answering(answer("{}"));
  TestSocket socket = client();
  const std::string inner = "GET /stolen HTTP/1.1\r\nHost: localhost\r\n\r\n";
  socket.send(
      fmt::format("GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{}", inner.size(), inner));
  EXPECT_EQ(status_of(socket.read_message()), 200);
  socket.send(get("/next"));
  EXPECT_EQ(status_of(socket.read_message()), 200);
  ASSERT_EQ(upstream->requests().size(), 1U);
  EXPECT_THAT(upstream->requests()[0], HasSubstr("GET /next"));
}

// An upstream that hangs up between the head of a request and its body: what is left of the body is no request.
TEST_F(ProxyTest, SmugglingBehindAnUpstreamThatHangsUp) {
  start([](TestSocket& socket) { socket.close(); });
  const std::string hidden = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
  std::string body = std::string(30'000, ' ');
  while (body.size() < 60'000) body += hidden;
  for (int i = 0; i < 50; ++i) {  // most of them find it gone in just that moment
    TestSocket socket = client();
    socket.send(post("/other", body));
    EXPECT_EQ(status_of(socket.read_message()), 502);
    socket.shutdown_send();
    EXPECT_EQ(socket.read_to_end(), "");
  }
}

TEST_F(ProxyTest, SplittingAnswersByTheModelsName) {
  start_answering(answer("{}"));
  const std::string reply = ask(post("/v1/messages", R"({"model":"m\r\nX-Injected: 1","max_tokens":1,"messages":[]})"));
  EXPECT_EQ(status_of(reply), 200);
  EXPECT_THAT(reply, Not(HasSubstr("\nX-Injected")));
}

TEST_F(ProxyTest, OversizedHead) {
  start_answering(answer("{}"));
  EXPECT_EQ(status_of(ask(get("/x", "X-Long: " + std::string(70'000, 'x') + "\r\n"))), 431);
  EXPECT_EQ(status_of(ask(get("/" + std::string(70'000, 'x')))), 431);
  std::string many;
  for (int i = 0; i < 300; ++i) many += "a: b\r\n";
  EXPECT_EQ(status_of(ask(get("/x", many))), 431);
  EXPECT_THAT(upstream->requests(), IsEmpty());
}

TEST_F(ProxyTest, OversizedBody) {
  options.max_body_mb = 1;
  start_answering(answer("{}"));
  for (const char* path : {"/v1/messages", "/v1/compress"}) {
    const std::string head = fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\n", path);
    EXPECT_EQ(status_of(ask(head + "Content-Length: 1152921504606846975\r\n\r\n")), 413) << path;
    EXPECT_EQ(status_of(ask(head + "Transfer-Encoding: chunked\r\n\r\n200000\r\n" + std::string(0x200000, ' '))), 413);
  }
  EXPECT_EQ(status_of(ask("POST /v1/retrieve HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048577\r\n\r\n")), 413);
  EXPECT_THAT(upstream->requests(), IsEmpty());
}

TEST_F(ProxyTest, OversizedChunkFraming) {
  start_answering(answer("{}"));
  EXPECT_EQ(status_of(ask(kChunked + "2;" + std::string(1000, 'x') + "\r\n{}\r\n0\r\n\r\n")), 400) << "extension";
  EXPECT_EQ(status_of(ask(kChunked + std::string(1000, '0') + "2\r\n{}\r\n0\r\n\r\n")), 400) << "leading zeros";
  EXPECT_EQ(status_of(ask(kChunked + "2\r\n{}\r\n0\r\nA: " + std::string(20'000, 'x') + "\r\n\r\n")), 400) << "trailer";
  EXPECT_THAT(upstream->requests(), IsEmpty());
}

// Large bodies that never come whole take the room of others for a moment only.
TEST_F(ProxyTest, LargeBodiesThatNeverEnd) {
  limits.body_room_bytes = 150'000;
  limits.body_room_patience = milliseconds(20);
  start_answering(answer("{}"));
  std::vector<TestSocket> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(client());
    held.back().send("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n{");
  }
  const std::string body = anthropic_body(4000);
  ASSERT_GT(body.size(), 200'000);
  EXPECT_EQ(status_of(ask(post("/v1/messages", body))), 200);
  EXPECT_LT(body_of(upstream->requests().at(0)).size(), body.size() / 2);
}

TEST_F(ProxyTest, DeeplyNestedJson) {
  start_answering(answer("{}"));
  const std::string deep(1'000'000, '[');
  EXPECT_EQ(status_of(ask(post("/v1/compress", deep))), 400);
  EXPECT_EQ(status_of(ask(post("/v1/messages", deep))), 200) << "not ours to judge: it goes on as it is";
  EXPECT_EQ(body_of(upstream->requests().at(0)), deep);
}

// A client that never ends its head, one that never ends its body, and one that sends just enough not to be idle.
TEST_F(ProxyTest, SlowLoris) {
  limits.head_timeout = limits.body_timeout = milliseconds(80);
  limits.min_body_bytes_per_s = 100'000;
  start_answering(answer("{}"));
  for (const char* start : {"GET /x HTTP/1.1\r\nHost: localhost\r\n",
                            "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n",
                            "POST /unknown HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"}) {
    TestSocket socket = client();
    socket.send(start);
    const auto began = std::chrono::steady_clock::now();
    std::thread drip([&] {
      for (int i = 0; i < 200 && socket.send("x"); ++i) std::this_thread::sleep_for(milliseconds(20));
    });
    EXPECT_TRUE(socket.sees_end()) << start;
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(3)) << start;
    socket.shutdown_send();
    drip.join();
  }
}

/// A megabyte for each KiB or so, and after the second coding next to nothing.
struct Bomb {
  const char* coding;
  std::string bytes;
};
std::vector<Bomb> bombs() {
  const std::string zeros(std::size_t{64} << 20, '\0');
  return {{"gzip", deflated(zeros)},
          {"deflate", deflated(zeros, 15)},
          {"zstd", zstd_of(zeros)},
          {"gzip, zstd", zstd_of(deflated(zeros))},
          {"zstd, gzip, zstd", zstd_of(deflated(zstd_of(zeros)))}};
}

// What unpacks to more than a body may be goes on as it came, and own endpoints do not take it.
TEST_F(ProxyTest, DecompressionBomb) {
  options.max_body_mb = 2;
  start_answering(answer("{}"));
  for (const Bomb& bomb : bombs()) {
    ASSERT_LT(bomb.bytes.size(), 80'000U);
    const std::string coding = fmt::format("Content-Encoding: {}\r\n", bomb.coding);
    EXPECT_EQ(status_of(ask(post("/v1/compress", bomb.bytes, coding))), 413) << bomb.coding;
    EXPECT_EQ(status_of(ask(post("/v1/retrieve", bomb.bytes, coding))), 415) << bomb.coding;
    EXPECT_EQ(status_of(ask(post("/v1/messages", bomb.bytes, coding))), 200) << bomb.coding;
    EXPECT_EQ(body_of(upstream->requests().back()), bomb.bytes) << bomb.coding;
  }
}

// Each frame asks for a window of its own.
TEST_F(ProxyTest, DecompressionIntoAHugeWindow) {
  start_answering(answer("{}"));
  const std::string frame = zstd_stream_of("{}", 27);
  std::string frames;
  for (int i = 0; i < 100; ++i) frames += frame;
  EXPECT_EQ(status_of(ask(post("/v1/messages", frames, "Content-Encoding: zstd\r\n"))), 200);
  EXPECT_EQ(body_of(upstream->requests().at(0)), frames);
}

}  // namespace
}  // namespace headroom::proxy_test
