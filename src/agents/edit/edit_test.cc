#include "agents/edit/edit.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::agents {
namespace {

struct Case {
  const char* what;
  Format format;
  std::string before;
  const char* path;
  const char* json;
  std::string after;
  bool undone = true;  ///< taking it out again gives `before`
};

std::vector<Case> cases() {
  const char* server = R"({"command":"headroom","args":["mcp","serve"]})";
  return {
      {"empty file", Format::kJson, "", "a.b", "1", "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n", false},
      {"empty object", Format::kJson, "{}\n", "a", "\"x\"", "{\n  \"a\": \"x\"\n}\n"},
      {"one line", Format::kJson, "{\"b\":{\"c\":[1,2]}}", "a", "true", "{\"b\":{\"c\":[1,2]},\"a\":true}"},
      {"its own layout", Format::kJson, "{\n\t\"b\": 1,\n\t\"m\": {\n\t\t\"x\": {}\n\t}\n}\n", "m.headroom", server,
       "{\n\t\"b\": 1,\n\t\"m\": {\n\t\t\"x\": {},\n\t\t\"headroom\": {\n\t\t\t\"command\": "
       "\"headroom\",\n\t\t\t\"args\": [\n"
       "\t\t\t\t\"mcp\",\n\t\t\t\t\"serve\"\n\t\t\t]\n\t\t}\n\t}\n}\n"},
      {"comments and a trailing comma", Format::kJson,
       "// top\n{\n  \"a\": 1, // one\n  /* two */ \"b\": 2, // last\n  // end\n}\n", "c", "3",
       "// top\n{\n  \"a\": 1, // one\n  /* two */ \"b\": 2, // last\n  \"c\": 3,\n  // end\n}\n"},
      {"a comment behind the last value", Format::kJson, "{\n  \"a\": 1 // one\n}\n", "b", "2",
       "{\n  \"a\": 1, // one\n  \"b\": 2\n}\n"},
      {"a value replaced", Format::kJson, "{ \"a\" : \"old\" , \"b\": 1e2 }", "a", "\"new\"",
       "{ \"a\" : \"new\" , \"b\": 1e2 }", false},
      {"lines of Windows", Format::kJson, "{\r\n  \"a\": 1\r\n}\r\n", "b", "2",
       "{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}\r\n"},
      {"JSON5", Format::kJson, "{\n  models: { mode: 'merge' },\n}\n", "models.providers.x", "1",
       "{\n  models: { mode: 'merge',\"providers\":{\"x\":1} },\n}\n", false},
      {"a dotted name", Format::kJson, "{\n    \"editor.tabSize\": 2\n}", "\"amp.url\"", "\"http://x\"",
       "{\n    \"editor.tabSize\": 2,\n    \"amp.url\": \"http://x\"\n}"},
      {"an element by name", Format::kJson, "{\"l\":[{\"name\":\"a\"}]}", "l[name=b]", "{\"url\":\"u\"}",
       "{\"l\":[{\"name\":\"a\"},{\"name\":\"b\",\"url\":\"u\"}]}"},
      {"TOML, before the first table", Format::kToml, "# mine\nmodel = \"x\" # why\n\n[t]\na = 1\n", "openai_base_url",
       "\"u\"", "# mine\nmodel = \"x\" # why\nopenai_base_url = \"u\"\n\n[t]\na = 1\n"},
      {"TOML, nothing at the top", Format::kToml, "[t]\na = 1\n", "model_provider", "\"u\"",
       "model_provider = \"u\"\n[t]\na = 1\n"},
      {"TOML, a table", Format::kToml, "[mcp_servers.x]\ncommand = \"x\"\n", "mcp_servers.headroom", server,
       "[mcp_servers.x]\ncommand = \"x\"\n\n[mcp_servers.headroom]\ncommand = \"headroom\"\nargs = [\"mcp\", "
       "\"serve\"]\n"},
      {"TOML, in a table", Format::kToml, "[a]\nx = 1\n\n[a.b]\ny = 2\n", "a.z", "3",
       "[a]\nx = 1\nz = 3\n\n[a.b]\ny = 2\n"},
      {"TOML, in brackets", Format::kToml, "p = { x = { a = 1 } }\n", "p.h", "{\"u\":\"v\"}",
       "p = { x = { a = 1 }, h = { u = \"v\" } }\n"},
      {"TOML, dotted names", Format::kToml, "[q]\np.x = 1\nb = 2\n", "q.p.y", "2", "[q]\np.x = 1\np.y = 2\nb = 2\n"},
      {"TOML, no last newline", Format::kToml, "a = 1", "b", "2", "a = 1\nb = 2\n", false},
      {"TOML, an array of tables", Format::kToml, "[[s]]\nname = \"a\"\n[s.env]\nK = 1\n", "s[name=b]",
       "{\"url\":\"u\"}", "[[s]]\nname = \"a\"\n[s.env]\nK = 1\n\n[[s]]\nname = \"b\"\nurl = \"u\"\n"},
      {"TOML, an empty array", Format::kToml, "s = []\n", "s[name=b]", "{\"url\":\"u\"}",
       "s = [{ name = \"b\", url = \"u\" }]\n"},
      {"YAML, empty", Format::kYaml, "# mine\n", "a.b", "\"x y\"", "# mine\na:\n  b: \"x y\"\n", false},
      {"YAML, a name more", Format::kYaml, "a: 1 # one\nb:\n  c: 'x' \n\n# end\n", "b.d", "\"http://h:1\"",
       "a: 1 # one\nb:\n  c: 'x' \n  d: \"http://h:1\"\n\n# end\n"},
      {"YAML, an empty mapping", Format::kYaml, "extensions: {} # none\nz: 1\n", "extensions.headroom",
       R"({"type":"stdio","args":["mcp"],"env":{}})",
       "extensions: # none\n  headroom:\n    type: stdio\n    args:\n      - mcp\n    env: {}\nz: 1\n", false},
      {"YAML, a list level with its name", Format::kYaml, "models:\n- name: a\n  x: 1\n- name: b\nz: 1\n",
       "models[0].apiBase", "\"u\"", "models:\n- name: a\n  x: 1\n  apiBase: u\n- name: b\nz: 1\n"},
      {"YAML, an element more", Format::kYaml, "m:\n  - name: a\nz: |\n  text\n   more\n", "m[name=h]",
       "{\"command\":\"c\"}", "m:\n  - name: a\n  - name: h\n    command: c\nz: |\n  text\n   more\n"},
      {"YAML, a text that ends with what looks like a comment", Format::kYaml, "b:\n  p: |\n    x\n    # kept\n", "b.k",
       "1", "b:\n  p: |\n    x\n    # kept\n  k: 1\n"},
      {"YAML, such a text in a list", Format::kYaml,
       "m:\n  - name: h\n    t: >-  # why\n      # a\n      # b\n  # end\n", "m[name=h].k", "1",
       "m:\n  - name: h\n    t: >-  # why\n      # a\n      # b\n    k: 1\n  # end\n"},
      {"YAML, such a text in quotes", Format::kYaml, "b:\n  p: \"x\n    # y\"\n", "b.k", "1",
       "b:\n  p: \"x\n    # y\"\n  k: 1\n"},
      {"YAML, no last newline", Format::kYaml, "a: 1", "b", "true", "a: 1\nb: true"},
      {"YAML, a value replaced", Format::kYaml, "a:  old   # why\nb: 2\n", "a", "\"new\"", "a:  new   # why\nb: 2\n",
       false},
  };
}

TEST(Edit, SetsAndTakesOut) {
  for (const Case& one : cases()) {
    const KeyPath path = parse_key_path(one.path).value();
    const auto set = set_key(one.format, one.before, path, one.json);
    ASSERT_TRUE(set) << one.what << ": " << set.error().message;
    EXPECT_EQ(*set, one.after) << one.what;
    const auto there = get_key(one.format, *set, path);
    ASSERT_TRUE(there && *there) << one.what;
    const auto again = set_key(one.format, *set, path, **there);
    EXPECT_EQ(canonical_json(get_key(one.format, again.value(), path).value().value()).value(),
              canonical_json(**there).value())
        << one.what;
    if (!one.undone) continue;
    const auto removed = remove_key(one.format, *set, path);
    ASSERT_TRUE(removed) << one.what << ": " << removed.error().message;
    EXPECT_EQ(*removed, one.before) << one.what;
  }
}

TEST(Edit, TakesOutFromTheMiddle) {
  const auto removed = [](Format format, std::string_view text, std::string_view path) {
    return remove_key(format, text, parse_key_path(path).value()).value();
  };
  EXPECT_EQ(removed(Format::kJson, "{\n  \"a\": 1, // one\n  \"b\": 2,\n  \"c\": 3\n}", "b"),
            "{\n  \"a\": 1, // one\n  \"c\": 3\n}");
  EXPECT_EQ(removed(Format::kJson, "{\"a\":1,\"b\":2,\"a\":3}", "a"), "{\"b\":2}");
  EXPECT_EQ(removed(Format::kToml, "[a]\nx = 1\n# of b\n\n[b]\ny = 1\n\n[c]\nz = 1\n", "b"),
            "[a]\nx = 1\n# of b\n\n[c]\nz = 1\n");
  EXPECT_EQ(removed(Format::kYaml, "a:\n  x: 1\n  y:\n    - 1\n  z: 2\nb: 1\n", "a.y"), "a:\n  x: 1\n  z: 2\nb: 1\n");
  EXPECT_EQ(removed(Format::kYaml, "a:\n  - name: x\n    b: 1\n  - name: y\n", "a[0].name"),
            "a:\n  - b: 1\n  - name: y\n");
  EXPECT_EQ(removed(Format::kYaml, "a:\n  x: 1\nb: 1\n", "a.x"), "a: {}\nb: 1\n");
  EXPECT_EQ(removed(Format::kYaml, "a: 1\n", "b.c"), "a: 1\n");
}

TEST(Edit, ReadsWhatIsThere) {
  const auto got = [](Format format, std::string_view text, std::string_view path) {
    return get_key(format, text, parse_key_path(path).value()).value().value_or("nothing");
  };
  EXPECT_EQ(got(Format::kJson, "{a: 'it\\'s', // x\n b: [1.50, null,],}", "a"), "\"it's\"");
  EXPECT_EQ(got(Format::kJson, "{a: 'it\\'s', // x\n b: [1.50, null,],}", "b"), "[1.50,null]");
  EXPECT_EQ(got(Format::kToml, "a.'b c' = 2.0\n", "a.\"b c\""), "2.0");
  EXPECT_EQ(got(Format::kYaml, "a:\n  - x: ~\n    y: 'it''s'\n", "a"), R"([{"x":null,"y":"it's"}])");
  EXPECT_EQ(got(Format::kYaml, "a: yes\n", "a"), "\"yes\"");
  EXPECT_EQ(got(Format::kYaml, "a: 0x1f\n", "b"), "nothing");
}

TEST(Edit, RefusesWhatItCannotEditSafely) {
  const auto refused = [](Format format, std::string_view text, std::string_view path, std::string_view json = "1") {
    const auto set = set_key(format, text, parse_key_path(path).value(), json);
    return set ? std::string("set: ") + *set : set.error().message;
  };
  EXPECT_EQ(refused(Format::kJson, "{\n\"a\": 1\n\"b\": 2}", "c"), "line 3: a comma is missing");
  EXPECT_EQ(refused(Format::kJson, "{\"a\": 1}", "a.b"), "'a' is no object");
  EXPECT_EQ(refused(Format::kJson, "[1]", "a"), "the file's content is no object");
  EXPECT_EQ(refused(Format::kJson, "{\"a\": /* ", "a"), "line 1: a value is missing, or of an unknown form");
  EXPECT_NE(refused(Format::kToml, "a = 1\na = 2\n", "b").find("line 2"), std::string::npos);
  EXPECT_EQ(refused(Format::kToml, "a = 1\n", "b", "null"), "TOML has no null");
  EXPECT_EQ(refused(Format::kYaml, "a:\n\t- 1\n", "b"), "line 2: a tab as indentation");
  EXPECT_EQ(refused(Format::kYaml, "a: 1\n---\nb: 1\n", "b"), "line 2: several documents, or directives");
  EXPECT_EQ(refused(Format::kYaml, "a: {x: 1}\n", "a.y"), "'a' is no object");
}

TEST(KeyPath, IsReadAsItIsWritten) {
  for (const char* text : {"a.b-c._d", "\"a.b\".c", "a[0].b", "a[name=\"x y\"].b[1][2]"}) {
    EXPECT_EQ(key_path_text(parse_key_path(text).value()), text);
  }
  for (const char* text : {"", "a..b", ".a", "a.", "a[", "a[x]", "a[=y]", "\"a", "a b"})
    EXPECT_FALSE(parse_key_path(text)) << text;
}

TEST(Edit, FilesOfVariablesAreRead) {
  const std::string text =
      "# of mine\nA=1\nexport B = two words  # said\n C='x # y'\nD=\"q \\\" r\"\r\nE=\nnothing\nF=\"over\n"
      "G=lines\"\nA=https://x.example/#a\n=none\nH:colon\nI='open\nJ=last";
  const auto value = [&](std::string_view name) {
    return get_key(Format::kEnv, text, member_path({name})).value().value_or("none");
  };
  EXPECT_EQ(value("A"), "\"https://x.example/#a\"") << "the last one counts";
  EXPECT_EQ(value("B"), "\"two words\"");
  EXPECT_EQ(value("C"), "\"x # y\"");
  EXPECT_EQ(value("D"), R"("q \\\" r")");
  EXPECT_EQ(value("E"), "\"\"");
  EXPECT_EQ(value("F"), R"("over\nG=lines")");
  EXPECT_EQ(value("G"), "none") << "it stands in another's quotes";
  EXPECT_EQ(value("H"), "none");
  EXPECT_EQ(value("I"), "\"'open\"") << "quotes that nobody closes are part of it";
  EXPECT_EQ(value("J"), "\"last\"");
  EXPECT_EQ(value("nothing"), "none");
  EXPECT_FALSE(get_key(Format::kEnv, "", member_path({"A"})).value());
  EXPECT_FALSE(set_key(Format::kEnv, text, member_path({"A"}), "1"));
  EXPECT_FALSE(remove_key(Format::kEnv, text, member_path({"A"})));
}

}  // namespace
}  // namespace headroom::agents
