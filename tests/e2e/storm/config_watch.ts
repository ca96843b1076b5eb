/**
 * Looks at a config file all the time while others write it: it has to be whole at every moment, and nothing in it
 * may change but the session of the remote.
 */
import { equal } from "node:assert/strict";
import { ConfigDocument } from "../../../lib/store/config_document.ts";
import { SESSION_RECORD_KEY } from "../../../lib/store/session_record.ts";
import { parseToken } from "../../../lib/store/token_store.ts";

const LOOK_EVERY_MS = 3;

export class ConfigWatch implements AsyncDisposable {
  /** Refresh tokens that were on the disk, in the order in which they came. */
  readonly tokens = new Set<string>();
  looks = 0;
  readonly #path: string;
  readonly #remote: string;
  readonly #rest: string;
  readonly #watching: Promise<void>;
  #isOver = false;

  private constructor(path: string, remote: string, text: string) {
    this.#path = path;
    this.#remote = remote;
    this.#rest = withoutSession(text);
    this.#watching = this.#watch();
    // What it found is thrown by stop.
    this.#watching.catch(() => {});
  }

  static async start(path: string, remote: string): Promise<ConfigWatch> {
    return new ConfigWatch(path, remote, await Deno.readTextFile(path));
  }

  /** The refresh token that is on the disk now. Throws when the file is not whole. */
  async current(): Promise<string> {
    const text = await Deno.readTextFile(this.#path);
    const value = ConfigDocument.parse(text, this.#path).get(this.#remote, "token") ?? "";
    const token = parseToken(value)?.refreshToken;
    if (token === undefined) throw new Error("the session in the config cannot be read");
    equal(withoutSession(text), this.#rest, "something else in the config has changed");
    this.tokens.add(token);
    this.looks += 1;
    return token;
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      await this.current();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** Throws what was wrong with the file at any moment. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#watching;
  }
}

function withoutSession(text: string): string {
  return text.split("\n").filter((line) =>
    !line.startsWith("token =") && !line.startsWith(SESSION_RECORD_KEY)
  )
    .join("\n");
}
