/** Recorded shapes of the service's answers, and a client that gets them. */
import { DEFAULT_RETRY_POLICY } from "../../../../lib/async/retry.ts";
import { HttpClient } from "../../../../lib/http/client.ts";
import { JfsClient } from "../../../../lib/jfs/client.ts";
import { SILENT_LOGGER } from "../../../../lib/log.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { type RequestHandler, ScriptedTransport } from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

export function readFixture(name: string): Promise<string> {
  return Deno.readTextFile(new URL(`../../../fixtures/jfs/${name}`, import.meta.url));
}

export function jfsWith(
  handler: RequestHandler,
): { readonly jfs: JfsClient; readonly transport: ScriptedTransport } {
  const transport = new ScriptedTransport(handler);
  const http = new HttpClient({
    transport,
    clock: new FakeClock({ autoAdvance: true }),
    random: new SeededRandom(),
    log: SILENT_LOGGER,
    userAgent: "test",
    retryPolicy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 2 },
  });
  return { jfs: new JfsClient(http, "https://jfs.example/jfs", "user+1"), transport };
}
