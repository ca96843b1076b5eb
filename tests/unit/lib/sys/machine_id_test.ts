import assert from "node:assert/strict";
import { join } from "node:path";
import { parseMachineId, readMachineId } from "../../../../lib/sys/machine_id.ts";

const LINUX = "0123456789abcdef0123456789abcdef";
const UUID = "564d4e3c-9a1b-4c2d-8e3f-0a1b2c3d4e5f";

const IOREG = `+-o J316sAP  <class IOPlatformExpertDevice, id 0x100000222, registered, matched, active>
    {
      "IOPolledInterface" = "AppleARMWatchdogTimerHibernateHandler is not serializable"
      "IOPlatformUUID" = "${UUID.toUpperCase()}"
      "IOPlatformSerialNumber" = "C02XXXXXXXXX"
    }
`;
const REGISTRY =
  `\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography\r\n    MachineGuid    REG_SZ    ${UUID}\r\n\r\n`;

const CASES: readonly (readonly [os: string, text: string, id: string | undefined])[] = [
  ["linux", `${LINUX}\n`, LINUX],
  ["linux", LINUX.toUpperCase(), LINUX],
  ["freebsd", `${LINUX}\n`, LINUX],
  ["linux", "uninitialized\n", undefined],
  ["linux", "", undefined],
  ["linux", `${LINUX}0`, undefined],
  ["linux", UUID, undefined],
  ["darwin", IOREG, UUID],
  ["darwin", IOREG.replace("IOPlatformUUID", "Other"), undefined],
  ["darwin", "", undefined],
  ["windows", REGISTRY, UUID],
  ["windows", "ERROR: The system was unable to find the specified registry key or value.\r\n", undefined],
  ["windows", "", undefined],
];

Deno.test("parseMachineId() finds the id in what each system says", () => {
  for (const [os, text, id] of CASES) assert.equal(parseMachineId(os, text), id, `${os} ${text}`);
});

Deno.test("readMachineId() takes the first file that holds an id, and has none without", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const files = ["missing", "fresh", "good", "other"].map((name) => join(directory, name));
    await Deno.writeTextFile(files[1] ?? "", "uninitialized\n");
    await Deno.writeTextFile(files[2] ?? "", `${LINUX}\n`);
    await Deno.writeTextFile(files[3] ?? "", `${"f".repeat(32)}\n`);
    assert.equal(await readMachineId("linux", files), LINUX);
    assert.equal(await readMachineId("linux", files.slice(0, 2)), undefined);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("readMachineId() has none where the system's program does not exist", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  assert.equal(await readMachineId("darwin"), undefined);
  assert.equal(await readMachineId("windows"), undefined);
});
