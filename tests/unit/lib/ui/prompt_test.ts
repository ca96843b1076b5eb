import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { KeyInput, PasteSplitter } from "../../../../lib/ui/key_input.ts";
import { NoTerminalPrompter } from "../../../../lib/ui/prompt.ts";
import { CANCEL, DEFAULT, ScriptedPrompter } from "../../../fakes/scripted_prompter.ts";

Deno.test("NoTerminalPrompter fails every question and says what to do instead", async () => {
  const prompter = new NoTerminalPrompter("Use --login-token-file F");
  const expected = {
    name: "UsageError",
    message: 'Cannot ask "Name?": a terminal is needed',
    hint: "Use --login-token-file F",
  };
  await assert.rejects(prompter.input({ message: "Name?" }), expected);
  await assert.rejects(prompter.password({ message: "Name?" }), expected);
  await assert.rejects(prompter.confirm({ message: "Name?", default: true }), expected);
  await assert.rejects(prompter.select({ message: "Name?", choices: [] }), expected);
});

Deno.test("PasteSplitter finds pastes, however the input is cut", () => {
  const input = "ab\x1b[200~tok\r\nen\x1b[31m\x1b[201~\r\x1b[Ac";
  const expected = { keys: "ab\r\x1b[Ac", pasted: "token[31m" };
  for (let first = 0; first <= input.length; first++) {
    for (let second = first; second <= input.length; second++) {
      const splitter = new PasteSplitter();
      const got = { keys: "", pasted: "" };
      for (const piece of [input.slice(0, first), input.slice(first, second), input.slice(second)]) {
        for (const part of splitter.split(piece)) got[part.kind] += part.text;
      }
      assert.deepEqual(got, expected, `cut at ${first} and ${second}`);
    }
  }
});

Deno.test("PasteSplitter takes a long run for a paste without brackets, but not beside an ESC", () => {
  assert.deepEqual(new PasteSplitter().split("longtoken\rrest"), [
    { kind: "pasted", text: "longtoken" },
    { kind: "keys", text: "\r" },
    { kind: "keys", text: "rest" },
  ]);
  assert.deepEqual(new PasteSplitter().split("\x1b[1;5Caaaaaaaaa"), [{
    kind: "keys",
    text: "\x1b[1;5Caaaaaaaaa",
  }]);
});

/** Standard input without a terminal behind it. */
class FakeStdin extends EventEmitter {
  readonly calls: string[] = [];

  resume = () => this.calls.push("resume");
  pause = () => this.calls.push("pause");
  setRawMode = (isRaw: boolean) => this.calls.push(`raw ${isRaw}`);

  type(text: string): void {
    this.emit("data", new TextEncoder().encode(text));
  }
}

Deno.test("KeyInput feeds a line editor: a paste of 20,000 characters arrives whole and fast", () => {
  const stdin = new FakeStdin();
  const input = new KeyInput(stdin);
  const editor = createInterface({
    input: input as unknown as NodeJS.ReadableStream,
    output: new PassThrough().resume(),
    terminal: true,
  });
  const lines: string[] = [];
  editor.on("line", (line) => lines.push(line));
  const token = "abcde".repeat(4_000);
  stdin.type(`ab\x7f\x1b[200~${token.slice(0, 9_000)}\r\n`);
  stdin.type(`${token.slice(9_000)}\n\x1b[201~`);
  assert.deepEqual(lines, []);
  stdin.type("\r");
  assert.deepEqual(lines, [`a${token}`]);
  assert.equal(input.ended.aborted, false);
  stdin.type("\x04");
  assert.equal(input.ended.aborted, true);
  input[Symbol.dispose]();
  assert.equal(stdin.listenerCount("data") + stdin.listenerCount("end"), 0);
  assert.ok(stdin.calls.includes("raw true") && stdin.calls.includes("raw false"));
});

Deno.test("KeyInput tells of the end of the input", () => {
  const stdin = new FakeStdin();
  using input = new KeyInput(stdin);
  stdin.emit("end");
  assert.equal(input.ended.aborted, true);
});

Deno.test("ScriptedPrompter answers its script and fails on anything else", async () => {
  const choices = [{ value: 1, name: "Jotta" }, { value: 2, name: "Old", disabled: "gone" }];
  const notEmpty = (text: string) => text !== "" || "Needed";
  const prompter = new ScriptedPrompter([
    { asked: "Name?", kind: "input", answer: "x", refused: [""] },
    { asked: /device/i, answer: "Jotta" },
    { asked: /device/i, answer: "Old" },
    { asked: "Sure?", answer: DEFAULT },
    { asked: "Token?", answer: CANCEL },
    { asked: "Last?", answer: true },
  ]);
  assert.equal(await prompter.input({ message: "Name?", validate: notEmpty }), "x");
  assert.equal(await prompter.select({ message: "Choose a device", choices }), 1);
  await assert.rejects(prompter.select({ message: "Choose a device", choices }), /disabled/);
  assert.equal(await prompter.confirm({ message: "Sure?", default: true }), true);
  await assert.rejects(prompter.password({ message: "Token?" }), { name: "CancelledError" });
  assert.throws(() => prompter.assertDone(), /never asked: Last\?/);
  await assert.rejects(prompter.confirm({ message: "Else?", default: true }), /expected question Last\?/);
  await assert.rejects(prompter.confirm({ message: "More?", default: true }), /unexpected question: More\?/);
  assert.deepEqual(prompter.asked[1], {
    kind: "select",
    message: "Choose a device",
    choices: ["Jotta", "Old (gone)"],
  });
});
