import { notStrictEqual, strictEqual } from "node:assert";
import { type ProfileOrigin, RemoteProfile } from "../../../../lib/store/remote_profile.ts";

const profileOf = (
  name: string,
  { section, ...values }: Readonly<Record<string, string>>,
  origin: ProfileOrigin = "connection",
) =>
  new RemoteProfile(
    name,
    section,
    new Map(Object.entries(values).map(([key, value]) => [key, { value, origin }])),
  );

Deno.test("RemoteProfile.sessionKey() is one for all places of a remote, and another for another session", () => {
  const section = "jotta";
  const key = profileOf("jotta", { section }).sessionKey();
  for (const place of [{ device: "Laptop" }, { mountpoint: "Sync", hard_delete: "true" }]) {
    strictEqual(profileOf("jotta", { section, ...place }).sessionKey(), key);
  }
  strictEqual(profileOf("jotta", { section, token: "t" }, "config").sessionKey(), key);
  for (const other of [{ token: "t" }, { client_id: "desktop" }, { endpoint: "https://x.example" }]) {
    notStrictEqual(profileOf("jotta", { section, ...other }).sessionKey(), key);
  }
  notStrictEqual(profileOf("other", { section: "other" }).sessionKey(), key);
  strictEqual(profileOf("ci", {}).sessionKey(), profileOf("CI", {}).sessionKey());
  notStrictEqual(profileOf("jotta", {}).sessionKey(), profileOf("JOTTA", { section: "JOTTA" }).sessionKey());
});
