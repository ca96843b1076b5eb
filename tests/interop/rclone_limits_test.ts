/**
 * What is put in order and cut off: of rclone and jottash the same files arrive, on this machine and on the service.
 * Where they are meant to differ, the story says why.
 */
import assert from "node:assert/strict";
import { eachDoes, twins } from "./twin_trees.ts";
import { rcloneExceptionTest, rcloneTest } from "./world.ts";

const LATER = 1_600_001_000;

const SIDES = ["local", "remote"] as const;
const PLACES = { local: "on this machine", remote: "on the service" } as const;

const sized = (...sizes: readonly number[]) =>
  Object.fromEntries(sizes.map((size, index) => [
    `${"edcba"[index]}`,
    // No two with the same content: what the account holds already is not sent.
    [`${index}`.repeat(size * 10_240), LATER + (index * 7 % 5)] as const,
  ]));

/** Limit, in which mode, in which order: which of five files arrive. */
const LIMITS: readonly (readonly [limit: string, cutoff: string, order: string, arrived: string])[] = [
  ["250Ki", "hard", "name", "a b"],
  ["250Ki", "soft", "name", "a b c"],
  ["250Ki", "cautious", "name", "a b"],
  ["200Ki", "hard", "name,asc", "a b"],
  ["200Ki", "soft", "name,desc", "d e"],
  ["200Ki", "cautious", "name,descending", "e"],
  ["0", "hard", "name", ""],
  ["500Ki", "hard", "name", "a b c d e"],
];

for (const [limit, cutoff, order, arrived] of LIMITS) {
  for (const side of SIDES) {
    rcloneTest(
      `rclone and jottash transfer up to ${limit}, ${cutoff}, by ${order}, ${PLACES[side]}`,
      {},
      async (world) => {
        const { files, status } = await twins(world, side, {
          source: sized(10, 10, 10, 10, 10),
          isSourceOwn: true,
          before: {},
          runs: [(source, place) => [
            "copy",
            source,
            `${place}/target`,
            ...["--transfers", "1", "--check-first", "--order-by", order],
            ...["--max-transfer", limit, "--cutoff-mode", cutoff],
          ]],
        });
        const names = files.map((file) => file.replace(/^target\/(.*):.*$/, "$1"));
        assert.equal(names.join(" "), arrived);
        assert.equal(status, arrived.length === 9 ? 0 : 8);
      },
    );
  }
}

/** Which of files of 10 to 50 KiB are there when 55 KiB have been begun, one after the other. */
const ORDERS: readonly (readonly [order: string, arrived: string])[] = [
  ["size", "c d e"],
  ["size,desc", "a b"],
  ["size,mixed", "c d e"],
  ["size,mixed,0", "a b"],
  ["modtime", "b d e"],
  ["modtime,desc", "a c"],
];

for (const [order, arrived] of ORDERS) {
  rcloneTest(`rclone and jottash begin by ${order}`, {}, async (world) => {
    const { files } = await twins(world, "remote", {
      source: sized(1, 2, 3, 4, 5),
      isSourceOwn: true,
      before: {},
      runs: [(source, place) => [
        "copy",
        source,
        `${place}/target`,
        ...["--transfers", "1", "--check-first", "--order-by", order],
        ...["--max-transfer", "55Ki", "--cutoff-mode", "soft"],
      ]],
    });
    assert.equal(files.map((file) => file.replace(/^target\/(.*):.*$/, "$1")).join(" "), arrived);
  });
}

rcloneExceptionTest(
  "rclone 1.60 ends with 7 when the time is over; jottash ends as later versions, with 10",
  {},
  async (world) => {
    for (const cutoff of ["hard", "soft"]) {
      const { rclone, jottash } = await eachDoes(world, "remote", {
        source: { "a": "a" },
        before: {},
        runs: [(source, place) => [
          "copy",
          source,
          `${place}/${cutoff}`,
          "--max-duration",
          "1ns",
          "--cutoff-mode",
          cutoff,
        ]],
      });
      assert.deepEqual(rclone, { files: [], status: 7 });
      assert.deepEqual(jottash, { files: [], status: 10 });
    }
  },
);
