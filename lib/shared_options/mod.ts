/**
 * Options of every command: one entry each. Flag, environment name, config key, default, bounds, help and completion all
 * derive from the entry. (Options of a single command are entries of the same kind in that command's spec.)
 */
import type { OptionValues } from "../options.ts";
import { DISPLAY_OPTIONS } from "./display.ts";
import { LOCAL_OPTIONS } from "./local.ts";
import { NETWORK_OPTIONS } from "./network.ts";
import { REMOTE_OPTIONS } from "./remote.ts";
import { SESSION_OPTIONS } from "./session.ts";
import { WORK_OPTIONS } from "./work.ts";

export const SHARED_OPTIONS = {
  ...WORK_OPTIONS,
  ...DISPLAY_OPTIONS,
  ...LOCAL_OPTIONS,
  ...NETWORK_OPTIONS,
  ...REMOTE_OPTIONS,
  ...SESSION_OPTIONS,
} as const;

export type SharedSettings = OptionValues<typeof SHARED_OPTIONS>;
