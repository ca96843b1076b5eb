/**
 * What jottash notes about a session beside the token itself: how it was got, on which machine it lives, when it was
 * rotated, and whether a refresh was begun whose end nobody saw. One line of JSON; in a config file under the key
 * `jottash_session`, which rclone leaves alone. Nothing in it is secret.
 */

export const SESSION_RECORD_KEY = "jottash_session";

export type SignInMethod = "standard" | "traditional" | "legacy";

/** A refresh token was about to be sent: if it still is the stored one, nobody knows whether it is spent. */
export interface RefreshIntent {
  /** Fingerprint of the refresh token (`fingerprintOf`). */
  readonly token: string;
  readonly atMs: number;
}

export interface SessionRecord {
  readonly method?: SignInMethod | undefined;
  /** Key of the brand, as in `jottacloud` or `telia_se`. */
  readonly service?: string | undefined;
  /** Stamp of the machine that this session belongs to (`machineStamp`). */
  readonly machine?: string | undefined;
  /** When jottash last put a new token in place, in milliseconds since 1970 UTC. */
  readonly rotatedAtMs?: number | undefined;
  readonly intent?: RefreshIntent | undefined;
}

const METHODS: ReadonlySet<unknown> = new Set<SignInMethod>(["standard", "traditional", "legacy"]);

/** An empty record for what is missing or cannot be read: it is a note, not the session. */
export function parseSessionRecord(text: string | undefined): SessionRecord {
  const fields = parseObject(text ?? "");
  const textOf = (key: string) => typeof fields[key] === "string" ? fields[key] : undefined;
  const method = fields["method"];
  const intent = typeof fields["intent"] === "object" && fields["intent"] !== null
    ? { ...fields["intent"] }
    : {};
  const { token, at }: Record<string, unknown> = intent;
  const atMs = parseTime(at);
  return {
    method: METHODS.has(method) ? method as SignInMethod : undefined,
    service: textOf("service"),
    machine: textOf("machine"),
    rotatedAtMs: parseTime(fields["rotated"]),
    intent: typeof token === "string" && atMs !== undefined ? { token, atMs } : undefined,
  };
}

/** One line of JSON without the fields that are not known. */
export function formatSessionRecord(record: SessionRecord): string {
  const { method, service, machine, rotatedAtMs, intent } = record;
  const text = JSON.stringify({
    method,
    service,
    machine,
    rotated: formatTime(rotatedAtMs),
    intent: intent === undefined ? undefined : { token: intent.token, at: formatTime(intent.atMs) },
  });
  // "%(name)s" would be read as a reference to another key (config_document.ts).
  return text.replaceAll("%(", "\\u0025(");
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function parseTime(value: unknown): number | undefined {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function formatTime(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}
