// Where the program, the proxy and the libraries keep their files.

import { homedir } from "node:os";
import { join } from "node:path";

export const HEADROOM_WORKSPACE_DIR_ENV = "HEADROOM_WORKSPACE_DIR";
export const HEADROOM_CONFIG_DIR_ENV = "HEADROOM_CONFIG_DIR";

/** The folder of the store of originals and of the ledger. */
export function workspaceDir(): string {
  return process.env[HEADROOM_WORKSPACE_DIR_ENV] || join(process.env["HOME"] || homedir(), ".headroom");
}

/** The folder of config.toml. */
export function configDir(): string {
  return process.env[HEADROOM_CONFIG_DIR_ENV] || join(workspaceDir(), "config");
}
