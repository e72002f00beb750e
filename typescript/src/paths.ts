// Where the program, the proxy and the libraries keep their files.

import { homedir } from "node:os";
import { join } from "node:path";

import { ValidationError } from "./errors.js";

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

/** A folder for settings of a program that goes with Headroom. `name`: one part of a path. Nothing is made. */
export function pluginConfigDir(name: string): string {
  return join(configDir(), "plugins", part(name));
}

/** A folder for what such a program keeps. */
export function pluginWorkspaceDir(name: string): string {
  return join(workspaceDir(), "plugins", part(name));
}

function part(name: string): string {
  if (!name || name === "." || name === ".." || ["/", "\\", "\0"].some((bad) => name.includes(bad))) {
    throw new ValidationError("the name of a plugin must be one part of a path");
  }
  return name;
}
