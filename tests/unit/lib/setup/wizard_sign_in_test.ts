/** ConfigWizard: "How do you sign in?" with a login token or a password, and what follows when it does not work. */
import { deepEqual, equal, match, notEqual, ok, rejects } from "node:assert/strict";
import { CancelledError } from "../../../../lib/errors.ts";
import { CANCEL, DEFAULT, type ScriptStep } from "../../../fakes/scripted_prompter.ts";
import {
  goOn,
  keep,
  keepStandard,
  LEGACY,
  loginToken,
  makeRemote,
  menu,
  newName,
  QUIT,
  STANDARD,
} from "./steps.ts";
import { World } from "./world.ts";

const NEW_JOTTA = [menu("New remote"), newName("jotta")];
const REGISTER = /^Register this machine with the service\?/;

function legacyAccount(world: World, password = world.emulator.password): ScriptStep[] {
  return [
    { asked: "User name (e-mail address)", kind: "input", answer: world.emulator.email, refused: ["", " "] },
    { asked: "Password", kind: "password", answer: password, refused: [""] },
    { asked: REGISTER, kind: "confirm", answer: DEFAULT },
  ];
}

function smsCode(answer: string, refused: readonly string[] = []): ScriptStep {
  return { asked: "Code from the SMS", kind: "input", answer, refused };
}

Deno.test("ConfigWizard offers another try, another way or the menu when the login token is refused, and saves nothing", async () => {
  await using world = await World.create();
  const asked = await world.run([
    ...NEW_JOTTA,
    STANDARD,
    loginToken("not a token"),
    goOn("Try again"),
    loginToken(world.emulator.loginToken.slice(0, 100)),
    goOn("Sign in in another way"),
    STANDARD,
    loginToken("eyJ"),
    goOn("Back to the menu"),
    QUIT,
  ]);
  deepEqual(asked.find((each) => each.message === "How do you want to go on?")?.choices, [
    "Try again",
    "Sign in in another way",
    "Back to the menu",
  ]);
  match(world.said, /jottash: Cannot use this login token: it is cut short\n {2}Copy all of it/);
  equal(await world.config(), "");
});

Deno.test("ConfigWizard keeps what is signed in when only its first use fails, and asks for no other try", async () => {
  await using world = await World.create();
  world.emulator.addFault({
    match: { path: "/account/v1/customer" },
    times: 100,
    action: { kind: "status", status: 404 },
  });
  await world.run([...NEW_JOTTA, STANDARD, loginToken(world.emulator.loginToken), QUIT]);
  match(
    world.said,
    /\njottash: Cannot use the new session of "jotta:": the service has no account for it\n {2}.* saved all the same/,
  );
  ok(await world.token("jotta") !== undefined);
});

Deno.test("ConfigWizard marks the way that a remote was signed in with before", async () => {
  await using world = await World.create();
  await world.run([...NEW_JOTTA, LEGACY, ...legacyAccount(world), ...keepStandard("jotta"), QUIT]);
  const token = await world.token("jotta");
  await world.run([
    menu("Edit existing remote"),
    { asked: "Which remote is to be edited?", answer: "jotta" },
    { asked: "Sign in again?", answer: true },
    { asked: "How do you sign in?", answer: DEFAULT },
    { asked: "User name (e-mail address)", answer: DEFAULT },
    { asked: "Password", answer: world.emulator.password },
    { asked: REGISTER, answer: true },
    { asked: /^Change its device/, answer: false },
    keep("jotta"),
    QUIT,
  ]);
  equal((await world.record("jotta")).method, "legacy");
  notEqual(await world.token("jotta"), token);
});

Deno.test("ConfigWizard changes the way to sign in of a remote and keeps its settings", async () => {
  await using world = await World.create();
  await world.run([...NEW_JOTTA, LEGACY, ...legacyAccount(world), ...keepStandard("jotta"), QUIT]);
  await (await world.context.configStore()).update((document) =>
    document.set("jotta", "hard_delete", "true")
  );
  await world.run([
    menu("Edit existing remote"),
    { asked: "Which remote is to be edited?", answer: "jotta" },
    { asked: "Sign in again?", answer: true },
    STANDARD,
    loginToken(world.emulator.loginToken),
    { asked: /^Change its device/, answer: false },
    keep("jotta"),
    QUIT,
  ]);
  const { username, client_id, hard_delete, configVersion } = await world.section("jotta");
  deepEqual([username, client_id, hard_delete, configVersion], [undefined, "jottacli", "true", "1"]);
  equal((await world.record("jotta")).method, "standard");
});

Deno.test("ConfigWizard says of a remote without a session that it has none, and offers to sign in", async () => {
  await using world = await World.create();
  await world.run([...makeRemote("jotta", world.emulator.loginToken), QUIT]);
  await (await world.context.configStore()).update((document) => document.deleteKey("jotta", "token"));
  await world.run([
    menu("Edit existing remote"),
    { asked: "Which remote is to be edited?", answer: "jotta" },
    { asked: "Sign in now? (It has no session)", answer: DEFAULT },
    STANDARD,
    loginToken(world.emulator.issueLoginToken()),
    { asked: /^Change its device/, answer: false },
    keep("jotta"),
    QUIT,
  ]);
  ok(await world.token("jotta") !== undefined);
});

Deno.test("ConfigWizard signs in with user name and password, with a registration for this machine or without", async () => {
  for (const registers of [true, false]) {
    await using world = await World.create();
    const [user, password] = legacyAccount(world);
    ok(user !== undefined && password !== undefined);
    await world.run([
      ...NEW_JOTTA,
      LEGACY,
      user,
      password,
      { asked: REGISTER, answer: registers },
      ...keepStandard("jotta"),
      QUIT,
    ]);
    match(world.said, /Jottacloud ended this way to sign in in 2025/);
    match(world.said, new RegExp(`Signed in as ${world.emulator.email}\\.`));
    equal((await world.section("jotta"))["configVersion"], "0");
    const paths = world.emulator.requests.map((request) => request.path);
    equal(paths.some((path) => path.startsWith("/auth/v1/register")), registers);
    ok(!world.said.includes(world.emulator.password));
  }
});

Deno.test("ConfigWizard asks for the code of the SMS up to three times", async () => {
  await using world = await World.create({ switches: { legacyOneTimeCode: "123456" } });
  await world.run([
    ...NEW_JOTTA,
    LEGACY,
    ...legacyAccount(world),
    smsCode("111111", ["", "12345", "1234567", "abcdef"]),
    smsCode("222222"),
    smsCode("123-456"),
    ...keepStandard("jotta"),
    QUIT,
  ]);
  match(
    world.said,
    /The service refused that code \(try 2 of 3\)\.[^]*The service refused that code \(try 3 of 3\)\./,
  );
  ok(await world.token("jotta") !== undefined);
});

Deno.test("ConfigWizard gives up a code after the third time; another try offers the user name again", async () => {
  await using world = await World.create({ switches: { legacyOneTimeCode: "123456" } });
  await world.run([
    ...NEW_JOTTA,
    LEGACY,
    ...legacyAccount(world),
    smsCode("111111"),
    smsCode("222222"),
    smsCode("333333"),
    goOn("Try again"),
    { asked: "User name (e-mail address)", answer: DEFAULT },
    ...legacyAccount(world).slice(1),
    smsCode("123 456"),
    ...keepStandard("jotta"),
    QUIT,
  ]);
  ok(await world.token("jotta") !== undefined);
});

Deno.test("ConfigWizard says why a password sign-in failed: a wrong password, a service that ended it", async () => {
  await using world = await World.create();
  const wrong = [LEGACY, ...legacyAccount(world, "wrong password")];
  await world.run([...NEW_JOTTA, ...wrong, goOn("Back to the menu"), QUIT]);
  match(world.said, /\njottash: Cannot sign in/);
  ok(!world.said.includes("wrong password"));
  world.emulator.setSwitches({ legacyLogin: false });
  const before = world.said.length;
  await world.run([
    ...NEW_JOTTA,
    LEGACY,
    ...legacyAccount(world),
    goOn("Sign in in another way"),
    STANDARD,
    loginToken(world.emulator.loginToken),
    ...keepStandard("jotta"),
    QUIT,
  ]);
  match(
    world.said.slice(before),
    /\njottash: Cannot register this machine: the service has ended this way to sign in[^]*login token/,
  );
  equal((await world.record("jotta")).method, "standard");
});

Deno.test("ConfigWizard stops at any question of a password sign-in, and saves nothing", async () => {
  await using world = await World.create({ switches: { legacyOneTimeCode: "123456" } });
  const steps = [...NEW_JOTTA, LEGACY, ...legacyAccount(world), smsCode("111111")];
  for (let index = NEW_JOTTA.length; index < steps.length; index++) {
    const stopped = { asked: steps[index]?.asked ?? "", answer: CANCEL } as const;
    await rejects(world.run([...steps.slice(0, index), stopped]), CancelledError);
    equal(await world.config(), "", `at ${index}`);
  }
});
