/** What is noted before a refresh token is sent, and what that note is good for afterwards. */
import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { AuthError, NetworkError, ProtocolError, ServiceError } from "../../../../lib/errors.ts";
import { fingerprintOf } from "../../../../lib/store/fingerprint.ts";
import { formatSessionRecord } from "../../../../lib/store/session_record.ts";
import { formatLocalTime } from "../../../../lib/units.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { localFailure } from "../../../fakes/memory_file_system.ts";
import { LIFE_MS, PATH, world } from "./token_world.ts";

const INTERRUPTED_AT = new FakeClock().now() - 7_000;

async function interruptedRecord(refreshToken = "refresh-1"): Promise<string> {
  const intent = { token: await fingerprintOf(refreshToken), atMs: INTERRUPTED_AT };
  return formatSessionRecord({ method: "standard", intent });
}

Deno.test("Rotation notes durably which refresh token it is about to send, and drops the note with the new one", async () => {
  const { clock, provider, fileSystem, newSource, recordOnDisk, onDisk } = world();
  const at = clock.now();
  let seen = recordOnDisk();
  provider.before = () => {
    fileSystem.crash();
    seen = recordOnDisk();
  };
  await newSource().accessToken();
  deepStrictEqual(seen.intent, { token: await fingerprintOf("refresh-1"), atMs: at });
  strictEqual(JSON.stringify(seen).includes("refresh-1"), false);
  strictEqual(onDisk()?.refreshToken, "refresh-2");
  deepStrictEqual(recordOnDisk(), {
    method: undefined,
    service: undefined,
    machine: undefined,
    rotatedAtMs: at,
    intent: undefined,
  });
});

const CERTAIN = {
  "a refused connection": new NetworkError("x", { data: { network: "refused" } }),
  "an unknown host": new NetworkError("x", { data: { network: "host-not-found" } }),
  "no route": new NetworkError("x", { data: { network: "no-route" } }),
  "a definite refusal": new AuthError("x", { code: "refresh-refused" }),
  "an ended session": new AuthError("x", { code: "session-lost" }),
  "an answer 429": new ServiceError("x", { retry: "now", data: { status: 429 } }),
};

for (const [name, failure] of Object.entries(CERTAIN)) {
  Deno.test(`Rotation takes its note back after ${name}`, async () => {
    const { provider, newSource, recordOnDisk, onDisk, first } = world();
    provider.before = () => Promise.reject(failure);
    await rejects(newSource().accessToken(), { code: failure.code });
    strictEqual(recordOnDisk().intent, undefined);
    deepStrictEqual(onDisk(), first);
  });
}

const UNCERTAIN = {
  "a reset": new NetworkError("x", { data: { network: "reset" } }),
  "silence": new NetworkError("x", { data: { network: "no-answer" } }),
  "an answer 503": new ServiceError("x", { retry: "now", data: { status: 503 } }),
};

for (const [name, failure] of Object.entries(UNCERTAIN)) {
  Deno.test(`Rotation leaves its note after ${name}, and the next process uses what is still good`, async () => {
    const { clock, provider, newSource, recordOnDisk, first, lines } = world({ ageMs: LIFE_MS - 30_000 });
    const at = clock.now();
    provider.before = () => Promise.reject(failure);
    strictEqual(await newSource().accessToken(), first.accessToken);
    strictEqual(recordOnDisk().intent?.atMs, at);
    strictEqual(provider.requests.length, 2);
    provider.before = () => {};
    const next = newSource();
    for (let count = 0; count < 3; count++) {
      strictEqual(await next.accessToken(), first.accessToken);
      await clock.advance(6_000);
    }
    strictEqual(provider.requests.length, 2);
    strictEqual(lines.filter((line) => line.includes("was interrupted at")).length, 1);
    // It ends; then there is nothing to lose by one more try.
    await clock.advance(30_000);
    strictEqual(await next.accessToken() === first.accessToken, false);
    strictEqual(recordOnDisk().intent, undefined);
  });
}

Deno.test("TokenSource warns of an interrupted refresh with its time, the end of the token, and what to do", async () => {
  const { newSource, lines, first } = world({ ageMs: LIFE_MS - 30_000, record: await interruptedRecord() });
  await newSource().accessToken();
  deepStrictEqual(lines, [
    `warn: a refresh of the session of "jotta:" was interrupted at ${
      formatLocalTime(INTERRUPTED_AT)
    }; the access ` +
    `token is good until ${
      formatLocalTime(first.expiresAtMs ?? 0)
    }, then one more try is made; to be safe: ` +
    "jottash config reconnect jotta:",
  ]);
});

Deno.test("TokenSource says of a session that was lost in an interruption when that was", async () => {
  const { provider, newSource, recordOnDisk } = world({ record: await interruptedRecord() });
  provider.generation = 2;
  await rejects(newSource().accessToken(), (error: unknown) => {
    if (!(error instanceof AuthError)) return false;
    match(error.message, new RegExp(`a refresh was interrupted at ${formatLocalTime(INTERRUPTED_AT)}`));
    strictEqual(error.data["interruptedAtMs"], INTERRUPTED_AT);
    return error.code === "session-lost";
  });
  deepStrictEqual(provider.requests, ["refresh-1"]);
  strictEqual(recordOnDisk().intent, undefined);
  strictEqual(recordOnDisk().method, "standard");
});

Deno.test("Rotation keeps the first time of an interruption while nothing is known of its end", async () => {
  const { provider, newSource, recordOnDisk } = world({ record: await interruptedRecord() });
  provider.before = () => Promise.reject(new NetworkError("x", { data: { network: "refused" } }));
  await rejects(newSource().accessToken(), NetworkError);
  strictEqual(recordOnDisk().intent?.atMs, INTERRUPTED_AT);
});

Deno.test("An intent for another refresh token means nothing", async () => {
  const record = await interruptedRecord("refresh-0");
  const { provider, newSource, lines, onDisk } = world({ ageMs: LIFE_MS - 30_000, record });
  strictEqual(await newSource().accessToken(), onDisk()?.accessToken);
  deepStrictEqual(provider.requests, ["refresh-1"]);
  strictEqual(lines.some((line) => line.includes("interrupted")), false);
});

Deno.test("A refresh that another process has begun is waited for, not called interrupted", async () => {
  const { provider, fileSystem, newSource, onDisk, lines } = world({ ageMs: LIFE_MS - 30_000 });
  let other: Promise<string> | undefined;
  provider.before = async () => {
    other = newSource(fileSystem.asAnotherProcess()).accessToken();
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const token = await newSource().accessToken();
  strictEqual(await other, token);
  strictEqual(onDisk()?.accessToken, token);
  deepStrictEqual(provider.requests, ["refresh-1"]);
  strictEqual(lines.some((line) => line.includes("interrupted")), false);
});

Deno.test("Rotation says of a disk that gets full after the note that nothing was sent, and takes the note back", async () => {
  const { provider, fileSystem, newSource, recordOnDisk } = world();
  let renames = 0;
  let failed = 0;
  fileSystem.beforeOperation = ({ name, path }) => {
    if (name === "rename") renames++;
    // The second reservation fails, once.
    if (renames === 1 && failed === 0 && name === "write") {
      failed++;
      throw localFailure("ENOSPC", path);
    }
  };
  await rejects(newSource().accessToken(), { code: "session-not-writable" });
  strictEqual(failed, 1);
  strictEqual(provider.requests.length, 0);
  strictEqual(recordOnDisk().intent, undefined);
});

Deno.test("Rotation takes both places in a token file before it changes anything", async () => {
  const { provider, fileSystem, newSource, recordOnDisk } = world({ home: "token-file" });
  let opened = 0;
  fileSystem.beforeOperation = ({ name, path }) => {
    if (name === "open" && path.endsWith(".tmp") && ++opened === 2) throw localFailure("ENOSPC", path);
  };
  await rejects(newSource().accessToken(), { code: "session-not-writable" });
  strictEqual(opened, 2);
  strictEqual(provider.requests.length, 0);
  strictEqual(recordOnDisk().intent, undefined);
  deepStrictEqual(fileSystem.paths().filter((path) => path.endsWith(".tmp")), []);
});

Deno.test("Rotation sends nothing when another program replaces the session before the note is there", async () => {
  for (const home of ["config", "token-file"] as const) {
    const { provider, fileSystem, newSource, onDisk, recordOnDisk, putOnDisk } = world({ home });
    const rotated = provider.token(7);
    fileSystem.beforeOperation = ({ name, path }) => {
      if (name === "open" && path.endsWith(".tmp")) putOnDisk(rotated);
    };
    strictEqual(await newSource().accessToken(), rotated.accessToken);
    strictEqual(provider.requests.length, 0);
    deepStrictEqual([onDisk(), recordOnDisk().intent], [rotated, undefined]);
  }
});

Deno.test("Rotation tells of the lost answer, not of a store that cannot be read after it", async () => {
  const { provider, fileSystem, newSource } = world();
  provider.before = () => {
    fileSystem.beforeOperation = ({ name, path }) => {
      if (name === "open" && path === PATH) throw localFailure("EIO", path);
    };
    throw new NetworkError("x", { data: { network: "reset" } });
  };
  await rejects(newSource().accessToken(), NetworkError);
});

Deno.test("Rotation gives up when another program replaces the session again and again", async () => {
  const { provider, putOnDisk, newSource } = world();
  provider.before = (count) => {
    putOnDisk(provider.token(100 + count, LIFE_MS));
    throw new NetworkError("x", { data: { network: "reset" } });
  };
  await rejects(newSource().accessToken(), NetworkError);
  deepStrictEqual(provider.requests, ["refresh-1", "refresh-101", "refresh-102"]);
});

Deno.test("Rotation notes each refresh token that it sends, also one that another program put there meanwhile", async () => {
  const { provider, putOnDisk, newSource, recordOnDisk } = world();
  const noted: (string | undefined)[] = [];
  provider.before = (count) => {
    noted.push(recordOnDisk().intent?.token);
    if (count > 1) return;
    provider.generation = 7;
    putOnDisk(provider.token(7, LIFE_MS));
    throw new NetworkError("x", { data: { network: "reset" } });
  };
  await newSource().accessToken();
  deepStrictEqual(provider.requests, ["refresh-1", "refresh-7"]);
  deepStrictEqual(noted, [await fingerprintOf("refresh-1"), await fingerprintOf("refresh-7")]);
});

Deno.test("Rotation saves the next refresh token also when nothing to work with came with it", async () => {
  const { provider, newSource, onDisk } = world();
  let isOdd = true;
  const token = provider.token.bind(provider);
  provider.token = (...which) => isOdd ? { ...token(...which), accessToken: "" } : token(...which);
  await rejects(newSource().accessToken(), ProtocolError);
  deepStrictEqual([provider.requests.length, onDisk()?.refreshToken], [1, "refresh-2"]);
  isOdd = false;
  strictEqual(await newSource().accessToken(), onDisk()?.accessToken);
  deepStrictEqual(provider.requests, ["refresh-1", "refresh-2"]);
});

const SURVIVORS = {
  "nothing unflushed survives": () => false,
  "names survive, contents do not": (what: string) => what === "name",
  "contents survive, names do not": (what: string) => what === "content",
  "everything survives": () => true,
};

const CRASHES = (["config", "token-file"] as const).flatMap((home) =>
  Object.entries(SURVIVORS).map(([survival, survives]) => ({ home, survival, survives }))
);

for (const { home, survival, survives } of CRASHES) {
  Deno.test(`After a crash at any point the new token is there, or the interruption is known, or nothing was sent: ${home}, ${survival}`, async () => {
    const undisturbed = world({ home });
    await undisturbed.newSource().accessToken();
    const outcomes = new Set<string>();
    for (let last = 1; last <= undisturbed.fileSystem.operations + 1; last++) {
      const { fileSystem, newSource, onDisk, recordOnDisk, first, provider } = world({ home });
      fileSystem.beforeOperation = ({ index }) => {
        if (index >= last) throw new Error("power loss");
      };
      const used = await newSource().accessToken().catch(() => undefined);
      fileSystem.crash(survives);
      const found = onDisk();
      const isNew = found?.refreshToken === "refresh-2";
      const isKnown = recordOnDisk().intent?.token === await fingerprintOf(first.refreshToken ?? "");
      if (used !== undefined) strictEqual(found?.accessToken, used, `at ${last}`);
      strictEqual(isNew || found?.refreshToken === first.refreshToken, true, `at ${last}`);
      if (provider.requests.length === 0) strictEqual(isNew, false, `at ${last}`);
      else strictEqual(isNew || isKnown, true, `at ${last}`);
      if (isNew) strictEqual(recordOnDisk().intent, undefined, `at ${last}`);
      const isLost = provider.generation === 2 && !isNew;
      const next = await newSource().accessToken().catch((error: unknown) => error);
      // What lies beside the file, complete, is put in its place instead of sending the old refresh token again.
      const isRecovered = isLost && !provider.isRevoked;
      if (isLost && !isRecovered) match(String(next), /a refresh was interrupted at/, `at ${last}`);
      else strictEqual(next, onDisk()?.accessToken, `at ${last}`);
      if (isRecovered) deepStrictEqual([provider.requests.length, onDisk()?.refreshToken], [1, "refresh-2"]);
      outcomes.add(isRecovered ? "recovered" : isNew ? "new" : isKnown ? "known" : "nothing sent");
    }
    // A token file has both of its places on the disk before anything is sent.
    const isBesideDurable = home === "token-file" || survives("name");
    const all = ["nothing sent", "known", "new", ...isBesideDurable ? ["recovered"] : []];
    deepStrictEqual(outcomes, new Set(all));
    strictEqual(undisturbed.fileSystem.peek(PATH)?.includes("refresh-2"), true);
  });
}
