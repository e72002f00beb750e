// Drives `headroom mcp serve` with the protocol's official TypeScript libraries.
//
//   node drive.mjs LIBRARY DATE stdio PROGRAM HOME
//   node drive.mjs LIBRARY DATE http URL HOME
//
// LIBRARY is v1 (@modelcontextprotocol/sdk) or v2 (@modelcontextprotocol/client); both check what comes against the protocol's
// types, and structured results against the schema of their tool. HOME has a folder "shop" with app.log and notes.txt. Ends
// with 1 and the reason where something is not as it should be.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const TOOLS = [
  "headroom_compress",
  "compress_file",
  "compress_command_output",
  "headroom_retrieve",
  "headroom_stats",
  "compress_rag_chunks",
  "headroom_read",
];
const [library, date, transport, target, home] = process.argv.slice(2);
const log = readFileSync(`${home}/shop/app.log`, "utf8");
const info = { name: "headroom-test", version: "1" };
const stdio = { command: target, args: ["mcp", "serve"], env: { HOME: home, PATH: process.env.PATH } };
const roots = () => ({ roots: [{ uri: pathToFileURL(`${home}/shop`).href }] });

async function connected() {
  if (library === "v1") {
    const { Client } = await import("@modelcontextprotocol/sdk/client/index.js");
    const { ListRootsRequestSchema } = await import("@modelcontextprotocol/sdk/types.js");
    const { StdioClientTransport } = await import("@modelcontextprotocol/sdk/client/stdio.js");
    const { StreamableHTTPClientTransport } = await import("@modelcontextprotocol/sdk/client/streamableHttp.js");
    const client = new Client(info, { capabilities: { roots: {} } });
    client.setRequestHandler(ListRootsRequestSchema, roots);
    const way = transport === "stdio" ? new StdioClientTransport(stdio) : new StreamableHTTPClientTransport(new URL(target));
    await client.connect(way);
    assert.equal(way.protocolVersion ?? date, date);
    return client;
  }
  const { Client, StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
  const { StdioClientTransport } = await import("@modelcontextprotocol/client/stdio");
  const mode = date === "2026-07-28" ? { pin: date } : "legacy";
  const client = new Client(info, { capabilities: { roots: {} }, versionNegotiation: { mode } });
  client.setRequestHandler("roots/list", roots);
  await client.connect(transport === "stdio" ? new StdioClientTransport(stdio) : new StreamableHTTPClientTransport(new URL(target)));
  assert.equal(client.getNegotiatedProtocolVersion(), date);
  return client;
}

const client = await connected();
const call = async (name, args = {}) => {
  const result = await client.callTool({ name, arguments: args });
  assert.ok(!result.isError, JSON.stringify(result));
  return result.structuredContent;
};

assert.equal(client.getServerVersion().name, "headroom");
assert.match(client.getInstructions(), /headroom_retrieve/);
const { tools } = await client.listTools();
assert.deepEqual(tools.map((tool) => tool.name), TOOLS);
assert.ok(tools.every((tool) => tool.outputSchema && tool.annotations.readOnlyHint));
assert.deepEqual((await client.listTools()).tools, tools);

const short = await call("headroom_compress", { content: log, query: "is the disk full?" });
assert.ok(short.tokens_saved > 1000 && short.compressed.includes("ERROR disk"));
assert.equal((await call("headroom_retrieve", { hash: short.hash })).original_content, log);
assert.equal((await call("headroom_retrieve", { hash: short.hash, lines: "401" })).original_content, log.split("\n")[400] + "\n");
assert.equal((await call("compress_file", { path: "app.log" })).hash, short.hash);
assert.ok((await call("compress_command_output", { command: "cat app.log", output: log })).tokens_saved > 1000);
assert.ok((await call("headroom_stats")).session.requests >= 3);
const chunks = await call("compress_rag_chunks", { query: "disk", chunks: ["the disk", { text: "the disk", id: "b" }] });
assert.deepEqual(chunks.dropped.map((chunk) => chunk.id), ["b"]);
const read = await call("headroom_read", { file_path: "notes.txt" });
assert.equal(read.content, "what it says\n");
assert.deepEqual(await call("headroom_read", { file_path: "notes.txt", known_hash: read.hash }), { status: "unchanged" });

const uri = `headroom://original/${short.hash}`;
assert.ok((await client.listResources()).resources.some((resource) => resource.uri === uri));
assert.equal((await client.readResource({ uri })).contents[0].text, log);
assert.equal((await client.listResourceTemplates()).resourceTemplates.length, 1);
await assert.rejects(client.readResource({ uri: "headroom://original/0123456789ab" }));
for (const [name, args] of [
  ["headroom_retrieve", { hash: "0123456789ab" }],
  ["headroom_read", { file_path: "/etc/passwd" }],
  ["headroom_compress", {}],
]) {
  const result = await client.callTool({ name, arguments: args });
  assert.ok(result.isError && result.content[0].text.length > 10, name);
}
await assert.rejects(client.callTool({ name: "no_such_tool", arguments: {} }), /Unknown tool/);
// Several at once.
const many = await Promise.all(Array.from({ length: 20 }, (_, i) => call("headroom_compress", { content: `${i}\n${log}` })));
assert.equal(new Set(many.map((one) => one.hash)).size, 20);
await client.close();
