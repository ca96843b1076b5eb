import assert from "node:assert/strict";
import { browsersOf } from "../../../../lib/sys/browsers.ts";

const FAR = { SSH_CONNECTION: "10.0.0.1 5 10.0.0.2 22" };
const WSL = { WSL_DISTRO_NAME: "Ubuntu" };
const UNDERNEATH = ["wslview", "rundll32.exe"];

const CASES:
  readonly (readonly [os: string, variables: Record<string, string>, programs: readonly string[]])[] = [
    ["linux", {}, []],
    ["linux", { DISPLAY: "" }, []],
    ["linux", { DISPLAY: ":0" }, ["xdg-open"]],
    ["linux", { WAYLAND_DISPLAY: "wayland-0" }, ["xdg-open"]],
    ["freebsd", { DISPLAY: ":0" }, ["xdg-open"]],
    ["linux", FAR, []],
    ["linux", { ...FAR, DISPLAY: ":0" }, []],
    ["linux", { ...FAR, WAYLAND_DISPLAY: "wayland-0" }, []],
    ["linux", { ...FAR, DISPLAY: "localhost:10.0" }, ["xdg-open"]],
    ["linux", { SSH_TTY: "/dev/pts/1", DISPLAY: ":0" }, []],
    ["linux", WSL, UNDERNEATH],
    ["linux", { ...WSL, DISPLAY: ":0" }, [...UNDERNEATH, "xdg-open"]],
    ["linux", { ...WSL, ...FAR }, []],
    ["darwin", {}, ["open"]],
    ["darwin", FAR, []],
    ["windows", {}, ["rundll32"]],
    ["windows", { SSH_TTY: "x" }, []],
  ];

Deno.test("browsersOf() knows where somebody would see the page", () => {
  for (const [os, variables, programs] of CASES) {
    const found = browsersOf(os, { get: (name) => variables[name] }).map(([program]) => program);
    assert.deepEqual(found, programs, `${os} ${JSON.stringify(variables)}`);
  }
});
