// For shapes.py: a JSON list of bodies on standard input, what the package in the folder named makes of their messages on
// standard output. A body with "text" is one text.

import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const { compress, compressText } = createRequire(import.meta.url)(process.argv[2]);
const out = [];
for (const body of JSON.parse(await text(process.stdin))) {
  const { model } = body;
  if (body.text === undefined) out.push((await compress(body.messages, { model })).messages);
  else out.push((await compressText(body.text, { ...body, model })).text);
}
process.stdout.write(JSON.stringify(out));
