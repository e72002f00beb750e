// A program of the user's: ./dev build npm compiles it against the tarball as it is installed.
import { compress, HeadroomError, retrieve, withHeadroom, type CompressResult } from "headroom-ai";
import { compressVercelMessages, headroomMiddleware } from "headroom-ai/vercel-ai";

const messages = [{ role: "user" as const, content: "hi" }];
const result: CompressResult<(typeof messages)[number]> = await compress(messages, { model: "gpt-4o" });
export const role: "user" | undefined = result.messages[0]?.role;
export const client: { messages: { create(body: object): Promise<number> } } = withHeadroom({
  messages: { create: async (_body: object) => 1 },
});
export const text: string = await retrieve("0".repeat(24)).catch((error: unknown) => {
  if (error instanceof HeadroomError) return error.code;
  throw error;
});
export const others = [headroomMiddleware(), await compressVercelMessages(messages)];
// @ts-expect-error a profile that is none
await compress(messages, { profile: "tiny" });
