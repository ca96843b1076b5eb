import { deepEqual, equal } from "node:assert/strict";
import type { CommandContext } from "../../../../lib/cli/context.ts";
import { pathInside, type Place, placeIdentities } from "../../../../lib/cli/place_identity.ts";

const CLOUD = { caseInsensitive: true, foldsUnicode: false, knowsMd5: true };
const DISK = { caseInsensitive: false, foldsUnicode: false, knowsMd5: false };
const MAC_DISK = { caseInsensitive: true, foldsUnicode: true, knowsMd5: false };

function remote(text: string, identity: string): Place {
  return { text, tree: { side: "remote", identity: `remote:${identity}/`, features: CLOUD } };
}

function local(identity: string, features = DISK): Place {
  return { text: identity, tree: { side: "local", identity: `local:${identity}/`, features } };
}

/** Each remote belongs to the account of its name in the table; who asks for others, or for none, is noted. */
function contextWith(accounts: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const context = {
    signal: undefined,
    profile: (text: string) => Promise.resolve({ name: text }),
    accounts: {
      accountOf: ({ name }: { readonly name: string }) => {
        asked.push(name);
        return Promise.resolve({ customer: () => Promise.resolve({ username: accounts[name] ?? "" }) });
      },
    },
  } as unknown as CommandContext;
  return { context, asked };
}

Deno.test("placeIdentities() are the same for the same place through two remotes of an account", async () => {
  const { context, asked } = contextWith({
    "jotta:": "kari",
    "twin,mountpoint=Archive:": "kari",
    "other:": "ola",
  });
  deepEqual(
    await placeIdentities(context, [
      remote("jotta:Photos/a:b", "jotta#0/jotta/archive/Photos"),
      remote("twin,mountpoint=Archive:photos", "twin#1/jotta/archive/photos"),
      remote("other:photos", "other#2/jotta/archive/photos"),
      local("/home/Kari"),
    ]),
    [
      "remote:kari/jotta/archive/photos/",
      "remote:kari/jotta/archive/photos/",
      "remote:ola/jotta/archive/photos/",
      "local:/home/Kari/",
    ],
  );
  deepEqual(asked.sort(), ["jotta:", "other:", "twin,mountpoint=Archive:"]);
});

Deno.test("placeIdentities() asks for no account where all places are on one remote or here", async () => {
  const { context, asked } = contextWith({});
  const places = [
    remote("jotta:A", "jotta#0/jotta/archive/A"),
    remote("jotta:a", "jotta#0/jotta/archive/a"),
    local("/Users/Kari/Cafe\u0301", MAC_DISK),
    local("/users/kari/caf\u00e9", MAC_DISK),
    local("/users/Kari"),
    local("/users/kari"),
  ];
  const [one, other, mac, sameMac, disk, otherDisk] = await placeIdentities(context, places);
  equal(one, other);
  equal(mac, sameMac);
  deepEqual([disk, otherDisk], ["local:/users/Kari/", "local:/users/kari/"]);
  deepEqual(asked, []);
});

Deno.test("pathInside() is the way from a place down to another one", () => {
  const cases: readonly [inner: string, outer: string, path: string | undefined][] = [
    ["local:/a/b/", "local:/a/", "b"],
    ["local:/a/b/c/", "local:/a/", "b/c"],
    ["local:/a/", "local:/a/", ""],
    ["local:/ab/", "local:/a/", undefined],
    ["local:/a/", "local:/a/b/", undefined],
    ["local:/a/", "local:/", "a"],
    ["remote:x/a/", "local:/a/", undefined],
  ];
  for (const [inner, outer, path] of cases) equal(pathInside(inner, outer), path, `${inner} in ${outer}`);
});
