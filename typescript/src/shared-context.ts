// What agents hand to each other.

import { compressText } from "./library.js";
import type { ConnectionOptions } from "./types.js";

export interface ContextEntry {
  key: string;
  original: string;
  compressed: string;
  originalTokens: number;
  compressedTokens: number;
  agent: string | null;
  /** Milliseconds since the Unix epoch. */
  timestamp: number;
  transforms: string[];
  savingsPercent: number;
}

export interface SharedContextStats {
  entries: number;
  totalOriginalTokens: number;
  totalCompressedTokens: number;
  totalTokensSaved: number;
  savingsPercent: number;
}

export interface SharedContextOptions extends ConnectionOptions {
  model?: string;
  /** Seconds that an entry stays; 3,600 when not given. */
  ttl?: number;
  /** The oldest goes when there are more; 100 when not given. */
  maxEntries?: number;
}

/** Texts by a key, each also in short; in this process. */
export class SharedContext {
  private readonly entries = new Map<string, ContextEntry>();

  constructor(private readonly options: SharedContextOptions = {}) {}

  async put(key: string, content: string, options: { agent?: string } = {}): Promise<ContextEntry> {
    const { ttl: _ttl, maxEntries = 100, model = "gpt-4o", ...connection } = this.options;
    const out = await compressText(content, { ...connection, model });
    const entry: ContextEntry = {
      key,
      original: content,
      compressed: out.text,
      originalTokens: out.tokensBefore,
      compressedTokens: out.tokensAfter,
      agent: options.agent ?? null,
      timestamp: Date.now(),
      transforms: out.transformsApplied,
      savingsPercent: percent(out.tokensBefore - out.tokensAfter, out.tokensBefore),
    };
    this.evictExpired();
    this.entries.delete(key); // so that it is the newest
    this.entries.set(key, entry);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= maxEntries) break;
      this.entries.delete(oldest);
    }
    return entry;
  }

  /** In short, or with `full` as it was put; null when there is none, or not any more. */
  get(key: string, options: { full?: boolean } = {}): string | null {
    const entry = this.getEntry(key);
    return entry === null ? null : options.full ? entry.original : entry.compressed;
  }

  getEntry(key: string): ContextEntry | null {
    this.evictExpired();
    return this.entries.get(key) ?? null;
  }

  keys(): string[] {
    this.evictExpired();
    return [...this.entries.keys()];
  }

  stats(): SharedContextStats {
    this.evictExpired();
    let [before, after] = [0, 0];
    for (const entry of this.entries.values()) {
      before += entry.originalTokens;
      after += entry.compressedTokens;
    }
    return {
      entries: this.entries.size,
      totalOriginalTokens: before,
      totalCompressedTokens: after,
      totalTokensSaved: before - after,
      savingsPercent: percent(before - after, before),
    };
  }

  clear(): void {
    this.entries.clear();
  }

  private evictExpired(): void {
    const oldest = Date.now() - (this.options.ttl ?? 3600) * 1000;
    for (const [key, entry] of this.entries) {
      if (entry.timestamp <= oldest) this.entries.delete(key);
    }
  }
}

function percent(part: number, whole: number): number {
  return whole > 0 ? (100 * part) / whole : 0;
}
