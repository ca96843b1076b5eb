/** What a user answers, as parts of scripts for the wizard. */
import { DEFAULT, type ScriptStep } from "../../../fakes/scripted_prompter.ts";

export const MENU = "What would you like to do?";
export const NON_STANDARD = /^Use a non-standard device\/mountpoint\?/;

export function menu(answer: string): ScriptStep {
  return { asked: MENU, kind: "select", answer };
}

export const QUIT: ScriptStep = menu("Quit config");
export const STANDARD: ScriptStep = {
  asked: "How do you sign in?",
  kind: "select",
  answer: "Standard: personal login token",
};

export function loginToken(answer: string): ScriptStep {
  return { asked: "Personal login token", kind: "password", answer, refused: ["", "  "] };
}

export function newName(answer: string, refused: readonly string[] = []): ScriptStep {
  return { asked: /^(?:Name for the|New name for)/, kind: "input", answer, refused };
}

export function pick(what: "Device" | "Mountpoint", answer: string): ScriptStep {
  return { asked: what, kind: "select", answer };
}

export function keep(name: string): ScriptStep {
  return { asked: `Keep this "${name}" remote?`, kind: "select", answer: DEFAULT };
}

/** A whole new remote at the standard place. */
export function makeRemote(name: string, token: string): ScriptStep[] {
  return [
    menu("New remote"),
    newName(name),
    STANDARD,
    loginToken(token),
    { asked: NON_STANDARD, kind: "confirm", answer: DEFAULT },
    keep(name),
  ];
}
