import { defineCommand } from "../lib/cli/command.ts";
import { RemoteSetup } from "../lib/setup/remote_setup.ts";
import { remoteNameOf } from "../lib/setup/remotes.ts";
import { planSignIn } from "../lib/setup/sign_in.ts";
import { SIGN_IN_OPTIONS } from "../lib/setup/sign_in_options.ts";

export const command = defineCommand({
  spec: {
    name: "config create",
    summary: "Set up a remote without questions",
    description:
      "Signs in with a personal login token, which is made on the website of the service (Settings, Security) and works once: from a file, standard input, or the variable JOTTASH_LOGIN_TOKEN. A remote of that name that is there already gets a new session and keeps its other settings.\n\n" +
      "--method traditional signs in with the browser, at the --service of your account; it waits on 127.0.0.1:53682 until the browser comes back, over ssh with -L 53682:127.0.0.1:53682. With --no-browser it prints the address to open anywhere, and reads the address at which that browser ended. The service allows one session of this kind on a machine: the vendor's own program, or another remote that is signed in so, ends it.\n\n" +
      "--method legacy signs in with user name and password (--password-file, --password-stdin, JOTTASH_PASSWORD); a code that the service sends by SMS is asked for, or read from JOTTASH_CODE. Most services have ended this way.\n\n" +
      "A --device and --mountpoint are looked up, made where the service allows it, and saved; an --endpoint is saved too. With --token-file, or with --token-get-cmd and --token-put-cmd, the session is kept there from now on instead of in the config.",
    arguments: [{ name: "NAME", kind: "remote-name", help: "Name of the remote, as in NAME:path" }],
    options: SIGN_IN_OPTIONS,
    examples: [
      {
        line: "jottash config create jotta --login-token-file token.txt",
        does: "Sign in and save as jotta:",
      },
      {
        line: 'printf %s "$TOKEN" | jottash config create ci --login-token-stdin',
        does: "The same in a script.",
      },
      {
        line: "jottash config create ci --login-token-file FILE --mountpoint backup",
        does: "With another mountpoint.",
      },
      {
        line: "jottash config create telia --method traditional --service telia_se",
        does: "Sign in with the browser of this machine.",
      },
      {
        line: "jottash config create nas --method traditional --service elkjop --no-browser",
        does: "With a browser elsewhere.",
      },
      {
        line: "jottash config create old --method legacy --user kari --password-file FILE",
        does: "With a password.",
      },
    ],
    changes: true,
  },
  run: async (context, { args: [typed = ""], options }) => {
    const setup = new RemoteSetup(context, remoteNameOf(typed));
    const { settings, printer } = context;
    const plan = planSignIn(context, setup, { options });
    if (settings.dryRun) {
      return printer.notice(`Would sign in and save the remote "${setup.name}"`);
    }
    const email = await setup.signIn(await plan.login());
    printer.notice(`Signed in as ${email}; saved as "${setup.name}:" in ${await setup.home()}`);
    const { device, mountpoint } = settings;
    if (device === undefined && mountpoint === undefined) return;
    const place = await setup.choosePlaceAfterSignIn({ device, mountpoint });
    printer.notice(`It uses the mountpoint "${place.mountpoint}" of the device "${place.device}"`);
  },
});
