/** Sessions whose config cannot be written: used as long as they can be, never harmed. */
import { equal, match } from "node:assert/strict";
import { Environment } from "../environment.ts";
import { Child } from "./child.ts";
import { TokenGate } from "./token_gate.ts";
import { boundByPermissions, findPlaces, type UnwritablePlace } from "./unwritable.ts";

const wrapper = await boundByPermissions();

for (const [name, make] of await findPlaces()) {
  const isPossible = make !== undefined && wrapper !== undefined;
  Deno.test({
    name: `a session in ${name} is used while it lasts, and not spent${
      isPossible ? "" : " (skipped: this system or this user cannot make such a place)"
    }`,
    ignore: !isPossible,
    fn: async () => {
      if (make === undefined) return;
      await using environment = await Environment.create();
      await using gate = TokenGate.start({ tokenUrl: environment.emulator.tokenUrl });
      await using place = await make(environment.path("place"));
      await writeSession(environment, gate, place);
      const run = async (...words: string[]) => {
        const env = { JOTTASH_CONFIG: place.configPath };
        return await (await Child.start(environment, words, { wrapper: wrapper ?? [], env })).finished;
      };
      const ls = () => run("ls", "jotta:");
      await place.forbid();
      const fresh = await ls();
      equal(fresh.status, 0, fresh.stderr);

      await place.allow();
      await expire(place.configPath);
      await place.forbid();
      const stale = await ls();
      equal(stale.status, 7, stale.stderr);
      match(
        stale.stderr,
        /^jottash: Cannot save the session of "jotta:": .*\n {2}.*nothing was sent\n$/,
      );
      const checked = await run("auth", "check", "jotta:");
      equal(checked.status, 7, "auth check found the place good");
      match(checked.stderr, /a new token could not be saved/);
      equal(gate.spendings.length, 0);

      await place.allow();
      const after = await ls();
      equal(after.status, 0, after.stderr);
      equal(gate.granted.length, 1);
      equal(environment.emulator.stats.revocations, 0);
    },
  });
}

async function writeSession(
  environment: Environment,
  gate: TokenGate,
  place: UnwritablePlace,
): Promise<void> {
  const section = environment.remoteSection("jotta", { tokenURL: gate.tokenUrl });
  await Deno.writeTextFile(place.configPath, section, { mode: 0o600 });
}

async function expire(path: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replace(/"expiry":"[^"]*"/, '"expiry":"2020-01-01T00:00:00Z"'));
}
