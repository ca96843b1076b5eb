/** What the emulator never does with a link: forget it, or keep it. */
import assert from "node:assert/strict";
import { ApiClient } from "../../../../lib/api/client.ts";
import { DEFAULT_RETRY_POLICY } from "../../../../lib/async/retry.ts";
import { HttpClient } from "../../../../lib/http/client.ts";
import { SILENT_LOGGER } from "../../../../lib/log.ts";
import { JOTTACLOUD_MASK } from "../../../../lib/names/mask.ts";
import { createRemoteNames } from "../../../../lib/names/remote_name.ts";
import { JottaAccount } from "../../../../lib/remote/jotta_account.ts";
import { JottaRemote } from "../../../../lib/remote/jotta_remote.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { ScriptedTransport } from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

/** A remote whose service answers every question about a folder with this document. */
function remoteWith(document: string): JottaRemote {
  const edges = { clock: new FakeClock({ autoAdvance: true }), random: new SeededRandom() };
  const transport = new ScriptedTransport(({ url }) => ({
    body: url.includes("customer") ? '{"username":"us+er","email":""}' : document,
  }));
  const http = new HttpClient({ transport, ...edges, log: SILENT_LOGGER, userAgent: "test" });
  return new JottaRemote({
    account: new JottaAccount({ http, api: new ApiClient(http, "https://api"), jfsBase: "https://jfs" }),
    remoteName: "jotta",
    device: "Jotta",
    mountpoint: "Archive",
    root: "",
    label: "jotta:",
    names: createRemoteNames(JOTTACLOUD_MASK),
    retryPolicy: DEFAULT_RETRY_POLICY,
    retryContext: edges,
  });
}

Deno.test("makeLink() escapes what it puts into the address", async () => {
  const address = await remoteWith('<folder name="a"><publicURI>x/?y</publicURI></folder>').makeLink("a");
  assert.equal(address, "https://www.jottacloud.com/opin/io/downloadPublic/us%2Ber/x%2F%3Fy");
});

Deno.test("makeLink() and removeLink() do not believe an answer that says otherwise", async () => {
  await assert.rejects(remoteWith('<folder name="a"/>').makeLink("a"), {
    code: "protocol",
    message: 'Cannot make a link to "jotta:a": the service does not tell its address',
  });
  await remoteWith('<folder name="a"/>').removeLink("a");
  await assert.rejects(remoteWith('<folder name="a"><publicURI>x</publicURI></folder>').removeLink("a"), {
    code: "service",
    message: 'Cannot remove the link to "jotta:a": the service keeps it',
  });
});
