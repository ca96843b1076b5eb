/** Upload ids handed out by allocate: which revision each feeds, for 24 hours (section 7, row 27). */
import { randomBytes } from "node:crypto";
import type { IssuedSecrets } from "./issued_secrets.ts";
import type { FileNode, Revision } from "./nodes.ts";

const LIFETIME_SECONDS = 24 * 60 * 60;

export interface Upload {
  readonly file: FileNode;
  readonly revision: Revision;
  readonly startedAt: number;
}

export class Uploads {
  readonly #byId = new Map<string, Upload>();
  readonly #secrets: IssuedSecrets;

  constructor(secrets: IssuedSecrets) {
    this.#secrets = secrets;
  }

  /** Ids whose revision still waits for bytes. */
  get count(): number {
    return this.#byId.values().filter(({ revision }) => revision.partial !== null).toArray().length;
  }

  /** A new id for a revision that still has a partial content. */
  open(file: FileNode, revision: Revision, now: number): string {
    this.#expire(now);
    const id = this.#secrets.note(randomBytes(24).toString("base64url"));
    this.#byId.set(id, { file, revision, startedAt: now });
    revision.partial?.ids.push(id);
    return id;
  }

  find(id: string, now: number): Upload | undefined {
    this.#expire(now);
    return this.#byId.get(id);
  }

  /** Forgets every id of a revision that needs no more bytes. */
  close(ids: readonly string[]): void {
    for (const id of ids) this.#byId.delete(id);
  }

  /** Ids are in order of age. */
  #expire(now: number): void {
    for (const [id, upload] of this.#byId) {
      if (now - upload.startedAt < LIFETIME_SECONDS) return;
      this.#byId.delete(id);
    }
  }
}
