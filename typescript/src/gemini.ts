// For programs that take the adapter of one library: `headroom-ai/gemini`.

export { withHeadroom } from "./clients.js";
export { savingsOf, type ClientSavings } from "./savings.js";
