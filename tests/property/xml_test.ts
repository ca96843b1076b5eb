import assert from "node:assert/strict";
import fc from "fast-check";
import { isJfsRecord } from "../../lib/jfs/decode.ts";
import { formatClassicTime, formatRfc3339, parseJfsTime } from "../../lib/jfs/time.ts";
import { readXml, type XmlEvent } from "../../lib/jfs/xml.ts";

const FIXTURES = [
  "user.xml",
  "device_with_deleted_mountpoint.xml",
  "folder_with_all_states.xml",
  "trash.xml",
];

async function eventsOf(pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<XmlEvent[]> {
  return await Array.fromAsync(readXml(ReadableStream.from(pieces), isJfsRecord));
}

/** `bytes` cut at these places. */
function cut(bytes: Uint8Array<ArrayBuffer>, places: readonly number[]): Uint8Array<ArrayBuffer>[] {
  const sorted = [...new Set(places.map((place) => place % bytes.length))].sort((a, b) => a - b);
  return [...sorted, bytes.length].map((end, index) => bytes.slice(index === 0 ? 0 : sorted[index - 1], end));
}

Deno.test("readXml() gives the same events however the bytes are cut", async () => {
  for (const name of FIXTURES) {
    const bytes = await Deno.readFile(new URL(`../fixtures/jfs/${name}`, import.meta.url));
    const whole = await eventsOf([bytes]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(100_000), { maxLength: 40 }), async (places) => {
        assert.deepEqual(await eventsOf(cut(bytes, places)), whole);
      }),
      { numRuns: 40 },
    );
    const single = Array.from(bytes, (byte) => new Uint8Array([byte]));
    assert.deepEqual(await eventsOf(single), whole);
  }
});

Deno.test("readXml() accepts no document that ends early", async () => {
  const bytes = await Deno.readFile(new URL("../fixtures/jfs/folder_with_all_states.xml", import.meta.url));
  const end = new TextDecoder().decode(bytes).trimEnd().length;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: end - 1 }), async (length) => {
      await assert.rejects(eventsOf([bytes.slice(0, length)]), { code: "protocol" });
    }),
    { numRuns: 150 },
  );
});

Deno.test("readXml() ends with a result or a ProtocolError, whatever comes", async () => {
  const bytes = await Deno.readFile(new URL("../fixtures/jfs/folder_with_all_states.xml", import.meta.url));
  const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(changes, async (list) => {
      const changed = Uint8Array.from(bytes);
      for (const [index, byte] of list) changed[index] = byte;
      await eventsOf([changed]).catch((error) => assert.equal(error.code, "protocol", String(error)));
    }),
    { numRuns: 200 },
  );
});

Deno.test("parseJfsTime() reads back what formatClassicTime() and formatRfc3339() write, to the second", () => {
  const times = fc.integer({
    min: Date.parse("0000-01-01T00:00:00Z"),
    max: Date.parse("9999-12-31T23:59:59.999Z"),
  });
  fc.assert(fc.property(times, (timeMs) => {
    const second = Math.floor(timeMs / 1000) * 1000;
    assert.equal(parseJfsTime(formatClassicTime(timeMs)), second);
    assert.equal(parseJfsTime(formatRfc3339(timeMs)), second);
  }));
});
