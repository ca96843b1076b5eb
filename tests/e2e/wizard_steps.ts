/** What a person does at the keyboard of `jottash config`, and how its end looks. */
import { equal, ok } from "node:assert/strict";
import { DOWN, ENTER, type PseudoTerminal } from "./pseudo_terminal.ts";

/** Services as the wizard lists them. */
export const SERVICE_NAMES: readonly (readonly [key: string, name: string])[] = [
  ["jottacloud", "Jottacloud"],
  ["elgiganten_dk", "Elgiganten Cloud (Denmark)"],
  ["elgiganten_se", "Elgiganten Cloud (Sweden)"],
  ["elkjop", "Elkjøp Cloud (Norway)"],
  ["elko", "ELKO Cloud (Iceland)"],
  ["gigantti", "Gigantti Cloud (Finland)"],
  ["letsgo", "Let's Go Cloud (Germany)"],
  ["mediamarkt", "MediaMarkt Cloud (Multiregional)"],
  ["onlime", "Onlime (Denmark)"],
  ["phonero", "Phonero Sky"],
  ["tele2", "Tele2 Cloud (Sweden)"],
  ["telia_no", "Telia Sky (Norway)"],
  ["telia_se", "Telia Cloud (Sweden)"],
];

export type Method = "standard" | "traditional" | "legacy";
const METHODS: readonly Method[] = ["standard", "traditional", "legacy"];

/** From the menu to the first question of a way to sign in. "n" leads to "New remote" wherever the mark is. */
export async function beginRemote(terminal: PseudoTerminal, name: string, method: Method): Promise<void> {
  await terminal.answer(/What would you like to do\?/, `n${ENTER}`);
  await terminal.answer(/Name for the new remote/, `${name}${ENTER}`);
  await terminal.answer(/How do you sign in\?/, DOWN.repeat(METHODS.indexOf(method)) + ENTER);
}

/** Chooses the service at that place of the list, and whether the browser is one of this machine. */
export async function chooseService(
  terminal: PseudoTerminal,
  index: number,
  answer: { readonly opens: boolean },
): Promise<void> {
  await terminal.answer(/Which service\?/, DOWN.repeat(index) + ENTER);
  await terminal.answer(/Open the browser on this machine\?/, `${answer.opens ? "y" : "n"}${ENTER}`);
}

/** Signs in with a browser on another machine: opens the address there, pastes the one that it ends at. */
export async function pasteRedirect(terminal: PseudoTerminal): Promise<void> {
  await terminal.until(/Address of that page/);
  const response = await fetch(terminal.shownUrl, { redirect: "manual" });
  await response.body?.cancel();
  const location = response.headers.get("location") ?? "";
  ok(location.startsWith("http://localhost:53682/?"), location);
  terminal.paste(location);
  await terminal.until(/input is hidden/);
  terminal.type(ENTER);
}

/** What comes after the sign-in of a new remote, which stays at the standard place. */
export async function keepRemote(terminal: PseudoTerminal, name: string): Promise<void> {
  await terminal.until(/Signed in as kari/);
  await terminal.answer(/Use a non-standard device\/mountpoint\?/, ENTER);
  await terminal.answer(new RegExp(`Keep this "${name}" remote\\?`), ENTER);
  await terminal.until(new RegExp(`Saved\\. Try: jottash lsd ${name}:`));
}

/** "Quit config" is marked when there is a remote. */
export async function quit(terminal: PseudoTerminal): Promise<void> {
  await terminal.answer(/What would you like to do\?/, `q${ENTER}`);
  equal(await terminal.exitCode(), 0);
  assertTidy(terminal);
}

export function assertTidy({ screen }: PseudoTerminal): void {
  ok(screen.isCursorShown, "the cursor is hidden");
  ok(!screen.isPasteBracketed, "pastes are bracketed");
  ok(screen.doesWrap, "lines do not wrap");
}
