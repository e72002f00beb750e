import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist", "prebuilds", "node_modules"] },
  {
    files: ["src/**/*.ts", "src/**/*.mts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // The shape of a message is the caller's.
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      // deepCamelCase<Stats>(...) names the shape that the caller knows.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // What callers hand over need not be what the types say, and what a proxy answers neither.
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-invalid-void-type": "off",
      // Names of headers, environment variables and JSON members.
      "@typescript-eslint/dot-notation": "off",
      "no-restricted-imports": ["error", { patterns: [{ regex: "^(openai|@anthropic-ai|@google|ai|@ai-sdk)(/|$)" }] }],
    },
  },
  {
    files: ["tests/**/*.mjs", "examples/**/*.mjs", "bench/**/*.mjs"],
    extends: [tseslint.configs.base],
    rules: { "no-unused-vars": "error", "prefer-const": "error", "no-var": "error", eqeqeq: "error" },
  },
);
