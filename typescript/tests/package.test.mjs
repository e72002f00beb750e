import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const { exports } = require("headroom-ai/package.json");

for (const entry of Object.keys(exports).filter((name) => name !== "./package.json")) {
  const name = entry.replace(".", "headroom-ai");
  test(`${name}: import and require give the same`, async () => {
    const required = require(name);
    const imported = await import(name);
    const names = Object.keys(required).filter((each) => each !== "__esModule");
    assert.ok(names.length > 0);
    for (const each of names) assert.equal(imported[each], required[each], each);
  });
}
