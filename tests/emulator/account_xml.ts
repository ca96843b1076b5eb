/** JFS documents of the account itself: `user` and `device`. Source of fact: API reference 4.2, 4.3. */
import type { Account } from "./account.ts";
import { documentOf, stamp } from "./jfs_xml.ts";
import type { Device } from "./nodes.ts";
import { formatClassic } from "./times.ts";
import { element, preserved } from "./xml_text.ts";

function timeOrEmpty(seconds: number): string {
  return seconds === 0 ? "" : formatClassic(seconds);
}

function deviceFacts(device: Device, indent: string): string {
  return preserved(indent, "name", device.name) +
    preserved(indent, "display_name", device.name) +
    element(indent, "type", device.type) +
    element(indent, "sid", device.sid) +
    element(indent, "size", device.bytes) +
    element(indent, "modified", timeOrEmpty(device.modifiedAt));
}

export function userDocument(account: Account): string {
  const isFull = account.quotaBytes >= 0 && account.usedBytes >= account.quotaBytes;
  const facts: readonly (readonly [string, string | number | boolean])[] = [
    ["username", account.username],
    ["account-type", account.quotaBytes < 0 ? "unlimited" : "free"],
    ["locked", false],
    ["capacity", account.quotaBytes],
    ["max-devices", -1],
    ["max-mobile-devices", -1],
    ["usage", account.usedBytes],
    ["read-locked", false],
    ["write-locked", account.switches.writeLocked],
    ["quota-write-locked", isFull],
    ["enable-sync", true],
    ["enable-foldershare", true],
  ];
  const devices = account.devices.values()
    .map((device) => `    <device>\n${deviceFacts(device, "      ")}    </device>\n`).toArray().join("");
  return documentOf(
    `<user${stamp(account)}>\n` +
      facts.map(([tag, value]) => element("  ", tag, value)).join("") +
      `  <devices>\n${devices}  </devices>\n</user>\n`,
  );
}

interface ListedMount {
  readonly name: string;
  readonly deletedAt: number;
  readonly size: number | "";
  readonly modifiedAt: number;
}

/** Device Jotta lists Trash too, with an empty size (section 7, row 15). */
function mountsOf(device: Device): ListedMount[] {
  const mounts: ListedMount[] = device.mounts.values().map((mount) => ({
    name: mount.name,
    deletedAt: mount.root.deletedAt,
    size: mount.bytes,
    modifiedAt: mount.modifiedAt,
  })).toArray();
  if (device.type === "JOTTA") mounts.push({ name: "Trash", deletedAt: 0, size: "", modifiedAt: 0 });
  return mounts.sort((left, right) => left.name < right.name ? -1 : 1);
}

/** `bare` is the answer to creation: without mountpoints and metadata (3.3). */
export function deviceDocument(account: Account, device: Device, bare = false): string {
  const head = documentOf(`<device${stamp(account)}>\n`) + deviceFacts(device, "  ") +
    element("  ", "user", account.username);
  if (bare) return `${head}</device>\n`;
  const mounts = mountsOf(device);
  const entries = mounts.map((mount) =>
    "    <mountPoint>\n" +
    preserved("      ", "name", mount.name) +
    (mount.deletedAt === 0 ? "" : element("      ", "deleted", formatClassic(mount.deletedAt)) +
      preserved("      ", "abspath", `/${account.username}/${device.name}`)) +
    element("      ", "size", mount.size) +
    element("      ", "modified", timeOrEmpty(mount.modifiedAt)) +
    "    </mountPoint>\n"
  );
  const collection = mounts.length === 0 ? "" : `  <mountPoints>\n${entries.join("")}  </mountPoints>\n`;
  const count = mounts.length;
  return `${head}${collection}  <metadata first="" max="" total="${count}" num_mountpoints="${count}"/>\n</device>\n`;
}
