import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { Network, type NetworkSettings } from "../../../../lib/cli/network.ts";
import type { Edges, TransportSettings } from "../../../../lib/edges.ts";
import { ConfigError } from "../../../../lib/errors.ts";
import { readText } from "../../../../lib/http/client.ts";
import { SILENT_LOGGER } from "../../../../lib/log.ts";
import { parseBandwidth } from "../../../../lib/units.ts";
import { USER_AGENT } from "../../../../lib/version.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { ScriptedTransport } from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";
import { createServerCertificate } from "../../../interop/certificate.ts";

const PLAIN: NetworkSettings = {
  timeout: 300_000,
  contimeout: 60_000,
  bind: undefined,
  caCert: [],
  userAgent: undefined,
  bwlimit: undefined,
  bwlimitFile: undefined,
  tpslimit: 0,
  tpslimitBurst: 1,
};
const ASK = { action: "ask", method: "GET", url: "https://x.example/a" } as const;

function networkWith(settings: Partial<NetworkSettings>) {
  const clock = new FakeClock({ autoAdvance: true });
  const startedAtMs = clock.now();
  const fileSystem = new MemoryFileSystem();
  const opened: TransportSettings[] = [];
  const transport = new ScriptedTransport(() => ({ body: new Uint8Array(100 * 1024) }));
  const edges = {
    clock,
    random: new SeededRandom(),
    fileSystem,
    transport: (given: TransportSettings = {}) => {
      opened.push(given);
      return transport;
    },
  } as unknown as Edges;
  return {
    network: new Network(edges, { ...PLAIN, ...settings }),
    opened,
    transport,
    fileSystem,
    elapsedMs: () => clock.now() - startedAtMs,
  };
}

Deno.test("Network.http() opens a transport for each timeout, with all that the options say", async () => {
  const { network, opened, transport } = networkWith({
    contimeout: 7_000,
    bind: "127.0.0.1",
    timeout: 90_000,
  });
  await network.http(Infinity, { log: SILENT_LOGGER });
  await network.http(30_000, { log: SILENT_LOGGER });
  await network.http(Infinity, { log: SILENT_LOGGER });
  const rest = { connectTimeoutMs: 7_000, localAddress: "127.0.0.1", caCertificates: [] };
  deepEqual(opened, [{ timeoutMs: 90_000, ...rest }, { timeoutMs: 30_000, ...rest }]);
  network.close();
  equal(transport.isClosed, true);
});

Deno.test("Network.http(): the user agent is ours unless another is wanted", async () => {
  for (const userAgent of [undefined, "other/1"]) {
    const { network, transport } = networkWith({ userAgent });
    await (await network.http(Infinity, { log: SILENT_LOGGER })).request(ASK);
    equal(transport.requests[0]?.headers["user-agent"], userAgent ?? USER_AGENT);
  }
});

Deno.test("Network.http(): all clients of a run share the turns for requests", async () => {
  const { network, elapsedMs } = networkWith({ tpslimit: 2, tpslimitBurst: 3 });
  const clients = [
    await network.http(Infinity, { log: SILENT_LOGGER }),
    await network.http(30_000, { log: SILENT_LOGGER }),
  ];
  const at: number[] = [];
  for (let i = 0; i < 6; i++) {
    await clients[i % 2]?.request(ASK);
    at.push(elapsedMs());
  }
  deepEqual(at, [0, 0, 0, 500, 1_000, 1_500]);
});

Deno.test("Network.http(): contents are held up, other answers are not", async () => {
  const limits = { bwlimit: parseBandwidth("100k") };
  const upload = networkWith(limits);
  const body = { length: 100 * 1024, stream: ReadableStream.from([new Uint8Array(100 * 1024)]) };
  const sender = await upload.network.http(Infinity, { log: SILENT_LOGGER });
  await sender.request({ ...ASK, method: "POST", body, retry: false });
  equal(upload.transport.requests[0]?.body.length, 100 * 1024);
  match(String(upload.elapsedMs()), /^(9\d\d|10\d\d)$/);
  for (const [isDownload, expected] of [[true, /^(9\d\d|10\d\d)$/], [false, /^0$/]] as const) {
    const { network, elapsedMs } = networkWith(limits);
    const client = await network.http(Infinity, { log: SILENT_LOGGER });
    await readText(await client.request({ ...ASK, isDownload }), 1_000_000);
    match(String(elapsedMs()), expected);
  }
});

Deno.test("Network.http() hands over the certificates of --ca-cert, and refuses a file without one", async () => {
  const { caPem } = await createServerCertificate(["localhost"]);
  const good = networkWith({ caCert: ["/a.pem", "/b.pem"] });
  await writeText(good.fileSystem, "/a.pem", caPem);
  await writeText(good.fileSystem, "/b.pem", caPem);
  await good.network.http(Infinity, { log: SILENT_LOGGER });
  deepEqual(good.opened[0]?.caCertificates, [caPem, caPem]);
  const cases: [path: string, message: string][] = [
    ["/missing.pem", 'Cannot read "/missing.pem": --ca-cert does not name a readable file'],
    [
      "/text.pem",
      'Cannot use "/text.pem" for --ca-cert: it holds no certificate in PEM form ("-----BEGIN CERTIFICATE-----")',
    ],
  ];
  for (const [path, message] of cases) {
    const bad = networkWith({ caCert: [path] });
    await writeText(bad.fileSystem, "/text.pem", "text");
    await rejects(bad.network.http(Infinity, { log: SILENT_LOGGER }), (error) => {
      equal(error instanceof ConfigError && error.message, message);
      return true;
    });
    equal(bad.opened.length, 0);
  }
});

async function writeText(fileSystem: MemoryFileSystem, path: string, text: string): Promise<void> {
  using file = await fileSystem.open(path, { write: true, create: true });
  await file.write(new TextEncoder().encode(text));
}
