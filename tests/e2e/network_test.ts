/** The options of the network on the wire: as flags, as our variables and as rclone's. */
import { equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { noise } from "./local_tree.ts";
import { createServerCertificate } from "../interop/certificate.ts";

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly seconds: number }> {
  const startedAt = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - startedAt) / 1_000 };
}

async function withFile(bytes: number): Promise<Environment> {
  const environment = await Environment.signedIn();
  await Deno.writeFile(environment.path("file"), noise(bytes));
  return environment;
}

Deno.test("--bwlimit holds up contents in both directions, each with its own limit", async () => {
  await using environment = await withFile(60 * 1024);
  const up = await timed(() => environment.run("copy", "file", "jotta:", "--bwlimit", "30k:off"));
  assertRun(up.result, { stdout: "" });
  ok(up.seconds > 1.8, `${up.seconds} s`);
  const variables = { RCLONE_BWLIMIT: "off:30k", RCLONE_VERSION: "1.60" };
  const down = await timed(() =>
    environment.runWith({ env: variables }, "copy", "jotta:file", "back", "--bwlimit-file=off")
  );
  assertRun(down.result, { stdout: "" });
  ok(down.seconds > 1.8, `${down.seconds} s`);
  equal((await Deno.readFile(environment.path("back", "file"))).length, 60 * 1024);
});

Deno.test("--bwlimit-file holds up each file; a slot of the day is found", async () => {
  await using environment = await withFile(40 * 1024);
  const up = await timed(() => environment.run("copy", "file", "jotta:", "--bwlimit-file", "00:00,20k"));
  assertRun(up.result, { stdout: "" });
  ok(up.seconds > 1.8, `${up.seconds} s`);
});

Deno.test("--tpslimit holds up requests, from the first on", async () => {
  await using environment = await withFile(10);
  for (const folder of ["a", "b", "c", "d"]) {
    assertRun(await environment.run("copy", "file", `jotta:tree/${folder}`), {});
  }
  environment.emulator.clearRequests();
  const listing = await timed(() =>
    environment.runWith({ env: { RCLONE_TPSLIMIT: "2" } }, "lsf", "-R", "jotta:tree")
  );
  assertRun(listing.result, {});
  equal(listing.result.stdout.match(/file/g)?.length, 4);
  const asked = environment.emulator.requests.length;
  ok(asked >= 2);
  ok(listing.seconds >= (asked - 1) / 2, `${asked} requests in ${listing.seconds} s`);
});

Deno.test("--user-agent is what the service sees of the program, in requests and uploads", async () => {
  await using environment = await withFile(10);
  assertRun(await environment.run("copy", "file", "jotta:", "--user-agent", "backup of Ann/1"), {});
  assertRun(await environment.runWith({ env: { RCLONE_USER_AGENT: "by variable" } }, "lsf", "jotta:"), {});
  const agents = environment.emulator.requests.map(({ headers }) => headers["user-agent"]);
  equal(new Set(agents).size, 2);
  ok(agents.includes("backup of Ann/1") && agents.at(-1) === "by variable");
});

Deno.test("--bind: an address of another machine is refused before anything is asked for", async () => {
  await using environment = await withFile(10);
  assertRun(await environment.run("lsf", "jotta:", "--bind", "127.0.0.1"), {});
  const before = environment.emulator.stats.requests;
  assertFailure(await environment.run("lsf", "jotta:", "--bind", "192.0.2.9"), {
    status: 2,
    error: 'Cannot connect from "192.0.2.9": this machine has no such address',
    hint: /Its addresses are: .*127\.0\.0\.1/,
  });
  equal(environment.emulator.stats.requests, before);
});

Deno.test("--ca-cert makes a private authority trusted; a file that is none is refused with the reason", async () => {
  await using environment = await withFile(10);
  const { caPem, certPem, keyPem } = await createServerCertificate(["localhost"]);
  const asked: string[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert: certPem, key: keyPem, onListen: () => {} },
    (request) => {
      asked.push(new URL(request.url).pathname);
      return new Response("", { status: 418 });
    },
  );
  const endpoint = `https://localhost:${server.addr.port}`;
  await Deno.writeTextFile(environment.path("other.pem"), (await createServerCertificate(["x"])).caPem);
  await Deno.writeTextFile(environment.path("ca.pem"), caPem);
  const list = (...words: string[]) =>
    environment.run("lsf", "jotta:", "--endpoint", endpoint, "--low-level-retries", "1", ...words);
  match((await list("--ca-cert", "other.pem")).stderr, /TLS certificate of "localhost:\d+" is not trusted/);
  equal(asked.length, 0);
  await list("--ca-cert", "other.pem", "--ca-cert", "ca.pem");
  ok(asked.length > 0, "the server was asked");
  assertFailure(await list("--ca-cert", "file"), {
    status: 2,
    error:
      'Cannot use "file" for --ca-cert: it holds no certificate in PEM form ("-----BEGIN CERTIFICATE-----")',
  });
  assertFailure(await list("--ca-cert", "missing.pem"), {
    status: 2,
    error: 'Cannot read "missing.pem": --ca-cert does not name a readable file',
  });
});

Deno.test("the endpoint on this machine is never reached through a proxy, nor does a token go there", async () => {
  await using environment = await withFile(10);
  const seen: string[] = [];
  await using proxy = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    seen.push(request.url);
    return new Response("", { status: 502 });
  });
  const url = `http://127.0.0.1:${proxy.addr.port}`;
  for (const names of [["HTTP_PROXY"], ["http_proxy", "https_proxy"], ["ALL_PROXY"]]) {
    const env = Object.fromEntries(names.map((name) => [name, url]));
    assertRun(await environment.runWith({ env }, "copy", "file", `jotta:${names[0]}`), {});
    assertRun(await environment.runWith({ env: { ...env, NO_PROXY: "other.invalid" } }, "lsf", "jotta:"), {});
  }
  equal(seen.length, 0, seen[0]);
});

Deno.test("--contimeout and --timeout take 0 for none, and refuse what is no time", async () => {
  await using environment = await withFile(10);
  assertRun(await environment.run("lsf", "jotta:", "--contimeout", "0", "--timeout", "0"), {});
  assertFailure(await environment.run("lsf", "jotta:", "--contimeout", "soon"), {
    status: 2,
    error: 'Cannot use "soon" for --contimeout: it is not a duration such as 30s or 5m',
  });
  assertFailure(await environment.run("lsf", "jotta:", "--bwlimit", "1M 2M"), {
    status: 2,
    error:
      'Cannot use "1M 2M" for --bwlimit: "1M" is no time with a limit, such as 08:00,512k or Mon-08:00,512k',
  });
  assertFailure(await environment.runWith({ env: { RCLONE_TPSLIMIT: "-1" } }, "lsf", "jotta:"), {
    status: 2,
    error:
      'Cannot use "-1" for --tpslimit: it is no number of requests, such as 10 or 0.5 (from RCLONE_TPSLIMIT)',
  });
});
