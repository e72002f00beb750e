// The code of README.md does what it says.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import assert from "node:assert/strict";
import { test } from "node:test";

import { ownStore } from "./samples.mjs";

ownStore();
const page = new URL("../README.md", import.meta.url);
const script = new URL("../dist/readme.mjs", import.meta.url);

test("README.md", async () => {
  const blocks = [...readFileSync(page, "utf8").matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);
  assert.ok(blocks.length >= 3);
  writeFileSync(script, blocks.join("\n"));
  try {
    await import(script.href);
  } finally {
    rmSync(script);
  }
});
