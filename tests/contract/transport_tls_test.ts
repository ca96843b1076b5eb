/** The transport over TLS with an authority of our own. */
import assert from "node:assert/strict";
import type { HttpRequest } from "../../lib/edges.ts";
import { NetworkError } from "../../lib/errors.ts";
import { createDenoTransport, type TransportOptions } from "../../lib/sys/deno_transport.ts";
import { createServerCertificate } from "../interop/certificate.ts";
import { patternChunks, streamOf } from "./transport_servers.ts";
import { fakeEnv } from "../fakes/fake_env.ts";

const NO_ENV = fakeEnv();

async function outcomeOf(
  request: Omit<HttpRequest, "headers" | "method">,
  options: TransportOptions = {},
): Promise<string | NetworkError> {
  const transport = createDenoTransport({ env: NO_ENV, ...options });
  try {
    const response = await transport.send({ method: "POST", headers: {}, ...request });
    return await new Response(response.body).text();
  } catch (error) {
    assert.ok(error instanceof NetworkError, String(error));
    return error;
  } finally {
    transport.close();
  }
}

Deno.test("send() trusts given authorities besides the usual ones, for uploads too", async (t) => {
  const { caPem, certPem, keyPem } = await createServerCertificate(["localhost"]);
  const { caPem: otherPem } = await createServerCertificate(["localhost"]);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert: certPem, key: keyPem, onListen: () => {} },
    async (request) => new Response(String((await request.arrayBuffer()).byteLength)),
  );
  const { port } = server.addr;
  for (const isUpload of [false, true]) {
    const kind = isUpload ? "upload" : "fetch";
    const body = () =>
      isUpload ? { length: 500_000, ...streamOf(patternChunks(500_000)) } : "x".repeat(500_000);
    const url = `https://localhost:${port}/`;
    await t.step(`${kind}: trusted`, async () => {
      assert.equal(await outcomeOf({ url, body: body() }, { caCertificates: [otherPem, caPem] }), "500000");
    });
    for (const caCertificates of [[], [otherPem]]) {
      await t.step(`${kind}: not trusted, ${caCertificates.length} other`, async () => {
        const error = await outcomeOf({ url, body: body() }, { caCertificates });
        assert.ok(error instanceof NetworkError);
        assert.equal(error.message, `the TLS certificate of "localhost:${port}" is not trusted`);
        assert.equal(error.retry, "never");
        assert.match(error.hint ?? "", /NODE_EXTRA_CA_CERTS/);
      });
    }
    await t.step(`${kind}: other host`, async () => {
      const other = { url: `https://127.0.0.1:${port}/`, body: body() };
      const error = await outcomeOf(other, { caCertificates: [caPem] });
      assert.ok(error instanceof NetworkError);
      assert.match(error.message, /belongs to another host/);
    });
  }
});
