// What the examples share: a build log in which one line matters, and a provider that lives in this file, so that the examples run
// without a key. In a program of your own leave `fetch` out.

export const QUESTION = "Why did the build fail?";

export const LOG =
  Array.from({ length: 400 }, (_, i) => `[${i + 1}/400] Building CXX object src/part${i}.cc.o\n`).join("") +
  "FAILED: src/wal.cc.o\nsrc/wal.cc:41:7: error: no member named 'sync_range' in 'Writer'\n";

/** A `fetch` that answers as the provider would, from what it was sent. */
export function provider(answerOf) {
  return async (_url, init) => {
    const request = JSON.parse(init.body);
    const found = /no member named 'sync_range'/.test(init.body);
    const text = found ? `Writer has no sync_range (${init.body.length} bytes were sent).` : "I cannot tell.";
    return new Response(JSON.stringify(answerOf(text, request)), { headers: { "content-type": "application/json" } });
  };
}

/** The last line of each example. */
export function report({ tokensBefore, tokensAfter, tokensSaved }) {
  console.log(`${tokensBefore} -> ${tokensAfter} tokens, ${tokensSaved} tokens saved`);
  if (tokensSaved <= 0) throw new Error("nothing was saved");
}
