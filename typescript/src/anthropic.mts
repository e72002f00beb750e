// The same for `import`.

export * from "./anthropic.js";
