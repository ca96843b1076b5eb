/** What opens a page in the user's browser here, and whether there is a screen that the user looks at. */

type Words = readonly [program: string, ...first: string[]];

interface Variables {
  get(name: string): string | undefined;
}

const MACOS: readonly Words[] = [["open"]];
const WINDOWS: readonly Words[] = [["rundll32", "url.dll,FileProtocolHandler"]];
/** Windows underneath has the browser, and shares its loopback. */
const WINDOWS_UNDERNEATH: readonly Words[] = [["wslview"], ["rundll32.exe", "url.dll,FileProtocolHandler"]];
const DESKTOP: readonly Words[] = [["xdg-open"]];

/**
 * Programs to try, each with its first arguments; none where nobody would see the page. Without a screen xdg-open may
 * start a text browser in this very terminal, so it is left alone there.
 */
export function browsersOf(os: string, env: Variables): readonly Words[] {
  const isFarAway = Boolean(env.get("SSH_CONNECTION") || env.get("SSH_TTY"));
  if (os === "darwin") return isFarAway ? [] : MACOS;
  if (os === "windows") return isFarAway ? [] : WINDOWS;
  const underneath = env.get("WSL_DISTRO_NAME") && !isFarAway ? WINDOWS_UNDERNEATH : [];
  return [...underneath, ...(hasScreen(env, isFarAway) ? DESKTOP : [])];
}

/** From far away only a display that is forwarded there is in sight: `localhost:10.0`, and not `:0`. */
function hasScreen(env: Variables, isFarAway: boolean): boolean {
  const display = env.get("DISPLAY") ?? "";
  if (isFarAway) return display !== "" && !display.startsWith(":");
  return display !== "" || Boolean(env.get("WAYLAND_DISPLAY"));
}
