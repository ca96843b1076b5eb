/** What the user chose about the files of this machine. Types only; `cli/local_options.ts` makes them from flags. */

/**
 * What a symbolic link below the root is: `warn` and `skip` leave it out (`skip` on purpose, so that nobody is warned);
 * `translate` is a file `NAME.rclonelink` that holds where the link leads; `follow` is what it leads to.
 */
export type LinkRule = "warn" | "skip" | "translate" | "follow";

export interface WritingRules {
  /** Straight into the file that has the final name; an end before its time leaves half a file. */
  readonly isInPlace: boolean;
  /** End of temporary names of the form `NAME.<random>SUFFIX`; without it they are of a form of our own. */
  readonly partialSuffix: string | undefined;
}

export interface LocalRules {
  readonly links: LinkRule;
  /** Directories that are on another file system than the root are left out. */
  readonly staysOnFileSystem: boolean;
  readonly writing: WritingRules;
}

export const PLAIN_LOCAL_RULES: LocalRules = {
  links: "warn",
  staysOnFileSystem: false,
  writing: { isInPlace: false, partialSuffix: undefined },
};
