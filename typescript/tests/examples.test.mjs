// Each example runs by itself and saves something.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { ownStore, startProxy } from "./samples.mjs";

const HEADROOM_WORKSPACE_DIR = ownStore();
const { url } = await startProxy();
const folder = fileURLToPath(new URL("../examples/", import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith(".mjs") && name !== "sample.mjs");

test("there are examples", () => assert.ok(names.length >= 7));

for (const name of names) {
  test(name, async () => {
    const env = { ...process.env, HEADROOM_WORKSPACE_DIR };
    if (name === "through-a-proxy.mjs") env.HEADROOM_BASE_URL = url;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [folder + name], { env });
    assert.match(stdout, /\d{4,} -> \d+ tokens, \d{4,} tokens saved\n$/);
    assert.doesNotMatch(stdout, /I cannot tell/);
    assert.doesNotMatch(stderr, /HeadroomWarning|Error/);
  });
}
