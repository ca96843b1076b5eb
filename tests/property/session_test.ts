/**
 * Laws of a session under whatever happens to it: processes that come and go, crash anywhere, a line that loses
 * requests or answers, rclone that refreshes and writes without the lock, people who edit the config, a clock that is
 * set.
 */
import { ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { NetworkError } from "../../lib/errors.ts";
import { fingerprintOf } from "../../lib/store/fingerprint.ts";
import { formatToken } from "../../lib/store/token_store.ts";
import { PATH, world } from "../unit/lib/auth/token_world.ts";

const PROCESSES = 3;
const LIFE_MS = 600_000;

type Event =
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "use"; readonly by: number }
  | { readonly kind: "rclone" }
  | { readonly kind: "edit" }
  | { readonly kind: "clock"; readonly ms: number }
  | { readonly kind: "refused"; readonly by: number }
  | { readonly kind: "crash"; readonly by: number; readonly afterOperations: number }
  | {
    readonly kind: "line";
    readonly fault: "no route" | "request lost" | "answer lost";
    readonly times: number;
  };

const by = fc.integer({ min: 0, max: PROCESSES - 1 });
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant("wait"), ms: fc.integer({ min: 1, max: LIFE_MS * 1.2 }) }),
  fc.record({ kind: fc.constant("use"), by }),
  fc.record({ kind: fc.constantFrom("rclone", "edit") }),
  fc.record({ kind: fc.constant("clock"), ms: fc.integer({ min: -12 * LIFE_MS, max: 12 * LIFE_MS }) }),
  fc.record({ kind: fc.constant("refused"), by }),
  fc.record({ kind: fc.constant("crash"), by, afterOperations: fc.integer({ min: 0, max: 40 }) }),
  fc.record({
    kind: fc.constant("line"),
    fault: fc.constantFrom("no route", "request lost", "answer lost"),
    times: fc.integer({ min: 1, max: 3 }),
  }),
);

type Home = "config" | "config with a copy of the section" | "token-file";

/** Runs the events; says what became of the session. */
async function live(home: Home, events: readonly Event[]) {
  const hasCopy = home === "config with a copy of the section";
  const made = world({ home: hasCopy ? "config" : home, hasCopy, lifeMs: LIFE_MS, ageMs: 0 });
  const { clock, machine, fileSystem, provider, newSource, onDisk, recordOnDisk } = made;
  const start = (_: unknown, index: number) =>
    newSource(fileSystem.asAnotherProcess(), hasCopy && index % 2 === 1 ? "copy" : "jotta");
  const sources = Array.from({ length: PROCESSES }, start);
  let faults: string[] = [];
  let hasLostAnswer = false;
  const fault = (when: "before" | "after") => {
    const [next] = faults;
    if (next === undefined || (when === "after") !== (next === "answer lost")) return;
    faults = faults.slice(1);
    hasLostAnswer ||= next === "answer lost";
    throw new NetworkError(next, { data: { network: next === "no route" ? "no-route" : "reset" } });
  };
  provider.before = () => fault("before");
  provider.after = () => fault("after");
  const use = async (source: (typeof sources)[number] | undefined, isRefused: boolean) => {
    const alive = onDisk()?.accessToken ?? "";
    const work = isRefused ? source?.renew(alive) : source?.accessToken();
    const token = await work?.catch(() => undefined);
    if (token === undefined) return;
    const isAlive = (each: string) => (provider.known.get(each) ?? 0) > clock.now();
    // A token of the provider, and not one that has ended.
    ok(provider.known.has(token));
    if (isAlive(token)) return;
    // Only a clock that was wrong, now or when the token came, lets a dead one look alive; the service tells.
    ok(events.some(({ kind }) => kind === "clock"));
    let renewed: string | undefined = token;
    // Others may have left a newer token that looks as good; a refused one does not come back.
    for (let count = 0; count < 2 && renewed !== undefined && !isAlive(renewed); count++) {
      renewed = await source?.renew(renewed).catch(() => undefined);
    }
    ok(renewed === undefined || isAlive(renewed));
  };
  /** Refreshes as rclone does: without a lock, at the end of the token only, changing one line. */
  const rclone = async () => {
    const stored = onDisk();
    if (faults.length > 0 || stored === undefined || (stored.expiresAtMs ?? 0) > machine.now()) return;
    const fresh = await provider.refresh(stored.refreshToken ?? "").catch(() => undefined);
    const text = fileSystem.peek(PATH) ?? "";
    const line = `token = ${formatToken(fresh ?? stored)}`;
    if (fresh !== undefined) fileSystem.put(PATH, text.replace(/^token = .*$/m, () => line));
  };
  /** Changes something else. */
  const edit = () => {
    if (home !== "token-file") fileSystem.put(PATH, `# ${fileSystem.operations}\n${fileSystem.peek(PATH)}`);
  };
  for (const each of events) {
    if (each.kind === "wait") await clock.advance(each.ms);
    else if (each.kind === "clock") machine.skewMs += each.ms;
    else if (each.kind === "rclone") {
      // It knows no token files, and one section at a time.
      if (home === "config") await rclone();
    } else if (each.kind === "edit") edit();
    else if (each.kind === "line") faults = Array.from({ length: each.times }, () => each.fault);
    else if (each.kind !== "crash") await use(sources[each.by], each.kind === "refused");
    else {
      const last = fileSystem.operations + each.afterOperations;
      fileSystem.beforeOperation = ({ index }) => {
        if (index > last) throw new Error("power loss");
      };
      await use(sources[each.by], false);
      fileSystem.crash();
      sources.forEach((_, index) => sources[index] = start(_, index));
    }
    const { refreshToken = "" } = onDisk() ?? {};
    const isNewest = refreshToken === `refresh-${provider.generation}`;
    const isKnown = recordOnDisk().intent?.token === await fingerprintOf(refreshToken);
    if (provider.isRevoked || isNewest || isKnown) continue;
    ok(
      false,
      `the disk neither holds the newest token nor knows of an interruption after ${JSON.stringify(each)}`,
    );
  }
  // When the line is good again and what is stored is the newest, the session goes on.
  faults = [];
  await clock.advance(LIFE_MS);
  if (!provider.isRevoked && onDisk()?.refreshToken === `refresh-${provider.generation}`) {
    strictEqual(await start(undefined, 0).accessToken(), onDisk()?.accessToken);
  }
  return { ...made, hasLostAnswer };
}

const HOMES: readonly Home[] = ["config", "config with a copy of the section", "token-file"];

for (const home of HOMES) {
  Deno.test(`A session is lost by a lost answer or a crash in the middle of a refresh only: ${home}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
        const { provider, hasLostAnswer } = await live(home, events);
        const hasCrashed = events.some(({ kind }) => kind === "crash");
        if (!hasLostAnswer && !hasCrashed) strictEqual(provider.isRevoked, false);
      }),
      { numRuns: 150 },
    );
  });
}
