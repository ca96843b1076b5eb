import { rejects, strictEqual } from "node:assert";
import { openSession } from "../../../../lib/auth/remote_session.ts";
import { ConfigError } from "../../../../lib/errors.ts";
import { HttpClient } from "../../../../lib/http/client.ts";
import { SILENT_LOGGER } from "../../../../lib/log.ts";
import { ConfigStore } from "../../../../lib/store/config_file.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { ScriptedTransport } from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const TOKEN =
  '{"access_token":"a","token_type":"bearer","refresh_token":"r","expiry":"2020-01-01T00:00:00Z"}';
const ANSWER = '{"access_token":"b","token_type":"bearer","refresh_token":"s","expires_in":60}';

function world(text: string) {
  const transport = new ScriptedTransport(() => ({ body: ANSWER }));
  const fileSystem = new MemoryFileSystem();
  fileSystem.put("/c.conf", text);
  const edges = { fileSystem, clock: new FakeClock({ autoAdvance: true }), random: new SeededRandom() };
  const http = new HttpClient({ ...edges, transport, log: SILENT_LOGGER, userAgent: "test" });
  const config = new ConfigStore(edges, "/c.conf");
  return { transport, context: { ...edges, http, config, log: SILENT_LOGGER } };
}

Deno.test("openSession() refreshes with the client and the address of the login", async () => {
  const keys = `type = jottacloud\nconfigVersion = 1\ntoken = ${TOKEN}\n`;
  const cases = [
    ["", "jottacli", "https://id.jottacloud.com/auth/realms/jottacloud/protocol/openid-connect/token"],
    [
      "client_id =\ntokenURL =\n",
      "jottacli",
      "https://id.jottacloud.com/auth/realms/jottacloud/protocol/openid-connect/token",
    ],
    [
      "client_id = desktop\ntokenURL = https://sky-auth.telia.no/t\n",
      "desktop",
      "https://sky-auth.telia.no/t",
    ],
  ] as const;
  for (const [more, clientId, url] of cases) {
    const { transport, context } = world(`[jotta]\n${keys}${more}`);
    strictEqual(await (await openSession(context, "jotta")).accessToken(), "b");
    strictEqual(transport.requests[0]?.url, url);
    strictEqual(new URLSearchParams(transport.requests[0]?.body).get("client_id"), clientId);
  }
});

Deno.test("openSession() refuses a session of an old kind, and sends nothing", async () => {
  const cases = [
    "[jotta]\ntype = jottacloud\n",
    "[jotta]\ntype = jottacloud\nconfigVersion = 0\n",
  ];
  for (const text of cases) {
    const { transport, context } = world(text);
    await rejects(openSession(context, "jotta"), ConfigError, text);
    strictEqual(transport.requests.length, 0);
  }
});
