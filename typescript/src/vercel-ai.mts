// The same for `import`.

export * from "./vercel-ai.js";
