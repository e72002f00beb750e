// Google's client.

import { GoogleGenAI } from "@google/genai";
import { savingsOf, withHeadroom } from "headroom-ai";

import { LOG, provider, QUESTION, report } from "./sample.mjs";

// This client has no option for it.
globalThis.fetch = provider((text) => ({ candidates: [{ content: { role: "model", parts: [{ text }] } }] }));
const client = withHeadroom(new GoogleGenAI({ apiKey: "none" }));

const answer = await client.models.generateContent({
  model: "gemini-2.5-flash",
  contents: [
    { role: "user", parts: [{ text: QUESTION }] },
    { role: "model", parts: [{ functionCall: { name: "Bash", args: { command: "ninja" } } }] },
    { role: "user", parts: [{ functionResponse: { name: "Bash", response: { output: LOG } } }] },
  ],
});
console.log(answer.text);
report(savingsOf(client));
