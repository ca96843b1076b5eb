/**
 * A service that means harm, or has lost its mind: whatever it answers, jottash says so in one line, with the right
 * status, in bounded time and memory, and writes nothing outside the directory that it was told.
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { Environment } from "./environment.ts";
import { measuredRun } from "../scale/measured_run.ts";
import { type RawConnection, type RawRequest, startRawServer } from "../contract/transport_servers.ts";

const CONTENT = "evil";
const MD5 = createHash("md5").update(CONTENT).digest("hex");
/** What the program takes at rest is about 100. */
const MAX_MIB = 350;
const ROOT = "/jfs/u/Jotta/Archive";

/** Errors, their hints, the sum of the work: whole sentences, and nothing that a terminal would obey. */
const LINE = /^(jottash: | {2}|Copied |Made )\P{Cc}+$/u;

type Answer = (connection: RawConnection, request: RawRequest) => Promise<unknown>;

interface HostileAnswers {
  readonly listing: Answer;
  readonly content?: Answer;
}

const answering = (body: string): Answer => (connection) => connection.answer("200 OK", body);

/** Answers who the account is, listings of its root, and contents; everything else is not there. */
function startHostileService({ listing, content = answering(CONTENT) }: HostileAnswers) {
  return startRawServer(async (connection) => {
    for (;;) {
      const request = await connection.readHead();
      if (request === undefined) return;
      const [path = "", query = ""] = request.target.split("?");
      if (path === "/account/v1/customer") await connection.answer("200 OK", '{"username":"u","email":""}');
      else if (query.startsWith("mode=bin")) await content(connection, request);
      else if (path === ROOT) await listing(connection, request);
      else await connection.answer("404 Not Found", "<error><code>404</code></error>");
    }
  });
}

const escaped = (name: string) =>
  name.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll("\n", "&#10;");

function fileXml(name: string, size = CONTENT.length): string {
  return `<file name="${
    escaped(name)
  }"><currentRevision><state>COMPLETED</state><size>${size}</size><md5>${MD5}` +
    "</md5><modified>2024-05-01-T10:20:30Z</modified></currentRevision></file>";
}

const mountPoint = (inside: string) =>
  `<mountPoint><name xml:space="preserve">Archive</name>${inside}</mountPoint>`;
const ONE_FILE = answering(mountPoint(`<files>${fileXml("a")}</files>`));

/** Paths of everything below a directory. */
async function treeOf(directory: string, prefix = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    found.push(prefix + name);
    if (isDirectory) found.push(...await treeOf(`${directory}/${name}`, `${prefix}${name}/`));
  }
  return found.sort();
}

Deno.test("names that lead elsewhere write nothing outside the target", async () => {
  const names = [
    "..",
    ".",
    "../escaped",
    "../../escaped",
    "/tmp/escaped",
    "a/../../escaped",
    "..\\escaped",
    "．．",
    "．．／escaped",
    "‛．．",
    "%2e%2e%2fescaped",
    "..%2fescaped",
    "line\nbreak",
    "good",
    "~",
    "x".repeat(300),
  ];
  const folders = ["..", "../..", "．．", "a/.."].map((name) => `<folder name="${escaped(name)}"/>`).join("");
  await using environment = await Environment.signedIn();
  await using service = startHostileService({
    listing: answering(
      mountPoint(
        `<folders>${folders}</folders><files>${names.map((name) => fileXml(name)).join("")}</files>`,
      ),
    ),
  });
  await Deno.mkdir(environment.path("deep", "er", "target"), { recursive: true });
  const before = await treeOf(environment.home);
  for (const command of ["copy", "sync"]) {
    const result = await environment.run(
      command,
      "jotta:",
      environment.path("deep", "er", "target"),
      "--endpoint",
      service.origin,
      "--low-level-retries",
      "1",
      "--retries",
      "1",
    );
    ok([3, 6].includes(result.status), `${command}: status ${result.status}: ${result.stderr}`);
    for (const line of result.stderr.trimEnd().split("\n")) match(line, LINE);
    const after = await treeOf(environment.home);
    const outside = after.filter((path) => !path.startsWith("deep/er/target/"));
    deepEqual(
      outside.filter((path) => !path.startsWith(".")),
      before.filter((path) => !path.startsWith(".")),
    );
    ok(after.includes("deep/er/target/good"), "the names that are fine are copied");
    equal(await Deno.readTextFile(environment.path("deep", "er", "target", "good")), CONTENT);
  }
});

const endlessly = (connection: RawConnection, head: string, again: string): Promise<void> =>
  (async () => {
    const block = again.repeat(Math.ceil(65_536 / again.length));
    for (let isTaken = await connection.write(head); isTaken;) isTaken = await connection.write(block);
  })();

const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const gzipped = (connection: RawConnection, text: string) => {
  const body = gzipSync(text);
  return connection.write(
    `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`,
  ).then(() => connection.write(body));
};

interface Row {
  readonly title: string;
  readonly answers: HostileAnswers;
  readonly status: number;
  readonly error: RegExp;
}

const listed = (title: string, listing: Answer, status: number, error: RegExp): Row => ({
  title,
  answers: { listing },
  status,
  error,
});
const downloaded = (title: string, content: Answer, status: number, error: RegExp): Row => ({
  title,
  answers: { listing: ONE_FILE, content },
  status,
  error,
});

const ROWS: readonly Row[] = [
  listed(
    "a page for people",
    answering("<!DOCTYPE html><html><body>Busy</body></html>"),
    1,
    /unknown kind "html"/,
  ),
  listed("an error document with a good status", answering("<error><code>500</code></error>"), 1, /"error"/),
  listed("no XML", answering("ok"), 1, /cannot be read/),
  listed("nothing", answering(""), 1, /cannot be read|empty/),
  listed("a negative size", answering(mountPoint(`<files>${fileXml("a", -1)}</files>`)), 1, /"-1"/),
  listed(
    "an entity bomb",
    answering(`<!DOCTYPE a [<!ENTITY a "bb"><!ENTITY c "&a;&a;">]><mountPoint>&c;</mountPoint>`),
    1,
    /cannot be read/,
  ),
  listed(
    "another encoding",
    (connection) =>
      connection.write("HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n").then(() =>
        connection.write(new Uint8Array([0xff, 0xfe, 0x3c, 0, 0x61, 0, 0x3e, 0]))
      ),
    1,
    /UTF-8/,
  ),
  listed(
    "an element without end",
    (connection) => endlessly(connection, CHUNKED + chunk("<mountPoint a='"), chunk("x".repeat(4_000))),
    1,
    /too long|too much/,
  ),
  listed(
    "a head without end",
    (connection) => endlessly(connection, "HTTP/1.1 200 OK\r\n", "x-a: bbbbbbbbbbbbbbbb\r\n"),
    5,
    /not HTTP|closed the connection|failed/,
  ),
  listed(
    "a redirect to itself",
    (connection) => connection.write(`HTTP/1.1 302 Found\r\nlocation: ${ROOT}\r\ncontent-length: 0\r\n\r\n`),
    5,
    /answered 302/,
  ),
  listed(
    "a bomb of blanks",
    (connection) => gzipped(connection, `<mountPoint>${" ".repeat(64 << 20)}</mountPoint>`),
    1,
    /UTF-8|too long|too much/,
  ),
  listed(
    "an answer that stops",
    async (connection) => {
      await connection.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n<mountPoint>");
      while (await connection.readSome() !== undefined);
    },
    5,
    /gave no answer for 1 s/,
  ),
  downloaded(
    "a range that nobody asked for",
    (connection) =>
      connection.write(
        `HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 2-5/6\r\ncontent-length: 4\r\n\r\n${CONTENT}`,
      ),
    6,
    /asked for byte 0 on, got byte 2 on/,
  ),
  downloaded("other bytes", answering("good"), 6, /size or MD5/),
  downloaded("a page instead of content", answering("<html>Busy</html>"), 6, /size or MD5/),
  downloaded(
    "more bytes than announced",
    (connection) => endlessly(connection, `${CHUNKED}${chunk(CONTENT)}`, chunk("x".repeat(4_000))),
    6,
    /size or MD5/,
  ),
  downloaded(
    "fewer bytes than announced",
    (connection) => connection.write(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nev`),
    6,
    /size or MD5/,
  ),
  downloaded(
    "a bomb of content",
    (connection) => gzipped(connection, CONTENT.repeat(32 << 20)),
    6,
    /size or MD5/,
  ),
];

for (const { title, answers, status, error } of ROWS) {
  Deno.test(`a hostile answer is a clear error, soon and in little memory: ${title}`, async () => {
    await using environment = await Environment.signedIn();
    await using service = startHostileService(answers);
    const target = environment.path("target");
    await Deno.mkdir(target);
    const run = await measuredRun(
      environment,
      "copy",
      "jotta:",
      target,
      "--endpoint",
      service.origin,
      "--timeout",
      "1s",
      "--low-level-retries",
      "2",
      "--retries",
      "1",
    );
    equal(run.status, status, run.stderr);
    match(run.stderr, error);
    for (const line of run.stderr.trimEnd().split("\n")) match(line, LINE);
    ok(run.stderr.length < 2_000, `${run.stderr.length} characters were said`);
    ok(run.peakMiB === undefined || run.peakMiB < MAX_MIB, `it took ${run.peakMiB} MiB`);
    deepEqual(await treeOf(target), [], "nothing half is left");
  });
}
