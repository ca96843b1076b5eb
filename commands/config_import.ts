import { defineCommand } from "../lib/cli/command.ts";
import type { CommandContext } from "../lib/cli/context.ts";
import { text } from "../lib/options.ts";
import { type ImportedRemote, type ImportPlan, planImport } from "../lib/setup/import_remotes.ts";
import { RemoteSetup } from "../lib/setup/remote_setup.ts";
import { remoteNameOf } from "../lib/setup/remotes.ts";
import type { FormerWay } from "../lib/setup/sign_in.ts";
import { SignInQuestions } from "../lib/setup/sign_in_questions.ts";

export const command = defineCommand({
  spec: {
    name: "config import",
    summary: "Take over remotes from the config of rclone",
    description:
      "Copies the settings of all jottacloud remotes of that file; names that are here already are left out. The sessions stay with rclone: a token works once, so two programs with one session would end it for each other. Each remote gets a session of its own, on a terminal right here, else with the commands that are printed.\n\n" +
      "The other way is to share the file: with --config FILE jottash uses the config of rclone as it is, sessions included. That is safe as long as the two do not run at the same time, because rclone takes no lock.",
    arguments: [
      {
        name: "FILE",
        kind: "text",
        help: "The config of rclone; found where rclone has it without this",
        isOptional: true,
      },
    ],
    options: {
      only: text({ flag: "only", valueName: "NAME", help: "Only this remote of the file" }),
      as: text({ flag: "as", valueName: "NAME", help: "Its name here, when it is only one" }),
    },
    examples: [
      { line: "jottash config import", does: "All jottacloud remotes of rclone." },
      { line: "jottash config import old.conf --only jotta --as photos", does: "One, under another name." },
    ],
    changes: true,
  },
  run: async (context, { args: [path], options }) => {
    const { printer, settings } = context;
    const only = options.only === undefined ? undefined : remoteNameOf(options.only);
    const as = options.as === undefined ? undefined : remoteNameOf(options.as);
    const plan = await planImport(context, { path, only, as });
    for (const name of plan.taken) {
      printer.warning(`Left out "${name}": there is a remote of that name already`, {
        hint: "Import it under another name with --only NAME --as OTHER",
      });
    }
    if (plan.remotes.length === 0) return printer.notice("Nothing to import");
    if (!settings.dryRun) await plan.run();
    for (const remote of plan.remotes) tell(context, remote, plan);
    if (settings.dryRun) return;
    await offerSessions(context, plan.remotes);
  },
});

function tell(
  { printer, settings }: CommandContext,
  { from, to }: ImportedRemote,
  { path }: ImportPlan,
): void {
  const name = from === to ? `"${to}"` : `"${from}" as "${to}"`;
  printer.notice(
    `${settings.dryRun ? "Would import" : "Imported"} ${name} from ${path}, without its session`,
  );
}

/** The sessions of rclone stay where they are: each remote here needs one of its own. */
async function offerSessions(context: CommandContext, remotes: readonly ImportedRemote[]): Promise<void> {
  const { printer } = context;
  for (const { to, way } of remotes) {
    const hint = `Sign in: ${reconnectCommand(to, way)}`;
    if (!context.canAsk) {
      printer.notice(`"${to}:" needs a session of its own`, { hint });
      continue;
    }
    const prompter = await context.prompter(hint);
    const isWanted = await prompter.confirm({ message: `Sign in to "${to}:" now?`, default: true });
    const questions = new SignInQuestions(context, prompter, { leave: "Leave it without a session" });
    const isSignedIn = isWanted && await questions.ask(new RemoteSetup(context, to), way);
    if (isSignedIn) printer.notice(`"${to}:" is ready`);
    else printer.notice(`"${to}:" has no session yet`, { hint });
  }
}

/** The way that it was signed in with rclone, where that takes more than a login token. */
function reconnectCommand(name: string, { method, service }: FormerWay): string {
  const command = `jottash config reconnect ${name.includes(" ") ? `"${name}:"` : `${name}:`}`;
  if (method === "traditional" && service !== undefined) {
    return `${command} --method traditional --service ${service}`;
  }
  return method === "legacy" ? `${command} --method legacy` : command;
}
