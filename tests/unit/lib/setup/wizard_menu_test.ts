/** ConfigWizard: what can be done to remotes that exist. */
import { deepEqual, equal, match, notEqual, ok, rejects } from "node:assert/strict";
import { CancelledError } from "../../../../lib/errors.ts";
import { CANCEL, DEFAULT, type ScriptStep } from "../../../fakes/scripted_prompter.ts";
import { keep, loginToken, makeRemote, menu, newName, QUIT, STANDARD } from "./steps.ts";
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
  const another = { asked: "Try another login token?", answer: false } as const;
  await world.run([...upTo(loginToken("nonsense")), another, QUIT]);
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

Deno.test("ConfigWizard deletes a remote only after a yes", async () => {
  await using world = await withRemote();
  const steps = [menu("Delete remote"), choose("deleted")];
  const sure = /^Delete the remote "jotta" from the config\?/;
  await world.run([...steps, { asked: sure, answer: DEFAULT }, QUIT]);
  ok((await world.context.config()).has("jotta"));
  await world.run([...steps, { asked: sure, answer: true }, QUIT]);
  deepEqual((await world.context.config()).sections(), ["other"]);
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
    [menu("Delete remote"), choose("deleted"), { asked: /^Delete the remote/, answer: CANCEL }],
    [menu("Edit existing remote"), { ...choose("edited"), answer: CANCEL }],
    [menu("Edit existing remote"), choose("edited"), { asked: /^Sign in again/, answer: CANCEL }],
  ];
  for (const script of scripts) {
    await rejects(world.run(script), CancelledError);
    equal(await world.config(), before);
  }
});
