import assert from "node:assert/strict";
import { ListingLimit } from "../../../../lib/jfs/listing_limit.ts";

Deno.test("ListingLimit counts entries and the length of their names, and ends what does not end", () => {
  const few = new ListingLimit(1_000);
  for (let count = 0; count < 4; count++) few.count("short");
  assert.throws(() => few.count("short"), { code: "protocol", retry: "never" });
  assert.throws(() => new ListingLimit(1_000).count("x".repeat(1_000)), { code: "protocol" });
});

Deno.test("ListingLimit lets two million ordinary entries of one folder pass, and no ten million", () => {
  const limit = new ListingLimit();
  const name = "IMG_20240501_102030_of_the_sea.jpg";
  for (let count = 0; count < 2_000_000; count++) limit.count(name);
  assert.throws(() => {
    for (let count = 0; count < 8_000_000; count++) limit.count(name);
  }, /too long to be kept/);
});
