// toOpenAI, fromOpenAI, and where files are.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  compress,
  configDir,
  detectFormat,
  fromOpenAI,
  pluginConfigDir,
  pluginWorkspaceDir,
  toOpenAI,
  ValidationError,
  workspaceDir,
} from "headroom-ai";

import { anthropic, gemini, LOG, openai, ownStore, resultOf, vercel } from "./samples.mjs";

const folder = ownStore();
const PNG = "iVBORw0KGgo=";
const OTHERS = { anthropic, gemini, vercel: () => vercel() };

for (const [name, make] of Object.entries(OTHERS)) {
  test(`${name}: there and back`, async () => {
    const messages = make();
    const before = structuredClone(messages);
    const there = toOpenAI(messages);
    assert.equal(detectFormat(there), "openai");
    assert.deepEqual(messages, before);
    const ids = there.map((message) => message.tool_calls?.[0].id ?? message.tool_call_id).filter(Boolean);
    assert.equal(new Set(ids).size, 1);
    assert.deepEqual(
      there.map((message) => [message.role, message.content, message.tool_calls?.[0].function]),
      openai(there[2].content).map((message) => [message.role, message.content, message.tool_calls?.[0].function]),
    );
    const back = fromOpenAI(there, name);
    assert.equal(detectFormat(back), name);
    assert.deepEqual(toOpenAI(back), there);
    // What is shortened is the same in both shapes.
    const [here, other] = await Promise.all([compress(messages, { model: "gpt-4o" }), compress(there, { model: "gpt-4o" })]);
    if (name !== "gemini") assert.equal(resultOf(here.messages), resultOf(other.messages));
  });

  test(`${name}: several calls, texts, images, instructions`, () => {
    const call = (id, name) => ({ id, type: "function", function: { name, arguments: '{"a":1}' } });
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: "see" }, { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } }] },
      { role: "assistant", content: "I look.", tool_calls: [call("a", "ls"), call("b", "cat")] },
      { role: "tool", tool_call_id: "a", content: '{"files":["x"]}' },
      { role: "tool", tool_call_id: "b", content: "text" },
      { role: "assistant", content: "Done." },
    ];
    const back = toOpenAI(fromOpenAI(messages, name));
    const expected = structuredClone(messages);
    if (name !== "vercel") expected[0].role = "user";
    if (name === "gemini") expected[4].content = '{"output":"text"}'; // results are objects there
    assert.deepEqual(back, expected);
  });
}

test("what a conversion makes of less", () => {
  const claude = toOpenAI([
    { role: "assistant", content: [{ type: "thinking", thinking: "hm" }, { type: "tool_use", id: "t", name: "ls", input: {} }] },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: "a" }, { type: "text", text: "b" }] },
        { type: "text", text: "and?" },
        { type: "image", source: { type: "url", url: "https://x.test/y.png" } },
      ],
    },
  ]);
  assert.deepEqual(claude[0].content, null);
  assert.deepEqual(claude[1], { role: "tool", content: "a\nb", tool_call_id: "t" });
  assert.deepEqual(claude[2].content[1], { type: "image_url", image_url: { url: "https://x.test/y.png" } });
  const calls = [{ functionCall: { name: "f", args: {} } }, { functionCall: { name: "f", args: {} } }];
  const answers = calls.map(() => ({ functionResponse: { name: "f", response: { output: LOG } } }));
  const google = toOpenAI([{ role: "model", parts: calls }, { role: "user", parts: answers }]);
  assert.deepEqual(google.slice(1).map((each) => each.tool_call_id), google[0].tool_calls.map((each) => each.id));
  assert.equal(new Set(google[0].tool_calls.map((each) => each.id)).size, 2);
  assert.deepEqual(toOpenAI([]), []);
  assert.deepEqual(toOpenAI([null, 3, { role: "user", content: "x" }]), [{ role: "user", content: "x" }]);
  assert.throws(() => fromOpenAI([], "tiny"), ValidationError);
  assert.throws(() => fromOpenAI([], "constructor"), ValidationError);
});

test("folders", () => {
  assert.equal(workspaceDir(), folder);
  assert.equal(configDir(), `${folder}/config`);
  assert.equal(pluginWorkspaceDir("mine"), `${folder}/plugins/mine`);
  assert.equal(pluginConfigDir("mine"), `${folder}/config/plugins/mine`);
  for (const wrong of ["", "..", "a/b", "a\\b"]) assert.throws(() => pluginConfigDir(wrong), ValidationError);
});
