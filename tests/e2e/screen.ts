/** What a terminal shows of what was written to it: the cells, the cursor, and the modes that have to be undone. */

const TOKEN =
  // deno-lint-ignore no-control-regex
  /\x1b\[(?<mark>[?]?)(?<numbers>[\d;]*)(?<final>[A-Za-z])|(?<unfinished>\x1b(?:\[[?\d;]*)?$)|(?<other>.)/gsu;

export class Screen {
  columns: number;
  isCursorShown = true;
  isPasteBracketed = false;
  doesWrap = true;
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  #rest = "";

  constructor(columns: number) {
    this.columns = columns;
  }

  /** Without spaces at line ends and empty lines at the end. */
  lines(): string[] {
    const lines = Array.from(
      this.#lines,
      (line) => Array.from(line ?? [], (cell) => cell ?? " ").join("").trimEnd(),
    );
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  write(text: string): void {
    const all = this.#rest + text;
    this.#rest = "";
    for (const { groups = {} } of all.matchAll(TOKEN)) {
      if (groups["unfinished"] !== undefined) this.#rest = groups["unfinished"];
      else if (groups["other"] !== undefined) this.#put(groups["other"]);
      else this.#control(groups["final"] ?? "", groups["mark"] ?? "", groups["numbers"] ?? "");
    }
  }

  #control(final: string, mark: string, numbers: string): void {
    const count = Number(numbers.split(";")[0] || 1);
    if (mark === "?") return this.#mode(numbers, final === "h");
    switch (final) {
      case "A":
        this.#row = Math.max(0, this.#row - count);
        break;
      case "B":
        this.#row += count;
        break;
      case "C":
        this.#column += count;
        break;
      case "D":
        this.#column = Math.max(0, this.#column - count);
        break;
      case "G":
        this.#column = Math.max(0, count - 1);
        break;
      case "J":
        this.#line().length = Math.min(this.#line().length, this.#column);
        this.#lines.length = Math.min(this.#lines.length, this.#row + 1);
        break;
      case "K":
        if (numbers === "2") this.#line().length = 0;
        else this.#line().length = Math.min(this.#line().length, this.#column);
        break;
      case "m":
        break;
      default:
        throw new Error(`the screen does not know the sequence ${mark}${numbers}${final}`);
    }
  }

  #mode(number: string, isOn: boolean): void {
    if (number === "25") this.isCursorShown = isOn;
    else if (number === "2004") this.isPasteBracketed = isOn;
    else if (number === "7") this.doesWrap = isOn;
    else throw new Error(`the screen does not know the mode ${number}`);
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") this.#row++;
    else if (character === "\b") this.#column = Math.max(0, this.#column - 1);
    else if (character >= " ") {
      if (this.#column >= this.columns) {
        if (this.doesWrap) {
          this.#row++;
          this.#column = 0;
        } else this.#column = this.columns - 1;
      }
      this.#line()[this.#column++] = character;
    }
  }

  #line(): string[] {
    while (this.#lines.length <= this.#row) this.#lines.push([]);
    const line = this.#lines[this.#row] ?? [];
    this.#lines[this.#row] = line;
    return line;
  }
}
