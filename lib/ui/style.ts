/** What the terminal is able and allowed to show, and the few colours that messages use. */
import type { Env, Terminal } from "../edges.ts";

export interface TerminalAbilities {
  readonly stdoutColor: boolean;
  readonly stderrColor: boolean;
  /** The cursor of stderr can be moved: lines can be drawn over. */
  readonly stderrCursor: boolean;
}

/** Colour needs a terminal that is not `TERM=dumb` and no `NO_COLOR` (https://no-color.org); the cursor the former. */
export function terminalAbilities(terminal: Terminal, env: Env): TerminalAbilities {
  const isDumb = env.get("TERM") === "dumb";
  const colorAllowed = !isDumb && (env.get("NO_COLOR") ?? "") === "";
  return {
    stdoutColor: colorAllowed && terminal.stdoutIsTerminal,
    stderrColor: colorAllowed && terminal.stderrIsTerminal,
    stderrCursor: !isDumb && terminal.stderrIsTerminal,
  };
}

/** Wraps text in a colour, or leaves it alone. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
}

export const PLAIN_STYLE: Style = { bold: same, dim: same, red: same, yellow: same };

export const COLOR_STYLE: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  yellow: sgr(33, 39),
};

function same(text: string): string {
  return text;
}

function sgr(on: number, off: number): (text: string) => string {
  return (text) => `\x1b[${on}m${text}\x1b[${off}m`;
}
