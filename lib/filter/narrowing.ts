/** Some entries of a tree by their exact paths: files, and directories with all that is in them. */
export class Narrowing {
  readonly #paths: ReadonlySet<string>;
  /** All directories above them. */
  readonly #above = new Set<string>();

  constructor(paths: Iterable<string>) {
    this.#paths = new Set(paths);
    for (const path of this.#paths) {
      for (let each = parentOf(path); each !== "" && !this.#above.has(each); each = parentOf(each)) {
        this.#above.add(each);
      }
    }
  }

  /** Whether the path is one of them, or in one of them. */
  has(path: string): boolean {
    for (let each = path;; each = parentOf(each)) {
      if (this.#paths.has(each)) return true;
      if (each === "") return false;
    }
  }

  /** Whether one of them is the directory, or above or below it. */
  leadsInto(directory: string): boolean {
    return directory === "" || this.#above.has(directory) || this.has(directory);
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
