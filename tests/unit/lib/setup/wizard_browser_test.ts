/** ConfigWizard: the sign-in with the browser. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { CancelledError } from "../../../../lib/errors.ts";
import { CANCEL, DEFAULT, type ScriptStep } from "../../../fakes/scripted_prompter.ts";
import { redirectOf } from "./memory_browser.ts";
import {
  goOn,
  keep,
  keepStandard,
  loginToken,
  makeRemote,
  menu,
  newName,
  openBrowser,
  QUIT,
  service,
  STANDARD,
  TRADITIONAL,
} from "./steps.ts";
import { World } from "./world.ts";

const NEW_JOTTA = [menu("New remote"), newName("jotta"), TRADITIONAL];
const WAITING = /Waiting for the browser/;

/** Pastes the address that a browser on another machine ends at, perhaps changed. */
function paste(world: World, change: (url: string) => string = (url) => url): ScriptStep {
  return {
    asked: "Address of that page",
    kind: "password",
    answer: async () => change(await redirectOf(world.shownUrl)),
    refused: ["", " ", "https://id.jottacloud.com/auth/realms/jottacloud/login"],
  };
}

function withBrowser(world: World): void {
  world.launcher.hasBrowser = true;
  world.launcher.onOpen = (url) => void world.loopback.browse(url);
}

Deno.test("ConfigWizard opens the browser, waits for it, and signs in", async () => {
  await using world = await World.create();
  withBrowser(world);
  const asked = await world.run([
    ...NEW_JOTTA,
    service("Telia Sky (Norway)"),
    openBrowser(DEFAULT),
    ...keepStandard("jotta"),
    QUIT,
  ]);
  deepEqual(asked.find((each) => each.message === "Which service?")?.choices, [
    "Jottacloud",
    "Elgiganten Cloud (Denmark)",
    "Elgiganten Cloud (Sweden)",
    "Elkjøp Cloud (Norway)",
    "ELKO Cloud (Iceland)",
    "Gigantti Cloud (Finland)",
    "Let's Go Cloud (Germany)",
    "MediaMarkt Cloud (Multiregional)",
    "Onlime (Denmark)",
    "Phonero Sky",
    "Tele2 Cloud (Sweden)",
    "Telia Sky (Norway)",
    "Telia Cloud (Sweden)",
    "Another one: how to add it",
    "Back: sign in in another way",
  ]);
  // What the service does to a second session is said before it can happen.
  match(world.said, /one such session on a machine[^]*login tokens[^]*prefer those\./);
  match(world.said, /The browser opens; sign in there[^]*Waiting for the browser/);
  equal(world.launcher.opened.length, 1);
  deepEqual(world.loopback.ports, []);
  const { method, service: key } = await world.record("jotta");
  deepEqual([method, key], ["traditional", "telia_no"]);
  equal((await world.section("jotta"))["client_id"], "desktop");
  match(world.said, new RegExp(`Signed in as ${world.emulator.email}\\.`));
});

Deno.test("ConfigWizard takes the address of the error page where the browser is on another machine", async () => {
  await using world = await World.create();
  await world.run([
    ...NEW_JOTTA,
    service("Phonero Sky"),
    openBrowser(false),
    paste(world),
    ...keepStandard("jotta"),
    QUIT,
  ]);
  match(world.said, /error page: it cannot reach\n {3}http:\/\/localhost:53682\/\.\.\. and that is expected/);
  equal((await world.record("jotta")).service, "phonero");
  equal((await world.section("jotta"))["client_id"], "desktop-win");
  deepEqual(world.loopback.ports, []);
});

Deno.test("ConfigWizard asks how to go on where no browser can be opened, and then waits for one opened by hand", async () => {
  await using world = await World.create();
  const running = world.run([
    ...NEW_JOTTA,
    service("Jottacloud"),
    openBrowser(true),
    goOn("Open the address by hand on this machine"),
    ...keepStandard("jotta"),
    QUIT,
  ]);
  await world.untilSaid(WAITING, running);
  deepEqual(world.loopback.ports, [53682]);
  await world.loopback.browse(world.shownUrl);
  const asked = await running;
  match(world.said, /jottash: Cannot open a browser: this machine has none/);
  deepEqual(asked.find((each) => each.message === "How do you want to go on?")?.choices, [
    "Open the address by hand on this machine",
    "Use a browser on another machine",
    "Sign in in another way",
    "Back to the menu",
  ]);
  equal((await world.record("jotta")).method, "traditional");
});

Deno.test("ConfigWizard goes on with a browser elsewhere where none can be opened or the port is taken", async () => {
  for (const isTaken of [false, true]) {
    await using world = await World.create();
    world.loopback.isTaken = isTaken;
    world.launcher.hasBrowser = isTaken;
    await world.run([
      ...NEW_JOTTA,
      service("Jottacloud"),
      openBrowser(true),
      goOn("Use a browser on another machine"),
      paste(world),
      ...keepStandard("jotta"),
      QUIT,
    ]);
    if (isTaken) {
      match(world.said, /jottash: Cannot [^\n]*53682/);
      match(world.said, /\n {2}Another sign-in[^\n]*, or use a browser on another machine\n/);
    }
    equal((await world.record("jotta")).method, "traditional");
  }
});

Deno.test("ConfigWizard leads back to the ways to sign in from the list of services", async () => {
  await using world = await World.create();
  await world.run([
    ...NEW_JOTTA,
    service("Back: sign in in another way"),
    STANDARD,
    loginToken(world.emulator.loginToken),
    ...keepStandard("jotta"),
    QUIT,
  ]);
  equal((await world.record("jotta")).method, "standard");
});

const MY_BRAND = {
  type: "jottacloud-service",
  name: "My Brand Cloud",
  domain: "id.brand.example",
  realm: "elko",
};

async function addService(world: World, keys: Readonly<Record<string, string>> = MY_BRAND): Promise<void> {
  await (await world.context.configStore()).update((document) => {
    for (const [key, value] of Object.entries(keys)) document.set("mybrand", key, value);
  });
}

Deno.test("ConfigWizard lists a service that the config adds, which is no remote", async () => {
  await using world = await World.create();
  await addService(world);
  const asked = await world.run([
    ...NEW_JOTTA,
    service("My Brand Cloud"),
    openBrowser(false),
    paste(world),
    ...keepStandard("jotta"),
    menu("Rename remote"),
    { asked: "Which remote is to be renamed?", answer: "jotta" },
    { asked: /^New name for/, answer: "cloud", refused: ["mybrand"] },
    QUIT,
  ]);
  equal((await world.record("cloud")).service, "mybrand");
  deepEqual(asked.find((each) => /renamed/.test(each.message))?.choices, ["jotta"]);
  match(world.said, /There are no remotes yet/);
});

Deno.test("ConfigWizard explains how a service is added, and lists it once it is", async () => {
  await using world = await World.create();
  await world.run([
    ...NEW_JOTTA,
    service("Another one: how to add it"),
    {
      ...goOn("Look at the list of services again"),
      meanwhile: () => addService(world),
    },
    service("Another one: how to add it"),
    goOn("Sign in in another way"),
    TRADITIONAL,
    service("My Brand Cloud"),
    openBrowser(false),
    paste(world),
    ...keepStandard("jotta"),
    QUIT,
  ]);
  match(world.said, /\[mybrand\]\ntype = jottacloud-service\nname = /);
  match(world.said, /The config file is\n\/home\/kari\/\.config\/jottash\/jottash\.conf\n/);
});

Deno.test("ConfigWizard says which key of an added service is missing, and leads back to the menu", async () => {
  await using world = await World.create();
  await addService(world, { type: "jottacloud-service", name: "My Brand Cloud", domain: "id.brand.example" });
  await world.run([...NEW_JOTTA, QUIT]);
  match(world.said, /\njottash: Cannot [^\n]*mybrand[^\n]*realm/);
});

Deno.test("ConfigWizard starts anew with a new address after one of another attempt was pasted", async () => {
  await using world = await World.create();
  await world.run([
    ...NEW_JOTTA,
    service("Jottacloud"),
    openBrowser(false),
    paste(world, (url) => url.replace(/state=[^&]+/, "state=another")),
    goOn("Try again"),
    paste(world),
    ...keepStandard("jotta"),
    QUIT,
  ]);
  match(world.said, /\njottash: Cannot [^\n]+/);
  const addresses = world.said.match(/^http\S+\?\S+$/gm) ?? [];
  equal(new Set(addresses).size, 2, "each attempt has an address of its own");
});

Deno.test("ConfigWizard says that the sign-in was denied, and saves nothing", async () => {
  await using world = await World.create({ switches: { authorizationError: "access_denied" } });
  withBrowser(world);
  await world.run([
    ...NEW_JOTTA,
    service("Jottacloud"),
    openBrowser(true),
    goOn("Use a browser on another machine"),
    paste(world),
    goOn("Back to the menu"),
    QUIT,
  ]);
  match(world.said, /\njottash: Cannot sign in[^\n]*/);
  equal(await world.config(), "");
  deepEqual(world.loopback.ports, []);
});

Deno.test("ConfigWizard marks the service that a remote was signed in to before", async () => {
  await using world = await World.create();
  const signIn = [openBrowser(false), paste(world)];
  await world.run([...NEW_JOTTA, service("Onlime (Denmark)"), ...signIn, ...keepStandard("jotta"), QUIT]);
  await world.run([
    menu("Edit existing remote"),
    { asked: "Which remote is to be edited?", answer: "jotta" },
    { asked: "Sign in again?", answer: true },
    { asked: "How do you sign in?", answer: DEFAULT },
    { asked: "Which service?", answer: DEFAULT },
    ...signIn,
    { asked: /^Change its device/, answer: false },
    keep("jotta"),
    QUIT,
  ]);
  equal((await world.record("jotta")).service, "onlime");
});

Deno.test("ConfigWizard stops while it waits for the browser: no remote, nobody listens any more", async () => {
  await using world = await World.create();
  world.launcher.hasBrowser = true;
  const running = world.run([...NEW_JOTTA, service("Jottacloud"), openBrowser(true)]);
  await world.untilSaid(WAITING, running);
  deepEqual(world.loopback.ports, [53682]);
  world.stop.abort(new CancelledError("SIGINT"));
  await rejects(running, CancelledError);
  deepEqual(world.loopback.ports, []);
  equal(await world.config(), "");
});

Deno.test("ConfigWizard stops while the copy of a remote waits for the browser, and leaves no half of it", async () => {
  await using world = await World.create();
  world.launcher.hasBrowser = true;
  await world.run([...makeRemote("jotta", world.emulator.loginToken), QUIT]);
  const before = await world.config();
  const running = world.run([
    menu("Copy remote"),
    { asked: "Which remote is to be copied?", answer: "jotta" },
    newName("twin"),
    TRADITIONAL,
    service("Jottacloud"),
    openBrowser(true),
  ]);
  await world.untilSaid(WAITING, running);
  ok((await world.config()).includes("[twin]"));
  world.stop.abort(new CancelledError("SIGTERM"));
  await rejects(running, CancelledError);
  equal((await world.config()).trimEnd(), before.trimEnd());
  deepEqual(world.loopback.ports, []);
});

Deno.test("ConfigWizard stops at any question of a browser sign-in, and saves nothing", async () => {
  await using world = await World.create();
  const steps = [...NEW_JOTTA, service("Jottacloud"), openBrowser(false), paste(world)];
  for (let index = 2; index < steps.length; index++) {
    const stopped = { asked: steps[index]?.asked ?? "", answer: CANCEL } as const;
    await rejects(world.run([...steps.slice(0, index), stopped]), CancelledError);
    equal(await world.config(), "", `at ${index}`);
  }
  const noBrowser = [...NEW_JOTTA, service("Jottacloud"), openBrowser(true)];
  const stopped = { asked: "How do you want to go on?", answer: CANCEL } as const;
  await rejects(world.run([...noBrowser, stopped]), CancelledError);
  deepEqual(world.loopback.ports, []);
});
