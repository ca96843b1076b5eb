/**
 * The options of the commands that sign in, and which way to sign in they mean. A secret has no option: whatever
 * stands on a command line can be read by others and stays in the history of the shell.
 */
import { UsageError } from "../errors.ts";
import { type OptionDefinition, type OptionValues, text, toggle } from "../options.ts";
import type { SignInMethod } from "../store/session_record.ts";

const METHODS: readonly SignInMethod[] = ["standard", "traditional", "legacy"];

export const SIGN_IN_OPTIONS = {
  method: {
    flag: "method",
    valueName: "METHOD",
    default: undefined,
    help: "How to sign in: standard (login token), traditional (browser) or legacy (password)",
    parse: parseMethod,
  } as OptionDefinition<SignInMethod | undefined>,
  loginTokenFile: text({
    flag: "login-token-file",
    valueName: "FILE",
    help: "Standard: read the login token from this file",
  }),
  loginTokenStdin: toggle({
    flag: "login-token-stdin",
    help: "Standard: read the login token from standard input",
  }),
  service: text({
    flag: "service",
    valueName: "KEY",
    help: "Traditional: the service to sign in to, as in jottacloud or telia_se",
  }),
  noBrowser: toggle({
    flag: "no-browser",
    help: "Traditional: open no browser and wait for none; read the address it ended at",
  }),
  user: text({ flag: "user", valueName: "NAME", help: "Legacy: user name" }),
  passwordFile: text({
    flag: "password-file",
    valueName: "FILE",
    help: "Legacy: read the password from this file",
  }),
  passwordStdin: toggle({ flag: "password-stdin", help: "Legacy: read the password from standard input" }),
  registerDevice: toggle({
    flag: "register-device",
    help: "Legacy: register this machine, so that others stay signed in",
  }),
} as const;

export type SignInOptions = OptionValues<typeof SIGN_IN_OPTIONS>;

const METHOD_OF: Readonly<Record<Exclude<keyof SignInOptions, "method">, SignInMethod>> = {
  loginTokenFile: "standard",
  loginTokenStdin: "standard",
  service: "traditional",
  noBrowser: "traditional",
  user: "legacy",
  passwordFile: "legacy",
  passwordStdin: "legacy",
  registerDevice: "legacy",
};

function parseMethod(value: string): SignInMethod | undefined {
  if (value === "") return undefined;
  const method = METHODS.find((each) => each === value);
  if (method !== undefined) return method;
  throw new UsageError(`Cannot use "${value}" for --method: it is one of ${METHODS.join(", ")}`);
}

/**
 * The method that the options mean: the one that is named, or the one that the others belong to; undefined when
 * there are none. Throws `UsageError` when they belong to several.
 */
export function methodOf(options: SignInOptions): SignInMethod | undefined {
  let chosen = options.method;
  let because = `--method ${chosen}`;
  for (const [key, method] of Object.entries(METHOD_OF) as [keyof typeof METHOD_OF, SignInMethod][]) {
    const value = options[key];
    if (value === undefined || value === false) continue;
    const flag = `--${SIGN_IN_OPTIONS[key].flag}`;
    if (chosen !== undefined && chosen !== method) {
      throw new UsageError(`Cannot use ${flag} together with ${because}: it belongs to --method ${method}`, {
        hint: "Each way to sign in has options of its own; leave out those of the others",
      });
    }
    if (chosen === undefined) because = flag;
    chosen = method;
  }
  refuseTwoSources(options);
  return chosen;
}

function refuseTwoSources(options: SignInOptions): void {
  const refuse = (secret: string, sources: string) =>
    new UsageError(`Cannot sign in: exactly one source for the ${secret} is needed`, {
      hint: `Use ${sources}; with questions: "jottash config"`,
    });
  if (options.loginTokenFile !== undefined && options.loginTokenStdin) {
    throw refuse("login token", "--login-token-file FILE or --login-token-stdin");
  }
  if (options.passwordFile !== undefined && options.passwordStdin) {
    throw refuse("password", "--password-file FILE or --password-stdin");
  }
}
