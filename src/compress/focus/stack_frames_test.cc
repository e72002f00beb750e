#include "compress/focus/stack_frames.h"

#include <string>

#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::compress::focus {
namespace {

/// The lines that stay, '|' where others went.
std::string staying(std::string_view text) {
  const std::vector<std::string_view> lines = base::split_lines(text);
  const std::vector<FrameOf> frames = stack_frames(lines);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (frames[i] != FrameOf::kLibrary) {
      out.append(lines[i]).push_back('\n');
    } else if (!out.ends_with("|\n")) {
      out += "|\n";
    }
  }
  return out;
}

TEST(StackFrames, OfPythonTheOwnOnesStayAndWhereItWasRaised) {
  EXPECT_EQ(staying(R"(Traceback (most recent call last):
  File "/srv/app/sync.py", line 31, in fetch
    page = self.session.get(self.url)
  File "/srv/app/.venv/lib/python3.11/site-packages/requests/sessions.py", line 602, in get
    return self.request("GET", url, **kwargs)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/usr/lib/python3.11/ssl.py", line 1379, in do_handshake
    self._sslobj.do_handshake()
ssl.SSLError: certificate has expired
)"),
            R"(Traceback (most recent call last):
  File "/srv/app/sync.py", line 31, in fetch
    page = self.session.get(self.url)
|
  File "/usr/lib/python3.11/ssl.py", line 1379, in do_handshake
    self._sslobj.do_handshake()
ssl.SSLError: certificate has expired
)");
}

TEST(StackFrames, OfJavaAndNodeTheTopStays) {
  EXPECT_EQ(staying("java.lang.NullPointerException: name\n"
                    "\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)\n"
                    "\tat com.acme.Orders.add(Orders.java:41)\n"
                    "\tat java.base/java.lang.reflect.Method.invoke(Method.java:580)\n"
                    "\tat org.springframework.web.Servlet.service(Servlet.java:97)\n"),
            "java.lang.NullPointerException: name\n"
            "\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)\n"
            "\tat com.acme.Orders.add(Orders.java:41)\n|\n");
  EXPECT_EQ(staying("TypeError: x is null\n    at total (/srv/src/cart.js:3:9)\n"
                    "    at Layer.handle (/srv/node_modules/express/lib/router/layer.js:95:5)\n"
                    "    at next (/srv/node_modules/express/lib/router/route.js:144:13)\n"),
            "TypeError: x is null\n    at total (/srv/src/cart.js:3:9)\n|\n");
}

TEST(StackFrames, OfNodesOwnTestsWithoutAt) {
  EXPECT_EQ(staying("      stack: |-\n        TestContext.<anonymous> (/srv/a.test.js:6:38)\n"
                    "        Test.runInAsyncScope (node:async_hooks:206:9)\n"
                    "        Test.run (node:internal/test_runner/test:796:25)\n"),
            "      stack: |-\n        TestContext.<anonymous> (/srv/a.test.js:6:38)\n|\n");
}

TEST(StackFrames, OfRustGoAndRuby) {
  EXPECT_EQ(
      staying("   1: core::panicking::panic_fmt\n             at /rustc/5980/library/core/src/panicking.rs:80:14\n"
              "   2: shop::parse\n             at ./src/lib.rs:10:43\n"),
      "|\n   2: shop::parse\n             at ./src/lib.rs:10:43\n");
  EXPECT_EQ(staying("panic({0x575600?, 0xc95c4e380c0?})\n\t/usr/local/go/src/runtime/panic.go:860 +0x13a\n"
                    "example.com/ring.(*Ring).Push(...)\n\t/srv/ring/ring.go:20\n"
                    "created by testing.(*T).Run in goroutine 1\n\t/usr/local/go/src/testing/testing.go:2101 +0x4c5\n"),
            "|\nexample.com/ring.(*Ring).Push(...)\n\t/srv/ring/ring.go:20\n|\n");
  EXPECT_EQ(staying("     # ./app/models/order.rb:58:in `renew!'\n"
                    "     # /usr/local/bundle/gems/rspec-core-3.12.2/lib/rspec/core/example.rb:263:in `run'\n"),
            "     # ./app/models/order.rb:58:in `renew!'\n|\n");
}

TEST(StackFrames, WithoutAFrameOfTheProgramAllStay) {
  const std::string text =
      "  File \"/usr/lib/python3.11/runpy.py\", line 198, in _run\n    return x\n"
      "  File \"/usr/lib/python3.11/ssl.py\", line 1379, in do_handshake\n    self.do_handshake()\nError\n";
  EXPECT_EQ(staying(text), text);
  EXPECT_EQ(staying("look at it\nat last\nno: in `x'\n"), "look at it\nat last\nno: in `x'\n");
}

}  // namespace
}  // namespace headroom::compress::focus
