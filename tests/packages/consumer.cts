// The same from a program of the older kind of modules.
import { compress, SharedContext } from "headroom-ai";
import headroom = require("headroom-ai/anthropic");

export const made: Promise<number> = compress([]).then((result) => result.tokensSaved);
export const context = new SharedContext({ ttl: 60 });
export const { withHeadroom } = headroom;
