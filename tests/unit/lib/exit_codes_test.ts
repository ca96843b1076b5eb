import assert from "node:assert/strict";
import {
  AuthError,
  CancelledError,
  JottashError,
  LocalError,
  PartialError,
  QuotaError,
} from "../../../lib/errors.ts";
import { EXIT_TABLE, exitStatusOf } from "../../../lib/exit_codes.ts";

const ROOT = new URL("../../../", import.meta.url);

/** Codes of network failures go into `data.network`; the rest of these files holds no error of its own. */
const OTHER_CODES = ["lib/sys/network_failure.ts", "lib/exit_codes.ts"];

async function* sources(directory: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(directory, ROOT))) {
    const path = `${directory}${entry.name}`;
    if (entry.isDirectory) yield* sources(`${path}/`);
    else if (path.endsWith(".ts") && !OTHER_CODES.includes(path)) yield path;
  }
}

Deno.test("EXIT_TABLE has each error code of the sources in exactly one row", async () => {
  const used = new Map<string, string>();
  for (const directory of ["lib/", "commands/"]) {
    for await (const path of sources(directory)) {
      const text = await Deno.readTextFile(new URL(path, ROOT));
      for (const [, code = ""] of text.matchAll(/\bcode: "([a-z]+(?:-[a-z]+)*)"/g)) used.set(code, path);
      // As in: code: isSpent ? "one" : "other"
      for (const [, ...codes] of text.matchAll(/\bcode: [^"\n]*\? "([a-z-]+)" : "([a-z-]+)"/g)) {
        for (const code of codes) used.set(code, path);
      }
    }
  }
  assert.ok(used.size > 20);
  const listed = EXIT_TABLE.flatMap((row) => row.codes);
  assert.deepEqual(listed.filter((code, index) => listed.indexOf(code) !== index), [], "twice in the table");
  const missing = [...used].filter(([code]) => !listed.includes(code));
  assert.deepEqual(missing, [], "not in the table");
});

Deno.test("EXIT_TABLE has each status once", () => {
  const statuses = EXIT_TABLE.map((row) => row.status);
  assert.equal(new Set(statuses).size, statuses.length);
});

Deno.test("exitStatusOf() follows the table, and tells the signals apart", () => {
  for (const row of EXIT_TABLE) {
    for (const code of row.codes) {
      assert.equal(exitStatusOf(new JottashError("x", { code })), row.status, code);
    }
  }
  assert.equal(exitStatusOf(new JottashError("x", { code: "no-such-code" })), 1);
  assert.equal(exitStatusOf(new CancelledError("SIGINT")), 130);
  assert.equal(exitStatusOf(new CancelledError("SIGTERM")), 143);
});

Deno.test("exitStatusOf() keeps what makes going on pointless of a partial failure", () => {
  const local = new LocalError("x");
  assert.equal(exitStatusOf(new PartialError("x", [])), 6);
  assert.equal(exitStatusOf(new PartialError("x", [local])), 6);
  assert.equal(exitStatusOf(new PartialError("x", [local, new QuotaError("full")])), 7);
  assert.equal(exitStatusOf(new PartialError("x", [new AuthError("x", { code: "session-lost" })])), 7);
});
