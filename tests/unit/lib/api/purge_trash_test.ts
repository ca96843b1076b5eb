import assert from "node:assert/strict";
import { ApiClient } from "../../../../lib/api/client.ts";
import { HttpClient } from "../../../../lib/http/client.ts";
import { SILENT_LOGGER } from "../../../../lib/log.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { ScriptedTransport } from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const CONTEXT = { action: "empty the trash" };

function apiWith(answer: unknown) {
  const transport = new ScriptedTransport(() => ({ body: JSON.stringify(answer) }));
  const edges = { clock: new FakeClock({ autoAdvance: true }), random: new SeededRandom() };
  const http = new HttpClient({ transport, ...edges, log: SILENT_LOGGER, userAgent: "test" });
  return { api: new ApiClient(http, "https://api.example"), transport };
}

Deno.test("ApiClient.purgeTrash() posts nothing and reads what is gone", async () => {
  const { api, transport } = apiWith({ files: 12, folders: 3, more: "x" });
  assert.deepEqual(await api.purgeTrash(CONTEXT), { files: 12, folders: 3 });
  const [request] = transport.requests;
  assert.deepEqual([request?.method, request?.url, request?.body], [
    "POST",
    "https://api.example/files/v1/purge_trash",
    "",
  ]);
});

Deno.test("ApiClient.purgeTrash() refuses counts that are none", async () => {
  for (const answer of [{}, { files: "12", folders: 3 }, { files: 1, folders: -1 }, []]) {
    await assert.rejects(apiWith(answer).api.purgeTrash(CONTEXT), {
      code: "protocol",
      message: /^Cannot empty the trash: the service sent an answer that cannot be read/,
    });
  }
});
