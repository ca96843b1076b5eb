/**
 * A session in a secret store that is reached through two commands (`--token-get-cmd`, `--token-put-cmd`). The get
 * command prints the session (`session_text.ts`) or a bare access token; the put command gets the session on its
 * standard input and has to end with status 0 before a new token is used.
 *
 * Without a put command the place is read-only: another machine refreshes, and this one gets what that one has.
 *
 * The lock keeps processes of this machine apart. Nothing keeps two machines apart: one of them has to be the one
 * that refreshes. A get command may be behind (a variable of a CI job, a store with a cache): this machine remembers
 * which refresh tokens it has spent, and sends none of them again.
 */
import type { Launcher } from "../edges.ts";
import { ConfigError, LocalError } from "../errors.ts";
import { redactText } from "../http/redact.ts";
import { writeFileAtomically } from "./atomic_file.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { acquireLock, type LockContext } from "./lock_file.ts";
import type { SessionRecord } from "./session_record.ts";
import { formatEmptySession, formatSession, parseSession, sessionOfAccessToken } from "./session_text.ts";
import type { SessionClient, StoredSession, TokenAccess, TokenStore } from "./token_store.ts";

const COMMAND_TIMEOUT_MS = 60_000;
/** A holder may run several commands, and send two requests. */
const LOCK_TIMEOUT_MS = 300_000;
/** Goes into a header line: visible ASCII only. */
const BARE_TOKEN = /^[\x21-\x7e]+$/;
const MAX_HINT_LENGTH = 200;
/** Fingerprints of spent tokens; the oldest are forgotten. */
const MAX_SPENT = 50;
/** A jottash that is one of the commands, or within one, would call itself without end. */
const OWN_COMMAND_VARIABLES = [
  "JOTTASH_TOKEN_GET_CMD",
  "JOTTASH_TOKEN_PUT_CMD",
  "RCLONE_JOTTACLOUD_TOKEN_GET_CMD",
  "RCLONE_JOTTACLOUD_TOKEN_PUT_CMD",
];

type Words = readonly [program: string, ...rest: string[]];

interface Run {
  readonly verb: "get" | "put";
  readonly words: Words;
  readonly stdin?: string;
  /** What the program was given and no message may show. */
  readonly secrets?: readonly (string | undefined)[];
}

export interface CommandTokenStoreOptions {
  /** For messages. */
  readonly remote: string;
  readonly get: Words;
  readonly put: Words | undefined;
  /** The file beside which the lock lies, and the note about what was spent. */
  readonly lockPath: string;
  /** For a session that names none. */
  readonly client?: SessionClient | undefined;
}

export class CommandTokenStore implements TokenStore {
  readonly canSave: boolean;
  readonly #context: LockContext & { readonly launcher: Pick<Launcher, "run"> };
  readonly #options: CommandTokenStoreOptions;

  constructor(
    context: LockContext & { readonly launcher: Pick<Launcher, "run"> },
    options: CommandTokenStoreOptions,
  ) {
    this.#context = context;
    this.#options = options;
    this.canSave = options.put !== undefined;
  }

  /** Throws `LocalError` when the command fails. */
  async load(): Promise<StoredSession | undefined> {
    const text = await this.#run({ verb: "get", words: this.#options.get });
    const session = parseSession(text, this.#options.client);
    if (session === "empty") return undefined;
    if (session !== undefined) return session;
    const word = text.trim();
    if (BARE_TOKEN.test(word) && !word.startsWith("{")) return sessionOfAccessToken(word);
    throw new ConfigError(
      `Cannot read the session of "${this.#options.remote}:": the command "${
        this.#options.get[0]
      }" printed ` +
        "neither a session nor an access token",
      {
        hint:
          "It has to print what the put command got, one access token, or nothing when nobody is signed in",
        data: { remote: this.#options.remote },
      },
    );
  }

  async exclusively<T>(work: (access: TokenAccess) => Promise<T>): Promise<T> {
    using _lock = await acquireLock(this.#context, this.#options.lockPath, { timeoutMs: LOCK_TIMEOUT_MS });
    const session = await this.load();
    let current = session;
    const note = async (record: SessionRecord) => {
      const noted = current === undefined ? undefined : { ...current, record };
      await this.#put(noted ?? record);
      current = noted;
      return noted;
    };
    return await work({
      session,
      reload: async () => current = await this.load(),
      reserve: async (record) => {
        await this.#refuseSpent(current);
        // A store that takes the note takes the token.
        return await note(record);
      },
      note: async (record) => void await note(record),
      save: async (saved) => {
        const spent = current?.token.refreshToken;
        if (spent !== undefined && spent !== saved.token.refreshToken) await this.#rememberSpent(spent);
        await this.#put(saved);
      },
    });
  }

  async #refuseSpent(session: StoredSession | undefined): Promise<void> {
    const token = session?.token.refreshToken;
    if (token === undefined || !(await this.#spent()).includes(await fingerprintOf(token))) return;
    const { remote, get } = this.#options;
    throw new LocalError(
      `Cannot refresh the session of "${remote}": the command "${
        get[0]
      }" printed one that has been replaced since`,
      {
        hint:
          "It has to print what the put command got last; nothing was sent. Where that is lost, sign in again: " +
          `jottash config reconnect ${remote}:`,
        data: { remote },
      },
    );
  }

  /** Best effort: the new session matters more. */
  async #rememberSpent(token: string): Promise<void> {
    const fingerprint = await fingerprintOf(token);
    const spent = (await this.#spent()).filter((each) => each !== fingerprint);
    const text = [...spent, fingerprint].slice(-MAX_SPENT).join("\n");
    await writeFileAtomically(this.#context, this.#spentPath, text).catch(() => {});
  }

  async #spent(): Promise<readonly string[]> {
    const text = await this.#context.fileSystem.readText(this.#spentPath).catch(() => "");
    return text.split("\n").filter((line) => line !== "");
  }

  get #spentPath(): string {
    return `${this.#options.lockPath}.spent`;
  }

  async #put(content: StoredSession | SessionRecord): Promise<void> {
    const { put } = this.#options;
    if (put === undefined) throw new LocalError("Cannot put the session: there is no command for it");
    const [text, secrets] = "token" in content
      ? [formatSession(content), [content.token.accessToken, content.token.refreshToken]]
      : [formatEmptySession(content), []];
    await this.#run({ verb: "put", words: put, stdin: text, secrets });
  }

  async #run({ verb, words, stdin, secrets = [] }: Run): Promise<string> {
    const { remote } = this.#options;
    const what = `Cannot ${verb} the session of "${remote}:"`;
    try {
      // A Ctrl-C goes to all programs in the terminal: the one that takes the new session must come to its end.
      const { status, stdout, stderr } = await this.#context.launcher.run({
        words,
        stdin,
        timeoutMs: COMMAND_TIMEOUT_MS,
        isApart: verb === "put",
        hiddenVariables: OWN_COMMAND_VARIABLES,
      });
      if (status === 0) return stdout;
      throw new LocalError(`${what}: the command "${words[0]}" ended with status ${status}`, {
        hint: lastLine(stderr, secrets),
        data: { remote, program: words[0], status },
      });
    } catch (cause) {
      if (!(cause instanceof LocalError) || cause.message.startsWith(what)) throw cause;
      throw new LocalError(`${what}: ${cause.message}`, { cause, hint: cause.hint, data: cause.data });
    }
  }
}

/** What a program says last is usually why it failed; it may also be what it was given. */
function lastLine(text: string, secrets: readonly (string | undefined)[]): string | undefined {
  const line = text.trimEnd().split("\n").at(-1)?.trim() ?? "";
  const shown = secrets.reduce<string>(
    (rest, secret) => secret ? rest.replaceAll(secret, "***") : rest,
    line,
  );
  return shown === "" ? undefined : redactText(shown).slice(0, MAX_HINT_LENGTH);
}
