/** A person with a browser on another machine: opens the address that is shown, pastes the one where it ends. */
import { ok } from "node:assert/strict";
import type { Environment } from "./environment.ts";
import { RunningProgram, type RunResult } from "./running_program.ts";

/** The provider's page, as it stands on a line of its own. */
const PROVIDER_PAGE = /^\s*(https?:\/\/\S+\/protocol\/openid-connect\/auth\?\S+)$/m;

export interface RedirectOptions {
  /** What is pasted in place of the address where the browser ended. */
  readonly paste?: (address: string) => string | Promise<string>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Where the browser ends that opens `page`. */
export async function followRedirect(page: string): Promise<string> {
  const response = await fetch(page, { redirect: "manual" });
  await response.body?.cancel();
  const address = response.headers.get("location");
  ok(address !== null, `status ${response.status} without an address`);
  return address;
}

/** Runs a sign-in with `--no-browser` to its end; the code of the redirect is a secret that no run may show. */
export async function runWithRedirect(
  environment: Environment,
  options: RedirectOptions,
  ...words: string[]
): Promise<RunResult> {
  const { file, args, env } = await environment.executable(options.env);
  const child = new Deno.Command(file, {
    args: [...args, ...words],
    env,
    clearEnv: true,
    cwd: environment.home,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const typed = Promise.withResolvers<void>();
  const program = new RunningProgram(
    child,
    typed.promise,
    (result) => environment.searchForSecrets(words.join(" "), result.stdout + result.stderr),
  );
  const writer = child.stdin.getWriter();
  try {
    await program.until(() => PROVIDER_PAGE.test(program.stderr));
    const address = await followRedirect(PROVIDER_PAGE.exec(program.stderr)?.[1] ?? "");
    const code = URL.parse(address)?.searchParams.get("code");
    if (typeof code === "string") environment.keepSecret(code);
    const pasted = await options.paste?.(address) ?? address;
    await writer.write(new TextEncoder().encode(`${pasted}\n`));
  } finally {
    await writer.close().catch(() => {});
    typed.resolve();
  }
  return await program.result();
}
