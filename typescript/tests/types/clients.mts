// Compiled, not run: the types of wrapped clients are those of the clients.

import Anthropic from "@anthropic-ai/sdk";
import type { LanguageModelMiddleware } from "ai";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";

import { savingsOf, withHeadroom } from "headroom-ai";
import { withHeadroom as withClaude } from "headroom-ai/anthropic";
import { headroomMiddleware } from "headroom-ai/vercel-ai";

export const claude: Anthropic = withClaude(new Anthropic());
export const gpt: OpenAI = withHeadroom(new OpenAI(), { profile: "lossless" });
export const google: GoogleGenAI = withHeadroom(new GoogleGenAI({}));
export const saved: number = savingsOf(gpt).tokensSaved;
export const middleware: LanguageModelMiddleware = headroomMiddleware();

// @ts-expect-error: no such option
withHeadroom(gpt, { profil: "lossless" });
