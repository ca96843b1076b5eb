/**
 * What a run did to an entry, or in a dry run would do: one vocabulary for messages, for the result that programs read
 * and for totals. Engines emit events, which become changes here; simple commands report changes themselves.
 */
import type { JottashError } from "../errors.ts";
import type { TransferEvent } from "./events.ts";

/** A folder of a remote, a directory of this machine. */
type Noun = "folder" | "directory";

export type Change =
  /** Its bytes went over the line, the rest of `bytesSent` in an earlier run. In a dry run no byte is counted. */
  | {
    readonly action: "transferred";
    readonly path: string;
    readonly size: number;
    readonly bytesSent?: number | undefined;
  }
  /** The service had the content already. */
  | { readonly action: "deduplicated"; readonly path: string; readonly size: number }
  /** The service or the disk copied by itself. */
  | { readonly action: "direct"; readonly path: string; readonly size: number }
  /** Only its times were set. */
  | { readonly action: "times-only"; readonly path: string; readonly size: number }
  | { readonly action: "unchanged"; readonly path: string; readonly size: number }
  /** `isExpected`: the user has asked for it, nobody is warned. */
  | {
    readonly action: "skipped";
    readonly path: string;
    readonly reason: string;
    readonly isExpected?: boolean | undefined;
  }
  /** There is nothing to be done about it, and nobody has to look into it. */
  | { readonly action: "left-alone"; readonly path: string; readonly reason: string }
  | { readonly action: "failed"; readonly path?: string | undefined; readonly error: JottashError }
  /** A file that is gone, into the trash unless `forGood`; or kept elsewhere. */
  | {
    readonly action: "deleted";
    readonly path: string;
    readonly size?: number | undefined;
    readonly side?: "source" | "target" | undefined;
    readonly forGood?: boolean | undefined;
    readonly keptAt?: string | undefined;
  }
  /** Moved without a transfer; a directory with all that is in it. */
  | {
    readonly action: "moved";
    readonly kind: "file" | "directory";
    readonly path: string;
    readonly from?: string | undefined;
    readonly size?: number | undefined;
  }
  /** Moved within the target, because the source has it under another name; or to another name of its own. */
  | {
    readonly action: "renamed";
    readonly path: string;
    readonly from: string;
    readonly size?: number | undefined;
  }
  /** Out of the way of a file that takes its name. */
  | { readonly action: "kept-aside"; readonly path: string; readonly keptAt: string }
  /** A new file without content. */
  | { readonly action: "file-made"; readonly path: string }
  | { readonly action: "directory-made"; readonly path: string; readonly noun?: Noun }
  /** It was empty. */
  | {
    readonly action: "directory-removed";
    readonly path: string;
    readonly noun?: Noun | undefined;
    readonly side?: "source" | "target" | undefined;
    readonly forGood?: boolean | undefined;
  }
  /** With all that was in it. */
  | {
    readonly action: "directory-deleted";
    readonly path: string;
    readonly noun?: Noun;
    readonly forGood?: boolean;
  }
  /** `url` is missing in a dry run. */
  | { readonly action: "linked"; readonly path: string; readonly url?: string | undefined }
  | { readonly action: "unlinked"; readonly path: string }
  | {
    readonly action: "trash-emptied";
    readonly path: string;
    readonly files: number;
    readonly folders: number;
  }
  /** A file that is not as it has to be; `how` is a stable word for programs. */
  | {
    readonly action: "different";
    readonly path: string;
    readonly how: string;
    readonly what?: string | undefined;
  }
  /** What this run has not looked at any more, because of a limit that the user set. */
  | { readonly action: "left-unread"; readonly path: string; readonly files: number; readonly bytes: number }
  /** Something that somebody should know about a place; `problem` is a stable word for programs. */
  | {
    readonly action: "found";
    readonly path: string;
    readonly problem: string;
    /** As in `unfinished upload: 3 of 5 MiB are there, since 2026-01-02`. */
    readonly what: string;
    /** What to do about it. */
    readonly advice?: string | undefined;
    /** When it came about, in RFC 3339. */
    readonly since?: string | undefined;
    /** Bytes that are there. */
    readonly bytes?: number | undefined;
  };

/** What an event changed; undefined for those that only tell how far a file is. */
export function changeOf(event: TransferEvent): Change | undefined {
  switch (event.type) {
    case "finished": {
      const { path, size, how, resumedBytes } = event;
      if (how === "transferred") return { action: how, path, size, bytesSent: size - resumedBytes };
      return { action: how, path, size };
    }
    case "would-transfer":
      return { action: "transferred", path: event.path, size: event.size };
    case "unchanged":
      return { action: "unchanged", path: event.path, size: event.size };
    case "skipped":
      return {
        action: "skipped",
        path: event.path,
        reason: event.reason,
        ...event.isExpected ? { isExpected: true } : {},
      };
    case "failed":
      return { action: "failed", path: event.path, error: event.error };
    case "directory-made":
      return { action: "directory-made", path: event.path };
    case "removed": {
      const { kind, path, side, size, keptAt } = event;
      if (kind === "directory") return { action: "directory-removed", path, side };
      return { action: "deleted", path, size, side, keptAt };
    }
    case "moved":
      return { action: "moved", kind: event.kind, path: event.path, from: event.from, size: event.size };
    case "renamed":
      return { action: "renamed", path: event.path, from: event.from, size: event.size };
    case "kept-aside":
      return { action: "kept-aside", path: event.path, keptAt: event.keptAt };
    case "planned":
    case "plan-complete":
    case "started":
    case "progressed":
    case "hash-known":
    case "parked":
    case "retried":
      return undefined;
    default:
      return event satisfies never;
  }
}
