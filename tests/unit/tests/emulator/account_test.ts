/** The account as a whole: customer, user and mountpoints (API reference 3.1-3.5, 4.2, 4.3), and its content directory. */
import assert from "node:assert/strict";
import { startEmulator } from "../../../emulator/mod.ts";
import { normalise, startSession, textOf } from "./session.ts";

const A = "/Jotta/Archive";

Deno.test("customer has every field of the service", async () => {
  await using session = await startSession({ quotaBytes: 500 });
  session.emulator.tree.putFile(`${A}/f`, "12345");
  const { text } = await session.call("/account/v1/customer");
  assert.deepEqual(JSON.parse(text), {
    username: session.emulator.username,
    email: session.emulator.email,
    name: "Kari Test",
    country_code: "NO",
    language_code: "nb_NO",
    customer_group_code: "",
    brand_code: "jotta",
    account_type: "PERSONAL",
    subscription_type: "FREE",
    usage: 5,
    quota: 500,
    business_usage: 0,
    business_quota: 0,
    write_locked: false,
    read_locked: false,
    locked_cause: null,
    web_hash: "",
    android_hash: "",
    ios_hash: "",
  });
  assert.equal((await session.call("/account/v1/customer", { method: "POST" })).status, 405);
});

Deno.test("user document: an unlimited account with its devices; a full one is marked", async () => {
  await using session = await startSession();
  const { text } = await session.get("");
  assert.equal(
    normalise(text, session),
    `<?xml version="1.0" encoding="UTF-8"?>

<user time="2024-05-01-T10:00:00Z" host="dn-101">
  <username>USER</username>
  <account-type>unlimited</account-type>
  <locked>false</locked>
  <capacity>-1</capacity>
  <max-devices>-1</max-devices>
  <max-mobile-devices>-1</max-mobile-devices>
  <usage>0</usage>
  <read-locked>false</read-locked>
  <write-locked>false</write-locked>
  <quota-write-locked>false</quota-write-locked>
  <enable-sync>true</enable-sync>
  <enable-foldershare>true</enable-foldershare>
  <devices>
    <device>
      <name xml:space="preserve">Jotta</name>
      <display_name xml:space="preserve">Jotta</display_name>
      <type>JOTTA</type>
      <sid>UUID</sid>
      <size>0</size>
      <modified></modified>
    </device>
  </devices>
</user>
`,
  );
  await using small = await startSession({ quotaBytes: 3, switches: { writeLocked: true } });
  small.emulator.tree.putFile(`${A}/f`, "123");
  const full = (await small.get("")).text;
  assert.deepEqual([textOf(full, "quota-write-locked"), textOf(full, "write-locked")], ["true", "true"]);
});

Deno.test("mountpoints: also on Jotta; creating a trashed one again brings it back without its content", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  assert.equal((await session.post("/Jotta/Custom")).status, 201);
  tree.putFile("/Jotta/Custom/f", "x");
  assert.equal((await session.post("/Jotta/Custom?dl=true")).status, 200);
  const trashed = await session.get("/Jotta/Custom");
  assert.equal(trashed.status, 200);
  assert.match(
    trashed.text,
    /<deleted>2024-05-01-T10:00:00Z<\/deleted>[^]*<file name="f" uuid="[^"]+" deleted=/,
  );
  const again = await session.post("/Jotta/custom");
  assert.equal(again.status, 200);
  assert.doesNotMatch(again.text, /<deleted>|<metadata|<files/);
  assert.equal(tree.isTrashed("/Jotta/Custom/f"), true);
  await session.post("/Jotta/Custom?dl=true");
  await session.post("/Jotta/Custom/new/folder?mkDir=true");
  assert.equal(tree.isTrashed("/Jotta/Custom"), false, "a folder made below brings it back too");
  assert.equal((await session.post('/PC"?type=WORKSTATION')).status, 400);
  assert.equal((await session.post("/Jotta/a%3Ab")).status, 400);
});

Deno.test("content lives in a directory of its own below the given one and leaves with the emulator", async () => {
  const parent = await Deno.makeTempDir();
  const content = new Uint8Array(1_000_000).fill(7);
  for (let round = 0; round < 2; round += 1) {
    await using emulator = await startEmulator({ dataDirectory: `${parent}/deep/data` });
    emulator.tree.seedIncomplete(`${A}/half`, content, 500_000);
    emulator.tree.putFile(`${A}/f`, content);
    assert.equal(Array.from(Deno.readDirSync(`${parent}/deep/data`)).length, 1);
    assert.deepEqual(emulator.tree.getFile(`${A}/f`)?.bytes(), content);
    await assert.rejects(
      startEmulator({ port: Number(new URL(emulator.endpoint).port), dataDirectory: parent }),
      Deno.errors.AddrInUse,
    );
  }
  assert.deepEqual(Array.from(Deno.readDirSync(`${parent}/deep/data`)), []);
  await Deno.remove(parent, { recursive: true });
});
