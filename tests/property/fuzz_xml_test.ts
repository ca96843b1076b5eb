/** XML of a hostile service: each document is understood, or is a clear error, soon and in bounded memory. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { isJfsRecord } from "../../lib/jfs/decode.ts";
import { readListStream } from "../../lib/jfs/list_stream.ts";
import { readXml } from "../../lib/jfs/xml.ts";
import type { JottashError } from "../../lib/errors.ts";
import type { JfsClient } from "../../lib/jfs/client.ts";
import type { ScriptedAnswer } from "../fakes/scripted_transport.ts";
import { jfsWith } from "../unit/lib/jfs/fixture.ts";
import {
  HOSTILE_NAME,
  HOSTILE_NUMBER,
  HOSTILE_TIME,
  inTime,
  NASTY_NAMES,
  resultOrClearError,
  SEED,
} from "./hostile.ts";

const REQUEST = { segments: ["Jotta", "Archive"], action: 'list "jotta:"' };
const RUNS = { seed: SEED, numRuns: 150, endOnFailure: true };

const encoder = new TextEncoder();

/** As a service would escape it; controls and halves of pairs are sent as they are. */
const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const FILE = fc.record({
  name: HOSTILE_NAME,
  size: HOSTILE_NUMBER,
  md5: fc.oneof(fc.constant("0".repeat(32)), fc.string({ maxLength: 40 })),
  time: HOSTILE_TIME,
  state: fc.constantFrom("COMPLETED", "INCOMPLETE", "", "EVIL"),
}).map(({ name, size, md5, time, state }) =>
  `<file name="${escaped(name)}"><currentRevision><state>${state}</state><size>${escaped(size)}</size><md5>${
    escaped(md5)
  }</md5><modified>${escaped(time)}</modified><mime>a/b</mime></currentRevision></file>`
);
const FOLDER = HOSTILE_NAME.map((name) => `<folder name="${escaped(name)}"/>`);
const JUNK = fc.constantFrom(
  "<!-- x -->",
  "<?php evil ?>",
  "<![CDATA[<file/>]]>",
  "&lol;",
  "&#0;",
  "&#xD800;",
  "&#x110000;",
  "<file>",
  "</folder>",
  "<a:b/>",
  "<file name='a' name='b'/>",
  "<__proto__/>",
  "\u0000",
  "]]>",
  "<",
  "<toString><valueOf/></toString>",
);
const DOCUMENT = fc.record({
  head: fc.constantFrom(
    "",
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<?xml version="1.1"?>',
    '<?xml version="1.0" encoding="ISO-8859-1"?>',
    '<!DOCTYPE folder [<!ENTITY lol "lol"><!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "\ufeff",
    " ",
  ),
  root: fc.constantFrom("folder", "mountPoint", "file", "error", "html", "user", "device", "a"),
  lists: fc.array(
    fc.tuple(
      fc.constantFrom("files", "folders", "devices", "mountPoints", "constructor", "x"),
      fc.array(fc.oneof({ weight: 4, arbitrary: FILE }, { weight: 3, arbitrary: FOLDER }, JUNK), {
        maxLength: 6,
      }),
    ),
    { maxLength: 4 },
  ),
  end: fc.constantFrom("", "", "", "<error/>", "junk"),
}).map(({ head, root, lists, end }) =>
  `${head}<${root} name="r">${
    lists.map(([list, items]) => `<${list}>${items.join("")}</${list}>`).join("")
  }</${root}>${end}`
);

/** Encoded well, or not at all as announced. */
const BYTES = fc.tuple(
  DOCUMENT,
  fc.constantFrom("utf-8", "utf-8", "utf-8", "latin-1", "utf-16"),
  fc.option(fc.nat(5_000)),
)
  .map(([text, encoding, end]) => {
    const bytes = encoding === "utf-8"
      ? encoder.encode(text)
      : encoding === "latin-1"
      ? Uint8Array.from(text, (character) => character.charCodeAt(0))
      : new Uint8Array(Uint16Array.from(text, (character) => character.charCodeAt(0)).buffer);
    return end === null ? bytes : bytes.slice(0, end);
  });

const streamOf = (bytes: Uint8Array<ArrayBuffer>) => ReadableStream.from([bytes]);

async function listing(jfs: JfsClient): Promise<number> {
  const document = await jfs.open(REQUEST);
  let count = 0;
  for await (const _item of document.items) count++;
  return count;
}

/** Text that is produced while it is read, up to `maxBytes`; tells how much was taken. */
function endless(head: string, again: (index: number) => string, maxBytes = 64 << 20) {
  const state = { taken: 0, isCancelled: false };
  let index = -1;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      let text = index < 0 ? head : "";
      while (text.length < 65_536) text += again(++index);
      const bytes = encoder.encode(text);
      state.taken += bytes.length;
      controller.enqueue(bytes);
      if (state.taken > maxBytes) controller.close();
    },
    cancel: () => void (state.isCancelled = true),
  }, { highWaterMark: 0 });
  return { state, stream };
}

Deno.test("any document is a listing or a clear error", async () => {
  await fc.assert(
    fc.asyncProperty(BYTES, async (bytes) => {
      const { jfs } = jfsWith(() => ({ body: bytes }));
      await inTime(() => resultOrClearError(() => listing(jfs)));
      await resultOrClearError(() => Array.fromAsync(readListStream(streamOf(bytes), ["Archive"])));
    }),
    RUNS,
  );
});

Deno.test("any answer to a command is a success or a clear error", async () => {
  await fc.assert(
    fc.asyncProperty(BYTES, fc.constantFrom(200, 200, 302, 400, 404, 460, 999), async (body, status) => {
      const { jfs } = jfsWith(() => ({ body, status }));
      await inTime(() => resultOrClearError(() => jfs.command(REQUEST, "rm")));
      await resultOrClearError(() => jfs.transfer(REQUEST, "mv", ["a"]));
      await resultOrClearError(() => jfs.share(REQUEST, "enableShare"));
    }),
    RUNS,
  );
});

Deno.test("a command whose answer is an error document has failed, whatever its status", async (t) => {
  const error = (code: number, name: string) =>
    `<?xml version="1.0"?><error><code>${code}</code><message>no.jotta.x.${name}: Text</message></error>`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    [error(404, "NoSuchPathException"), "file-not-found"],
    [error(460, "QuotaException"), "quota"],
    [error(200, "OddException"), "service"],
    [" <error>cut", "service"],
    ["<!DOCTYPE html><HTML><meta><body>Sign in to this network", "protocol"],
    ["<folder name='a'/>", undefined],
    ["", undefined],
    ["OK", undefined],
  ];
  for (const [body, code] of rows) {
    await t.step(body.slice(0, 30), async () => {
      const { jfs } = jfsWith(() => ({ body }));
      const result = await resultOrClearError(() => jfs.command(REQUEST, "rm"));
      assert.equal((result as JottashError | undefined)?.code, code);
    });
  }
});

Deno.test("what a document repeats without end is given up soon", async (t) => {
  const rows: readonly (readonly [string, string, (index: number) => string])[] = [
    ["depth", "<folder>", () => "<a>"],
    ["attributes", "<folder ", (index) => `a${index}="x" `],
    ["one attribute", '<folder name="', () => "x".repeat(1_000)],
    ["one name", "<", () => "x".repeat(1_000)],
    ["text", "<folder><files><file><a>", () => "x".repeat(1_000)],
    ["elements that are no records", "<folder>", () => "<x/>"],
    ["what is in a record", '<folder><files><file name="a">', () => "<revision><size>1</size></revision>"],
    ["comments", "<folder>", () => "<!-- x -->"],
    ["one comment", "<folder><!--", () => "x".repeat(1_000)],
    ["instructions", "<folder>", () => "<?x y?>"],
    ["blanks at the start", "", () => " ".repeat(1_000)],
    ["entities", "<!DOCTYPE a [", (index) => `<!ENTITY a${index} "&a${index - 1};&a${index - 1};">`],
    ["character data", "<folder>", () => "<![CDATA[x]]>"],
    ["one reference", "<folder>&", () => "x".repeat(1_000)],
    ["a page", "<!DOCTYPE html><html><body>", () => "<p>Bad gateway</p>"],
  ];
  for (const [title, head, again] of rows) {
    await t.step(title, async () => {
      const { state, stream } = endless(head, again);
      const result = await inTime(() =>
        resultOrClearError(() => Array.fromAsync(readXml(stream, isJfsRecord)))
      );
      assert.equal((result as JottashError).code, "protocol");
      assert.ok(state.taken < 8 << 20, `${state.taken} bytes were read`);
    });
  }
});

Deno.test("an answer to a command that does not end is not waited for", async () => {
  const { state, stream } = endless("<folder><files>", () => '<file name="a"/>');
  const { jfs } = jfsWith(() => ({ body: stream }));
  await inTime(() => jfs.command(REQUEST, "mkDir"));
  assert.ok(state.taken < 1 << 20 && state.isCancelled, `${state.taken} bytes were read`);
});

Deno.test("an error document that does not end is not waited for", async () => {
  const answer = (): ScriptedAnswer => ({ status: 404, body: endless("<error>", () => "<x/>").stream });
  const result = await inTime(() => resultOrClearError(() => listing(jfsWith(answer).jfs)));
  assert.equal((result as JottashError).code, "file-not-found");
});

Deno.test("a stream with paths that are too deep, or never end, is given up before they fill the memory", async () => {
  const deep = `<l><folder><path>/Archive${"/a".repeat(20_000)}</path></folder></l>`;
  const result = await resultOrClearError(() =>
    Array.fromAsync(readListStream(streamOf(encoder.encode(deep)), ["Archive"]))
  );
  assert.match((result as JottashError).message, /path of 40008 characters/);

  // Each of them has 8,000 folders above it, none of which was there before.
  const paths = (index: number) => `<folder><path>/Archive/${index}${"/a".repeat(8_000)}</path></folder>`;
  const { stream } = endless("<l>", paths);
  const read = async () => {
    for await (const _item of readListStream(stream, ["Archive"])) { /* nothing is kept here */ }
  };
  const error = await inTime(() => resultOrClearError(read), 30_000);
  assert.match((error as unknown as JottashError).message, /too long to be kept/);
});

Deno.test("numbers and times that are none are told with the beginning of what was sent", async () => {
  await fc.assert(
    fc.asyncProperty(HOSTILE_NUMBER, HOSTILE_TIME, async (size, time) => {
      const revision = `<state>COMPLETED</state><size>${escaped(size)}</size><modified>${
        escaped(time)
      }</modified>`;
      const body =
        `<folder><files><file name="a"><currentRevision>${revision}</currentRevision></file></files></folder>`;
      const { jfs } = jfsWith(() => ({ body }));
      const sizes: (number | undefined)[] = [];
      await resultOrClearError(async () => {
        for await (const item of (await jfs.open(REQUEST)).items) {
          if (item.kind === "file") sizes.push(item.current?.size);
        }
      });
      for (const each of sizes) assert.ok(each === undefined || Number.isSafeInteger(each) && each >= 0);
    }),
    RUNS,
  );
});

Deno.test("names of a listing come as they were sent, and nothing is made of them", async () => {
  const sent = NASTY_NAMES.filter((name) => name.isWellFormed() && !/[\p{Cc}\ufffe\uffff]/u.test(name));
  const body = `<folder><folders>${
    sent.map((name) => `<folder name="${escaped(name)}"/>`).join("")
  }</folders></folder>`;
  const document = await jfsWith(() => ({ body })).jfs.open(REQUEST);
  const names: string[] = [];
  for await (const item of document.items) names.push(item.name);
  assert.deepEqual(names, sent);
});
