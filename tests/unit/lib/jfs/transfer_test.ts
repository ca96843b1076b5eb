import assert from "node:assert/strict";
import { ConflictError, FileNotFoundError, ProtocolError } from "../../../../lib/errors.ts";
import { jfsWith } from "./fixture.ts";

const ACTION = { action: "test" };

Deno.test("JfsClient.transfer() sends the absolute path as the value of a query, and a slash behind a folder", async () => {
  const target = ["Jotta", "Sync", "ø + #", "a/b".replace("/", ";"), "100%&=?"];
  const value = encodeURIComponent(`/user+1/${target.join("/")}`);
  for (
    const [command, path] of [["mv", "a%20%2B%23"], ["cp", "a%20%2B%23"], ["mvDir", "a%20%2B%23/"]] as const
  ) {
    const { jfs, transport } = jfsWith(() => ({ body: "<folder/>" }));
    await jfs.transfer({ segments: ["Jotta", "Archive", "a +#"], ...ACTION }, command, target);
    const [request] = transport.requests;
    assert.equal(request?.method, "POST");
    assert.equal(request.url, `https://jfs.example/jfs/user%2B1/Jotta/Archive/${path}?${command}=${value}`);
    assert.deepEqual([request.body, request.headers["content-type"]], ["", undefined]);
    // What the service reads: the value is decoded once, a plus sign stands for itself.
    assert.equal(new URL(request.url).searchParams.get(command), `/user+1/${target.join("/")}`);
  }
});

Deno.test("JfsClient.transfer() refuses a target that is no name, before anything is sent", async () => {
  for (const name of ["", ".", "..", "\ud800"]) {
    const { jfs, transport } = jfsWith(() => ({}));
    await assert.rejects(jfs.transfer({ segments: ["a"], ...ACTION }, "mv", ["Jotta", name]), {
      code: "usage",
    });
    assert.equal(transport.requests.length, 0);
  }
});

Deno.test("JfsClient.transfer() tells a missing source from a taken target", async () => {
  for (const [status, kind] of [[404, FileNotFoundError], [409, ConflictError]] as const) {
    const { jfs } = jfsWith(() => ({ status, body: "<error/>" }));
    await assert.rejects(jfs.transfer({ segments: ["a"], ...ACTION }, "mv", ["b"]), kind);
  }
});

Deno.test("JfsClient.share() reads the link from a file, a folder with entries and a mountpoint", async () => {
  const link = "<publicURI>9c1d</publicURI>";
  const entries = '<files><file name="x" uuid="u"><publicURI>other</publicURI></file></files>';
  const documents: readonly (readonly [body: string, link: string | undefined])[] = [
    [`<file name="a">${link}</file>`, "9c1d"],
    [`<folder name="a">${entries}${link}</folder>`, "9c1d"],
    [`<folder name="a">${link}${entries}</folder>`, "9c1d"],
    [`<mountPoint><name>Archive</name>${link}</mountPoint>`, "9c1d"],
    [`<folder name="a">${entries}</folder>`, undefined],
    ['<file name="a"><publicURI></publicURI></file>', undefined],
  ];
  for (const [body, expected] of documents) {
    const { jfs, transport } = jfsWith(() => ({ body }));
    assert.equal(await jfs.share({ segments: ["a#"], ...ACTION }, "enableShare"), expected, body);
    assert.equal(transport.requests[0]?.url, "https://jfs.example/jfs/user%2B1/a%23?mode=enableShare");
    assert.equal(transport.requests[0]?.method, "GET");
  }
  const { jfs } = jfsWith(() => ({ body: "<file" }));
  await assert.rejects(jfs.share({ segments: ["a"], ...ACTION }, "disableShare"), ProtocolError);
});
