/**
 * Behaviour switches: every question the API reference leaves open (section 7) or reports in several ways (6.8) is a
 * field here, with the recommended answer as default.
 */

export interface Switches {
  /** 6.1: JFS GET of a name holding `%` answers plain `400 Bad request`. */
  readonly percentNamesFail: boolean;
  /** Row 3: status of `dl` on a path where nothing is. */
  readonly dlMissingStatus: 200 | 404;
  /** 5.6: `dl` on a folder: refused, or the old observation "vanishes without appearing in Trash". */
  readonly dlOnFolder: "notFound" | "vanish";
  /** Row 9: `mv` onto a tombstone is refused with 409 instead of replacing it. */
  readonly mvOntoTombstoneFails: boolean;
  /** Issue #4295: `mvDir` moves, then answers 500. */
  readonly mvDirAnswers500AfterMoving: boolean;
  /** Row 6: `mvDir` without a trailing slash on the source is 404. */
  readonly mvDirNeedsSlash: boolean;
  /** 5.7, issue #6112: `cp` onto a tombstone leaves the result trashed. */
  readonly cpOntoTombstoneStaysTrashed: boolean;
  /** Assumed: a folder can take the name of a trashed file and the reverse; the tombstone is then destroyed. */
  readonly otherKindReplacesTombstone: boolean;
  /** Row 12: which folders get a `<folder>` element in liststream. Both satisfy the counting rule of 5.2. */
  readonly listStreamFolders: "withoutFiles" | "all";
  /** 6.8: `<stats>` of liststream is off by one file. */
  readonly listStreamWrongStats: boolean;
  /** 6.8: liststream ends tidily in the middle, without `<stats>`. */
  readonly listStreamTruncated: boolean;
  /** 4.1: listings carry an empty `<modified>`. */
  readonly emptyModified: boolean;
  /** Row 31: MD5 in upper-case hex wherever the service shows one. */
  readonly upperCaseMd5: boolean;
  /** 2.2: the authorization endpoint redirects with this `error` instead of a code, e.g. `access_denied`. */
  readonly authorizationError: string | null;
  /** 2.2: a new login of a `desktop` client revokes that client's earlier sessions (both, as reported). */
  readonly desktopSingleSession: boolean;
  /** 2.3: the legacy services answer at all (they are dead since 2025). */
  readonly legacyLogin: boolean;
  /** 2.3: one-time code the legacy login asks for, or null for an account without two-factor. */
  readonly legacyOneTimeCode: string | null;
  /** 6.8: the account is locked for writing (allocate and commands answer 403; assumed status). */
  readonly writeLocked: boolean;
}

export const DEFAULT_SWITCHES: Switches = {
  percentNamesFail: true,
  dlMissingStatus: 200,
  dlOnFolder: "notFound",
  mvOntoTombstoneFails: false,
  mvDirAnswers500AfterMoving: false,
  mvDirNeedsSlash: true,
  cpOntoTombstoneStaysTrashed: true,
  otherKindReplacesTombstone: true,
  listStreamFolders: "withoutFiles",
  listStreamWrongStats: false,
  listStreamTruncated: false,
  emptyModified: false,
  upperCaseMd5: false,
  authorizationError: null,
  desktopSingleSession: false,
  legacyLogin: true,
  legacyOneTimeCode: null,
  writeLocked: false,
};

const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  dlMissingStatus: [200, 404],
  dlOnFolder: ["notFound", "vanish"],
  listStreamFolders: ["withoutFiles", "all"],
};

/** What is wrong with changes from outside: an unknown name, or a value of another kind than the default. */
export function wrongSwitch(changes: object): string | undefined {
  for (const [name, value] of Object.entries(changes)) {
    const standard = new Map<string, unknown>(Object.entries(DEFAULT_SWITCHES)).get(name);
    if (standard === undefined) return `Unknown switch "${name}"`;
    const isKnown = CHOICES[name]?.includes(value) ??
      (standard === null ? value === null || typeof value === "string" : typeof value === typeof standard);
    if (!isKnown) return `Wrong value for switch "${name}"`;
  }
  return undefined;
}
