// The same for `import`.

export * from "./openai.js";
