import assert from "node:assert/strict";
import { WorkStack } from "../../../../lib/async/work_stack.ts";

Deno.test("WorkStack does all work that work finds, within its bound", async () => {
  const stack = new WorkStack<number>([6]);
  let done = 0;
  let busy = 0;
  let most = 0;
  await stack.run(3, async (depth) => {
    most = Math.max(most, ++busy);
    await Promise.resolve();
    for (let child = 0; child < depth; child++) stack.push(depth - 1);
    await Promise.resolve();
    busy--;
    done++;
  });
  assert.equal(done, 1957); // sum of 6!/k! for k = 0..6
  assert.equal(most, 3);
});

Deno.test("WorkStack ends at once when there is nothing to do", async () => {
  await new WorkStack([]).run(4, () => Promise.reject(new Error("never")));
});

Deno.test("WorkStack stops the intake at the first failure, waits for the rest and throws it", async () => {
  const stack = new WorkStack<number>(Array.from({ length: 100 }, (_, index) => index));
  let begun = 0;
  let ended = 0;
  const running = stack.run(4, async (item) => {
    begun++;
    await new Promise((resolve) => setTimeout(resolve, item === 99 ? 0 : 5));
    ended++;
    if (item === 99) throw new Error("first");
    if (item === 98) throw new Error("second");
  });
  await assert.rejects(running, /first/);
  assert.ok(begun < 10);
  assert.equal(ended, begun);
});

Deno.test("WorkStack goes into the depth first, so that the stack stays small", async () => {
  const order: string[] = [];
  const stack = new WorkStack(["a", "b"]);
  await stack.run(1, (item) => {
    order.push(item);
    if (item === "b") { for (const child of ["b1", "b2"]) stack.push(child); }
    return Promise.resolve();
  });
  assert.deepEqual(order, ["b", "b2", "b1", "a"]);
});
