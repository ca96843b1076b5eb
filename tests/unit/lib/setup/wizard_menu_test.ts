/** ConfigWizard: what can be done to remotes that exist. */
import { deepEqual, equal, match, notEqual, ok, rejects } from "node:assert/strict";
import { CancelledError } from "../../../../lib/errors.ts";
import { fingerprintOf } from "../../../../lib/store/fingerprint.ts";
import {
  formatSessionRecord,
  parseSessionRecord,
  SESSION_RECORD_KEY,
} from "../../../../lib/store/session_record.ts";
import { parseToken } from "../../../../lib/store/token_store.ts";
import { CANCEL, DEFAULT, type ScriptStep } from "../../../fakes/scripted_prompter.ts";
import { goOn, keep, loginToken, makeRemote, menu, newName, QUIT, STANDARD } from "./steps.ts";
import { World } from "./world.ts";

async function withRemote(): Promise<World> {
  const world = await World.create();
  await world.run([...makeRemote("jotta", world.emulator.loginToken), QUIT]);
  await (await world.context.configStore()).update((document) => {
    document.set("jotta", "mountpoint", "Sync");
    document.set("jotta", "hard_delete", "true");
    document.set("other", "type", "s3");
  });
  return world;
}

function choose(what: string, name = "jotta"): ScriptStep {
  return { asked: `Which remote is to be ${what}?`, kind: "select", answer: name };
}

Deno.test("ConfigWizard renames a remote with all it has, its session too", async () => {
  await using world = await withRemote();
  const [before, token] = [await world.section("jotta"), await world.token("jotta")];
  await world.run([menu("Rename remote"), choose("renamed"), newName("cloud", ["other", "jotta"]), QUIT]);
  deepEqual((await world.context.config()).sections(), ["cloud", "other"]);
  deepEqual(await world.section("cloud"), before);
  equal(await world.token("cloud"), token);
  equal((await (await world.context.accounts.get("cloud")).customer()).email, world.emulator.email);
});

Deno.test("ConfigWizard copies a remote without its session; the copy signs in for itself", async () => {
  await using world = await withRemote();
  const token = await world.token("jotta");
  await world.run([
    menu("Copy remote"),
    choose("copied"),
    newName("twin"),
    STANDARD,
    loginToken(world.emulator.issueLoginToken()),
    keep("twin"),
    QUIT,
  ]);
  deepEqual(await world.section("twin"), await world.section("jotta"));
  equal(await world.token("jotta"), token);
  const own = await world.token("twin");
  ok(own !== undefined);
  notEqual(own, token);
});

/** A section that came and went may leave an empty line at the end. */
async function configOf(world: World): Promise<string> {
  return (await world.config()).trimEnd();
}

Deno.test("ConfigWizard leaves no half of a copy behind when its sign-in fails or is given up", async () => {
  await using world = await withRemote();
  const before = await configOf(world);
  const upTo = (
    answer: ScriptStep,
  ) => [menu("Copy remote"), choose("copied"), newName("twin"), STANDARD, answer];
  await world.run([...upTo(loginToken("nonsense")), goOn("Back to the menu"), QUIT]);
  equal(await configOf(world), before);
  await rejects(world.run(upTo({ asked: "Personal login token", answer: CANCEL })), CancelledError);
  equal(await configOf(world), before);
});

Deno.test("ConfigWizard edits a remote: signs in again only when asked to, keeps what it is not asked about", async () => {
  await using world = await withRemote();
  const [before, token] = [await world.section("jotta"), await world.token("jotta")];
  const edit = [menu("Edit existing remote"), choose("edited")];
  const stay: ScriptStep = {
    asked: /^Change its device\/mountpoint\? \(Now: Jotta\/Sync\)/,
    answer: DEFAULT,
  };
  await world.run([...edit, { asked: /^Sign in again\?/, answer: false }, stay, keep("jotta"), QUIT]);
  deepEqual(await world.section("jotta"), before);
  equal(await world.token("jotta"), token);
  await world.run([
    ...edit,
    { asked: /^Sign in again\?/, answer: true },
    STANDARD,
    loginToken(world.emulator.issueLoginToken()),
    stay,
    keep("jotta"),
    QUIT,
  ]);
  deepEqual(await world.section("jotta"), before);
  notEqual(await world.token("jotta"), token);
});

Deno.test("ConfigWizard leads back to the menu from a remote of another kind of cloud", async () => {
  await using world = await withRemote();
  const before = await world.config();
  await world.run([menu("Edit existing remote"), choose("edited", "other"), QUIT]);
  match(world.said, /jottash: Cannot use "other:": its type is "s3", not "jottacloud"/);
  equal(await world.config(), before);
});

const SURE = /^Delete the remote "jotta" from the config\?/;
const END = "End its session at the service too?";

Deno.test("ConfigWizard deletes a remote only after a yes, and ends its session at the service", async () => {
  await using world = await withRemote();
  const steps = [menu("Delete remote"), choose("deleted")];
  await world.run([...steps, { asked: SURE, answer: DEFAULT }, QUIT]);
  ok((await world.context.config()).has("jotta"));
  equal(world.emulator.stats.revocations, 0);
  await world.run([...steps, { asked: SURE, answer: true }, { asked: END, answer: DEFAULT }, QUIT]);
  deepEqual((await world.context.config()).sections(), ["other"]);
  equal(world.emulator.stats.revocations, 1);
});

Deno.test("ConfigWizard deletes a remote without touching its session when told so", async () => {
  await using world = await withRemote();
  world.emulator.clearRequests();
  const steps = [menu("Delete remote"), choose("deleted"), { asked: SURE, answer: true }] as const;
  await world.run([...steps, { asked: END, answer: false }, QUIT]);
  deepEqual((await world.context.config()).sections(), ["other"]);
  deepEqual(world.emulator.requests, []);
});

Deno.test("ConfigWizard says why a session goes on at the service, and deletes the remote all the same", async () => {
  await using world = await withRemote();
  world.emulator.addFault({
    match: { path: "/.well-known/" },
    times: 100,
    action: { kind: "status", status: 404 },
  });
  const steps = [menu("Delete remote"), choose("deleted"), { asked: SURE, answer: true }] as const;
  await world.run([...steps, { asked: END, answer: true }, QUIT]);
  match(world.said, /\nThe session goes on at the service: [^\n]+\.\n/);
  deepEqual((await world.context.config()).sections(), ["other"]);
});

Deno.test("ConfigWizard asks no question about the session of a remote that has none", async () => {
  await using world = await withRemote();
  await world.run([
    menu("Delete remote"),
    choose("deleted", "other"),
    { asked: /^Delete the remote "other"/, answer: true },
    QUIT,
  ]);
  deepEqual((await world.context.config()).sections(), ["jotta"]);
});

Deno.test("ConfigWizard stops when a question about an existing remote is answered with Ctrl-C", async () => {
  await using world = await withRemote();
  const before = await world.config();
  const scripts: ScriptStep[][] = [
    [{ asked: "What would you like to do?", answer: CANCEL }],
    [menu("Rename remote"), { ...choose("renamed"), answer: CANCEL }],
    [menu("Rename remote"), choose("renamed"), { ...newName(""), answer: CANCEL }],
    [menu("Copy remote"), { ...choose("copied"), answer: CANCEL }],
    [menu("Copy remote"), choose("copied"), { ...newName(""), answer: CANCEL }],
    [menu("Delete remote"), { ...choose("deleted"), answer: CANCEL }],
    [menu("Delete remote"), choose("deleted"), { asked: SURE, answer: CANCEL }],
    [menu("Delete remote"), choose("deleted"), { asked: SURE, answer: true }, { asked: END, answer: CANCEL }],
    [menu("Edit existing remote"), { ...choose("edited"), answer: CANCEL }],
    [menu("Edit existing remote"), choose("edited"), { asked: /^Sign in again/, answer: CANCEL }],
  ];
  for (const script of scripts) {
    await rejects(world.run(script), CancelledError);
    equal(await world.config(), before);
  }
});

Deno.test("ConfigWizard shows how it stands with each session, and what to do", async () => {
  await using world = await withRemote();
  const store = await world.context.configStore();
  const { refreshToken = "" } = parseToken(await world.token("jotta") ?? "") ?? {};
  const intent = { token: await fingerprintOf(refreshToken), atMs: Date.UTC(2026, 0, 2) };
  await store.update((document) => {
    for (const name of ["empty", "copy", "begun"]) document.copySection("jotta", name);
    document.deleteKey("empty", "token");
    const note = parseSessionRecord(document.get("jotta", SESSION_RECORD_KEY));
    document.set("copy", SESSION_RECORD_KEY, formatSessionRecord({ ...note, machine: "m:another" }));
    document.set("begun", SESSION_RECORD_KEY, formatSessionRecord({ ...note, intent }));
  });
  const from = world.said.length;
  await world.run([
    menu("Edit existing remote"),
    choose("edited", "copy"),
    { asked: "Sign in again?", answer: DEFAULT },
    { asked: "How do you sign in?", answer: DEFAULT },
    loginToken(world.emulator.issueLoginToken()),
    { asked: /^Change its device/, answer: DEFAULT },
    keep("copy"),
    QUIT,
  ]);
  const said = world.said.slice(from).replace(/^debug: .*\n/gm, "");
  match(said, /\njotta +jottacloud +ok\nother +s3\n/);
  match(said, /\nempty +jottacloud +none\ncopy +jottacloud +copied\nbegun +jottacloud +interrupted\n/);
  match(said, /\ncopied: from another machine[^]*edit the remote to sign in again/);
  // The second list, after the sign-in.
  match(said, /\ncopy +jottacloud +ok\n/);
});

Deno.test("ConfigWizard leads to the password of the configuration", async () => {
  await using world = await withRemote();
  const before = await world.config();
  await world.run([
    menu("Set configuration password"),
    { asked: /^The configuration is not encrypted/, kind: "select", answer: "Leave it as it is" },
    QUIT,
  ]);
  equal(await world.config(), before);
});
