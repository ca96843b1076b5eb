/** What `jottash help filters` says: the language of `--include` and its likes, which is rclone's. */

/** At most 80 columns wide. */
export const FILTER_HELP = `Which files a command deals with: rclone's filter language.

Patterns
  *            any text within one name: *.jpg
  **           any text, slashes too: photos/**
  ?            one character, no slash
  [a-z] [^a]   one character of a set, or none of it
  {a,b}        one of several patterns: *.{jpg,png}
  {{REGEXP}}   a regular expression in RE2's syntax: {{IMG_\\d+}}.jpg
  \\*           the character itself, also \\? \\[ \\{ \\\\

  A pattern stands for the end of a path: b.jpg for b.jpg and a/b.jpg, but not
  for ab.jpg. With a slash before it, it begins at the folder that the command
  names: /b.jpg. With a slash behind it, it is for folders: "--exclude cache/"
  leaves out each folder of that name with all that is in it, without asking the
  service for it. Capitals and small letters differ, but not with --ignore-case.

Rules
  --include *.jpg           takes what matches, and nothing else
  --exclude *.tmp           leaves out what matches
  --filter "- *.tmp"        does as --exclude; with "+ " it takes what matches
  --filter "!"              forgets all rules before it
  Each can be given several times. Each has a twin that reads a file with one
  pattern or rule a line: --include-from, --exclude-from, --filter-from; there
  empty lines and lines that begin with # or ; do not count. "-" as the file is
  standard input. Quotes keep the shell from reading the patterns first.

  The first rule that matches decides. First come all --include, then all
  --include-from, --exclude, --exclude-from, --filter, --filter-from, wherever
  they stand on the line. So mix only by --filter, which keeps its order:

    --filter "+ *.jpg" --filter "+ *.png" --filter "- *"

  What no rule matches is taken, but with --include left out.

Other bounds (all of them have to be met)
  --min-size 10k --max-size 1G     KiB without a suffix; B, k, M, G, T, P
  --min-age 2d --max-age 1w        ms, s, m, h, d, w, M, y; or a date 2024-12-31
  --max-depth 2                    levels of folders
  --exclude-if-present .nobackup   leaves out folders that hold such a file
  --metadata-include mtime=2024*   as --include, for metadata; there are also
                                   --metadata-exclude and --metadata-filter
  --hash-filter 1/4                one of four parts of all files

Lists of files
  --files-from LIST   takes the files that LIST names, a path a line, below the
                      folder that the command names; no other filter goes with
                      it. Only these are looked up: in a folder of a remote each
                      by itself, or by one listing where they are many.
  --files-from-raw    the same, where spaces and # are parts of paths
  --files-from0       the same, with a NUL after each path (find -print0)

A single file as the place takes no filters: copy goes by the file alone, other
commands refuse them.

Which rule decides about a path, without doing anything else:
  jottash lsf jotta:photos --exclude cache/ --explain-filter 2024/cache/a.jpg
  jottash lsf jotta:photos --filter-from rules.txt --explain-filter 2024/
`;
