import { defineCommand } from "../lib/cli/command.ts";
import { asConfigFailure, requireJottacloud } from "../lib/cli/remote_config.ts";
import { UsageError } from "../lib/errors.ts";
import { requireSetting } from "../lib/setup/remote_settings.ts";
import { remoteNameOf, requireSection } from "../lib/setup/remotes.ts";
import type { ConfigDocument } from "../lib/store/config_file.ts";

export const command = defineCommand({
  spec: {
    name: "config update",
    summary: "Change settings of a remote",
    description:
      "Takes settings as KEY VALUE or as KEY=VALUE, as many as are given; an empty value goes back to the default. The session stays as it is: secrets are refused here, because the words of a command can be seen by others. Nothing is asked of the service: a device or mountpoint is looked up when the remote is used.",
    arguments: [
      { name: "NAME", kind: "remote-name", help: "Name of the remote" },
      { name: "SETTING", kind: "text", help: "KEY VALUE or KEY=VALUE", isRepeated: true },
    ],
    options: {},
    examples: [
      { line: "jottash config update jotta mountpoint Sync", does: "Use another mountpoint." },
      { line: "jottash config update jotta device=Laptop mountpoint=Photos", does: "Both at once." },
    ],
    changes: true,
  },
  run: async (context, { args: [typed = "", ...words] }) => {
    const { settings, printer } = context;
    const name = remoteNameOf(typed);
    const changes = readPairs(name, words);
    for (const [key, value] of changes) requireSetting(key, value);
    const store = await context.configStore();
    const apply = (document: ConfigDocument) => {
      requireSection(document, name, context.env);
      requireJottacloud(document, name, store.path);
      for (const [key, value] of changes) document.set(name, key, value);
    };
    const keys = [...changes.keys()].join(", ");
    if (settings.dryRun) {
      apply(await context.config());
      return printer.notice(`Would change the remote "${name}": ${keys}`);
    }
    await asConfigFailure(() => store.update(apply), "The config cannot be saved");
    printer.notice(`Changed the remote "${name}": ${keys}`);
  },
});

/** A word with "=" is a pair, any other takes the next word as its value. */
function readPairs(name: string, words: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const at = word.indexOf("=");
    const value = at < 0 ? words[++i] : word.slice(at + 1);
    if (value === undefined) {
      throw new UsageError(`Cannot change "${name}:": the last setting has no value`, {
        hint: 'Write KEY VALUE or KEY=VALUE; an empty value is ""',
      });
    }
    pairs.set(at < 0 ? word : word.slice(0, at), value);
  }
  return pairs;
}
