/** All ways to give an option of a remote: each has to have the same effect. */

export interface Way {
  readonly how: string;
  readonly section?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly place?: string;
}

/** `key` as in the config; `value` is what makes the effect. */
export function waysOf(key: string, value: string): readonly Way[] {
  const flag = key.replaceAll("_", "-");
  const variable = key.toUpperCase();
  return [
    { how: "config key", section: { [key]: value } },
    { how: "flag", words: [`--${flag}=${value}`] },
    { how: "rclone's flag", words: [`--jottacloud-${flag}=${value}`] },
    { how: "variable", env: { [`JOTTASH_${variable}`]: value } },
    { how: "rclone's variable", env: { [`RCLONE_JOTTACLOUD_${variable}`]: value } },
    { how: "variable of the remote", env: { [`RCLONE_CONFIG_JOTTA_${variable}`]: value } },
    { how: "connection string", place: `jotta,${key}=${JSON.stringify(value)}:` },
  ];
}
