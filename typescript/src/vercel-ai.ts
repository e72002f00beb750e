// For programs that take the adapter of one library: `headroom-ai/vercel-ai`.

import { compress } from "./compress.js";
import type { CompressOptions, CompressResult } from "./types.js";

export { withHeadroom } from "./clients.js";
export { savingsOf, type ClientSavings } from "./savings.js";
export { headroomMiddleware, type HeadroomMiddleware } from "./vercel-model.js";

/** compress() by the name that it has for this shape. */
export function compressVercelMessages<T>(
  messages: readonly T[],
  options: CompressOptions = {},
): Promise<CompressResult<T>> {
  return compress(messages, options);
}
