/**
 * The manifest of a run: name, size, MD5 and times of each file that the target has because of it. Pure; the form is
 * described in docs/manifests.md.
 *
 * Each file has two lines: one as `md5sum` writes it, so that `md5sum -c` reads the manifest, and one in JSON behind a
 * `#`, which `md5sum` passes over. Only the latter is read here. The last line has the MD5 of all that is above it.
 */
import { createMd5, type Md5 } from "../hash/md5.ts";

const VERSION = 1;
const ENCODER = new TextEncoder();

interface ManifestHead {
  readonly command: string;
  readonly source: string;
  readonly target: string;
  readonly startedAtMs: number;
}

export interface ManifestEntry {
  /** Below the target. */
  readonly path: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly md5: string;
  readonly modifiedAtMs: number | undefined;
  readonly createdAtMs?: number | undefined;
}

interface ManifestEnd {
  /** Every file of the run is in it: none failed, nothing ended the run before its time. */
  readonly isWhole: boolean;
  readonly finishedAtMs: number;
}

/** Makes the lines of a manifest, without their ends, in their order. */
export class ManifestFormatter {
  readonly #sum = createMd5();
  #files = 0;
  #bytes = 0;
  readonly #localPath: (path: string) => string;

  /** `localPath` tells how a path is spelled on a disk, which is where `md5sum` looks. */
  constructor(localPath: (path: string) => string = (path) => path) {
    this.#localPath = localPath;
  }

  head({ command, source, target, startedAtMs }: ManifestHead): string[] {
    const start = { manifest: VERSION, command, source, target, startedAt: timeText(startedAtMs) };
    return this.#counted([`#${JSON.stringify(start)}`]);
  }

  entry({ path, size, md5, modifiedAtMs, createdAtMs }: ManifestEntry): string[] {
    this.#files++;
    this.#bytes += size;
    const fields = { path, size, md5, modified: timeText(modifiedAtMs), created: timeText(createdAtMs) };
    return this.#counted([`#${JSON.stringify(fields)}`, sumLine(md5, this.#localPath(path))]);
  }

  end({ isWhole, finishedAtMs }: ManifestEnd): string[] {
    const counts = { files: this.#files, bytes: this.#bytes, isWhole, finishedAt: timeText(finishedAtMs) };
    return [`#${JSON.stringify({ ...counts, sum: this.#sum.digestHex() })}`];
  }

  #counted(lines: string[]): string[] {
    for (const line of lines) addLine(this.#sum, line);
    return lines;
  }
}

interface ManifestFile {
  readonly size: number;
  readonly md5: string;
}

export interface Manifest {
  /** By path; the last word about a path counts. */
  readonly files: ReadonlyMap<string, ManifestFile>;
  /** As the run that wrote it says. */
  readonly isWhole: boolean;
}

/** Why a text is no manifest that can be believed, as in `it ends in the middle`. */
export class ManifestProblem extends Error {}

/** Reads a manifest line by line. Throws `ManifestProblem`. */
export class ManifestParser {
  readonly #files = new Map<string, ManifestFile>();
  readonly #sum = createMd5();
  #hasBegun = false;
  #count = 0;
  #isWhole: boolean | undefined;

  line(text: string): void {
    if (this.#isWhole !== undefined) {
      if (text !== "") throw new ManifestProblem("it goes on behind its last line");
      return;
    }
    const value = text.startsWith("#{") ? valueOf(text.slice(1)) : undefined;
    if (!this.#hasBegun) this.#begin(value);
    else if (value !== undefined && "sum" in value) return this.#end(value);
    else if (value !== undefined) this.#add(value);
    addLine(this.#sum, text);
  }

  finish(): Manifest {
    if (!this.#hasBegun) throw new ManifestProblem("it is empty");
    if (this.#isWhole === undefined) throw new ManifestProblem("it ends in the middle");
    return { files: this.#files, isWhole: this.#isWhole };
  }

  #begin(value: Fields | undefined): void {
    if (value?.manifest === undefined) throw new ManifestProblem("it does not begin as a manifest");
    if (value.manifest !== VERSION) throw new ManifestProblem("a later version of jottash wrote it");
    this.#hasBegun = true;
  }

  #add({ path, size, md5 }: Fields): void {
    const isFile = typeof path === "string" && typeof size === "number" && Number.isSafeInteger(size) &&
      size >= 0 && typeof md5 === "string" && /^[0-9a-f]{32}$/.test(md5);
    if (!isFile) throw new ManifestProblem("it has a line that is about no file");
    this.#count++;
    this.#files.set(path, { size, md5 });
  }

  #end({ files, isWhole, sum }: Fields): void {
    if (sum !== this.#sum.digestHex() || files !== this.#count) {
      throw new ManifestProblem("it is damaged, or was changed");
    }
    this.#isWhole = isWhole === true;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function valueOf(json: string): Fields {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null) return value as Fields;
  } catch { /* said below */ }
  throw new ManifestProblem("it has a line that cannot be read");
}

function addLine(sum: Md5, line: string): void {
  sum.update(ENCODER.encode(`${line}\n`));
}

/** As GNU md5sum writes it: a name that would break the line is escaped, and the line begins with a backslash. */
function sumLine(md5: string, path: string): string {
  const escaped = path.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return `${escaped === path ? "" : "\\"}${md5}  ${escaped}`;
}

function timeText(ms: number | undefined): string | undefined {
  return ms === undefined || Number.isNaN(new Date(ms).getTime()) ? undefined : new Date(ms).toISOString();
}
