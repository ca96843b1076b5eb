/** A program in place of the one that opens browsers (`xdg-open`, on macOS `open`): notes which page it is to show, opens it and keeps what the user would see. */
import { ok } from "node:assert/strict";
import { join } from "node:path";
import type { Environment } from "./environment.ts";

const DEADLINE_MS = 20_000;

export class FakeBrowser {
  /** Variables that make jottash find it, and believe in a screen. */
  readonly variables: Readonly<Record<string, string>>;
  readonly #opened: string;
  readonly #page: string;

  private constructor(directory: string) {
    this.#opened = join(directory, "opened");
    this.#page = join(directory, "page");
    this.variables = { PATH: `${directory}:${Deno.env.get("PATH") ?? ""}`, DISPLAY: ":9" };
  }

  static async create(environment: Environment): Promise<FakeBrowser> {
    const directory = environment.path("browser");
    await Deno.mkdir(directory);
    const browser = new FakeBrowser(directory);
    const script = `
      const response = await fetch(Deno.args[0]);
      await Deno.writeTextFile("${browser.#page}.part", response.status + "\\n" + await response.text());
      await Deno.rename("${browser.#page}.part", "${browser.#page}");`;
    await Deno.writeTextFile(join(directory, "script.ts"), script);
    const opener = [
      "#!/bin/sh",
      `printf '%s' "$1" > '${browser.#opened}'`,
      `exec '${Deno.execPath()}' run -qA '${join(directory, "script.ts")}' "$1"`,
      "",
    ].join("\n");
    for (const name of ["xdg-open", "open"]) {
      await Deno.writeTextFile(join(directory, name), opener, { mode: 0o755 });
    }
    return browser;
  }

  /** The address that it was to show. */
  async opened(): Promise<string> {
    return await Deno.readTextFile(this.#opened);
  }

  /** Status and text of the page at the end of all redirects. */
  async page(): Promise<string> {
    const deadline = Date.now() + DEADLINE_MS;
    while (true) {
      const text = await Deno.readTextFile(this.#page).catch(() => undefined);
      if (text !== undefined) return text;
      ok(Date.now() < deadline, "the browser shows nothing");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Variables with which jottash finds no program that opens a browser, on a machine that has one too. */
export function withoutBrowser(environment: Environment): Readonly<Record<string, string>> {
  return { PATH: environment.path("no-programs") };
}
