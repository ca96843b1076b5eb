/** A refresh that another program, one without our lock, has begun a moment before. */
import { rejects, strictEqual } from "node:assert";
import { AuthError } from "../../../../lib/errors.ts";
import { world } from "./token_world.ts";

for (const savedAfterMs of [0, 10, 300]) {
  Deno.test(`Rotation uses what another program saves ${savedAfterMs} ms after it was first`, async () => {
    const { clock, provider, newSource, putOnDisk } = world();
    const rotated = provider.token(2);
    provider.before = () => {
      // Its refresh came first, so that ours is refused.
      provider.generation = 2;
      if (savedAfterMs === 0) putOnDisk(rotated);
      else void clock.sleep(savedAfterMs).then(() => putOnDisk(rotated));
    };
    strictEqual(await newSource().accessToken(), rotated.accessToken);
    strictEqual(provider.requests.length, 1);
  });
}

Deno.test("Rotation looks once more, not longer, when a session is over", async () => {
  const { clock, provider, newSource } = world();
  provider.isRevoked = true;
  const startedAtMs = clock.now();
  await rejects(newSource().accessToken(), AuthError);
  strictEqual(clock.now() - startedAtMs, 500);
  strictEqual(provider.requests.length, 1);
});
