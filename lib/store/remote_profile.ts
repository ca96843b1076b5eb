/**
 * One remote as all sources together describe it: the parameters of a connection string, then variables of the
 * environment that name the remote, then its section of the config file; in rclone's order.
 */
import type { ConfigDocument } from "./config_document.ts";
import { isPlaceKey } from "./remote_keys.ts";

export type { RemoteReference } from "../path/connection_string.ts";

export type ProfileOrigin = "connection" | "environment" | "config";

export interface ProfileValue {
  readonly value: string;
  readonly origin: ProfileOrigin;
}

export class RemoteProfile {
  /** As messages call it: without parameters, which may be secrets. */
  readonly name: string;
  /** The section of the config file that belongs to it; undefined where there is none. */
  readonly section: string | undefined;
  readonly #values: ReadonlyMap<string, ProfileValue>;

  constructor(name: string, section: string | undefined, values: ReadonlyMap<string, ProfileValue>) {
    this.name = name;
    this.section = section;
    this.#values = values;
  }

  /** The value of a config key; undefined when no source has it. */
  get(key: string): string | undefined {
    return this.#values.get(key)?.value;
  }

  lookUp(key: string): ProfileValue | undefined {
    return this.#values.get(key);
  }

  keys(): string[] {
    return [...this.#values.keys()];
  }

  /**
   * The same for profiles that share one session: those that differ only in where they are in the account. Two sources
   * for one refresh token would spend it twice, which ends the session everywhere. It may hold secrets.
   */
  sessionKey(): string {
    const own = [...this.#values]
      .filter(([key, { origin }]) => origin === "connection" && !isPlaceKey(key))
      .map(([key, { value }]) => [key, value]);
    // Variables have their names in capitals: "ci:" and "CI:" are one remote.
    return JSON.stringify([this.section ?? this.name.toUpperCase(), this.section === undefined, own]);
  }
}

/** The profile of a section of the config file alone. */
export function profileOfSection(document: ConfigDocument, section: string): RemoteProfile {
  const values = document.entries(section).map(([key, value]) => [key, { value, origin: "config" }] as const);
  return new RemoteProfile(section, document.has(section) ? section : undefined, new Map(values));
}
