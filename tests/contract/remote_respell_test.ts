/** The case of a name on a service that folds case, also where it does not change it at once. */
import assert from "node:assert/strict";
import { ServiceError } from "../../lib/errors.ts";
import { type EmulatorWorld, type EmulatorWorldOptions, withEmulator } from "./remote_worlds.ts";

const TREE = "/Jotta/Archive";

function test(
  title: string,
  options: EmulatorWorldOptions,
  work: (world: EmulatorWorld) => Promise<void>,
): void {
  Deno.test(title, () => withEmulator(options, work));
}

function commandsSent({ emulator }: EmulatorWorld): string[] {
  return emulator.requests.filter(({ method }) => method === "POST")
    .map(({ path, query }) => `${path.split("/").slice(5).join("/")}?${query.split("=")[0]}`);
}

for (const kind of ["file", "folder"] as const) {
  for (
    const action of [{ kind: "status", status: 409, body: "xml" }, { kind: "status", status: 200 }] as const
  ) {
    test(
      `the case of a ${kind}'s name changes by way of another name where mv answers ${action.status} and does nothing`,
      {},
      async (world) => {
        const { emulator, remote } = world;
        const tree = remote();
        const path = kind === "file" ? "dir/a" : "dir/a/inside";
        emulator.tree.putFile(`${TREE}/${path}`, "x");
        const work = { source: tree, from: "dir/a", to: "dir/A" };
        const rename = () => kind === "file" ? tree.moveFile(work) : tree.moveDirectory(work);
        emulator.addFault({ match: { query: /^mv(Dir)?=/ }, times: 1, action });
        await rename();
        assert.deepEqual(emulator.tree.list(`${TREE}/dir`), ["A"]);
        assert.equal(commandsSent(world).length, 3);
      },
    );
  }

  test(`a ${kind} whose new spelling fails halfway has its old name again`, {
    retryPolicy: { maxAttempts: 1 },
  }, async ({ emulator, remote }) => {
    const tree = remote();
    const path = kind === "file" ? "a" : "a/inside";
    emulator.tree.putFile(`${TREE}/${path}`, "x");
    const match = { query: /^mv(Dir)?=/ };
    emulator.addFault({ match, times: 1, action: { kind: "status", status: 409 } });
    emulator.addFault({ match, times: 1, skip: 1, action: { kind: "status", status: 500 } });
    const work = { source: tree, from: "A", to: "A" };
    await assert.rejects(kind === "file" ? tree.moveFile(work) : tree.moveDirectory(work), ServiceError);
    assert.deepEqual(emulator.tree.list(TREE), ["a"]);
  });
}
