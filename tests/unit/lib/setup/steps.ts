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

export const TRADITIONAL: ScriptStep = {
  asked: "How do you sign in?",
  kind: "select",
  answer: "Traditional: sign in with the browser",
};
export const LEGACY: ScriptStep = {
  asked: "How do you sign in?",
  kind: "select",
  answer: "Legacy: user name and password",
};

export function service(answer: string): ScriptStep {
  return { asked: "Which service?", kind: "select", answer };
}

export function openBrowser(answer: boolean | typeof DEFAULT): ScriptStep {
  return { asked: /^Open the browser on this machine\?/, kind: "confirm", answer };
}

/** After an attempt to sign in that failed. */
export function goOn(answer: string): ScriptStep {
  return { asked: "How do you want to go on?", kind: "select", answer };
}

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

/** What is asked of every new remote after its sign-in; it stays at the standard place. */
export function keepStandard(name: string): ScriptStep[] {
  return [{ asked: NON_STANDARD, kind: "confirm", answer: DEFAULT }, keep(name)];
}

/** A whole new remote at the standard place. */
export function makeRemote(name: string, token: string): ScriptStep[] {
  return [
    menu("New remote"),
    newName(name),
    STANDARD,
    loginToken(token),
    ...keepStandard(name),
  ];
}
