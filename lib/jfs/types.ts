/** What JFS answers mean (API reference 4.2-4.6), as values. */

export interface JfsRevision {
  /** `COMPLETED`, `INCOMPLETE`, `CORRUPT`; also `ADDED` and `PROCESSING` have been seen. */
  readonly state: string;
  readonly number: number | undefined;
  readonly size: number | undefined;
  /** Lower-case hex, whatever case the uploader used. */
  readonly md5: string | undefined;
  readonly createdAtMs: number | undefined;
  readonly modifiedAtMs: number | undefined;
  readonly updatedAtMs: number | undefined;
  readonly mimeType: string | undefined;
}

export interface JfsFile {
  readonly kind: "file";
  readonly name: string;
  readonly isDeleted: boolean;
  /** The newest completed revision; undefined when no upload was ever finished. */
  readonly current: JfsRevision | undefined;
  /** A newer revision that is not complete, if there is one. */
  readonly latest: JfsRevision | undefined;
  readonly revisions: readonly JfsRevision[];
  readonly publicUri: string | undefined;
}

export interface JfsFolder {
  readonly kind: "folder";
  readonly name: string;
  readonly isDeleted: boolean;
}

export interface JfsMountpoint {
  readonly kind: "mountpoint";
  readonly name: string;
  readonly isDeleted: boolean;
  readonly size: number | undefined;
  readonly modifiedAtMs: number | undefined;
}

export interface JfsDevice {
  readonly kind: "device";
  readonly name: string;
  readonly type: string;
  readonly size: number | undefined;
  readonly modifiedAtMs: number | undefined;
}

export interface JfsUser {
  readonly username: string;
  /** Bytes; undefined = unlimited (the service says -1). */
  readonly capacity: number | undefined;
  readonly usage: number;
  readonly isLocked: boolean;
}

export type JfsItem = JfsFile | JfsFolder | JfsMountpoint | JfsDevice;

/** The first thing known of a document: its kind, before any of its entries. */
export interface JfsRoot {
  readonly kind: "user" | "device" | "mountPoint" | "folder" | "file" | "searchresult";
  readonly name: string | undefined;
  readonly isDeleted: boolean;
  /** What the clock of the service said when it answered, as it was sent. */
  readonly servedAt: string | undefined;
}
