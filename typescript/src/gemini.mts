// The same for `import`.

export * from "./gemini.js";
