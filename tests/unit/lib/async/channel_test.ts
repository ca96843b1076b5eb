import assert from "node:assert/strict";
import { Channel } from "../../../../lib/async/channel.ts";

/** Lets every promise that is ready have its turn. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("Channel holds no more than its capacity", async () => {
  const channel = new Channel<number>(2);
  let sent = 0;
  const sending = (async () => {
    for (let item = 0; item < 5; item++) {
      await channel.send(item);
      sent++;
    }
    channel.close();
  })();
  await settle();
  assert.equal(sent, 2);
  assert.deepEqual(await Array.fromAsync(channel), [0, 1, 2, 3, 4]);
  await sending;
});

Deno.test("Channel gives each item to one of several readers, in order, from several senders", async () => {
  const channel = new Channel<string>(3);
  const send = async (name: string) => {
    for (let item = 0; item < 100; item++) await channel.send(`${name}${item}`);
  };
  const readers = Promise.all(Array.from({ length: 4 }, () => Array.fromAsync(channel)));
  await Promise.all(["a", "b", "c"].map(send));
  channel.close();
  const all = (await readers).flat();
  assert.equal(new Set(all).size, 300);
  assert.equal(all.length, 300);
  for (const part of await readers) {
    for (const name of ["a", "b", "c"]) {
      const own = part.filter((item) => item.startsWith(name)).map((item) => Number(item.slice(1)));
      assert.deepEqual(own, [...own].sort((x, y) => x - y));
    }
  }
});

Deno.test("Channel closes after what is queued, wakes waiting readers, and takes nothing more", async () => {
  const channel = new Channel<number>(5);
  await channel.send(1);
  channel.close();
  channel.close();
  assert.deepEqual(await Array.fromAsync(channel), [1]);
  await assert.rejects(channel.send(2), /closed/);
  const empty = new Channel<number>(1);
  const waiting = Promise.all([Array.fromAsync(empty), Array.fromAsync(empty)]);
  await settle();
  empty.close();
  assert.deepEqual(await waiting, [[], []]);
});

Deno.test("Channel fails both sides with the first reason and drops what is queued", async () => {
  const channel = new Channel<number>(1);
  await channel.send(1);
  const sending = assert.rejects(channel.send(2), /first/);
  const empty = new Channel<number>(1);
  const reading = assert.rejects(Array.fromAsync(empty), /first/);
  await settle();
  for (const each of [channel, empty]) {
    each.fail(new Error("first"));
    each.fail(new Error("second"));
    await assert.rejects(each.send(3), /first/);
    await assert.rejects(Array.fromAsync(each), /first/);
  }
  await Promise.all([sending, reading]);
});

Deno.test("Channel closed under a waiting sender rejects it", async () => {
  const channel = new Channel<number>(1);
  await channel.send(1);
  const sending = assert.rejects(channel.send(2), /closed/);
  await settle();
  channel.close();
  await sending;
});

Deno.test("Channel refuses a capacity that is none", () => {
  for (const capacity of [0, -1, 1.5, NaN]) assert.throws(() => new Channel(capacity), RangeError);
});
