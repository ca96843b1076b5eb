/**
 * What a killed process may leave behind: the note that it was about to send a refresh token, and perhaps the new
 * session, written beside the file but not yet put in its place. The old refresh token is spent by then, so that
 * what lies beside is the only session there is.
 */
import type { ConfigDocument } from "./config_document.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { formatSessionRecord, parseSessionRecord, SESSION_RECORD_KEY } from "./session_record.ts";
import { formatToken, parseToken, type StoredSession } from "./token_store.ts";

type Session = Pick<StoredSession, "token" | "record">;

/** When a refresh with the very refresh token that is stored was begun whose end nobody saw; undefined for none. */
export async function interruptionOf({ token, record }: Session): Promise<number | undefined> {
  const { intent } = record;
  if (intent === undefined || token.refreshToken === undefined) return undefined;
  return intent.token === await fingerprintOf(token.refreshToken) ? intent.atMs : undefined;
}

/** The session that an interrupted refresh of `stored` has got, if it is among `leftovers`. */
export async function successorOf<Found extends Session>(
  stored: Session,
  leftovers: readonly Found[],
): Promise<Found | undefined> {
  const interruptedAtMs = await interruptionOf(stored);
  if (interruptedAtMs === undefined) return undefined;
  return leftovers.find(({ token, record }) =>
    token.refreshToken !== undefined && token.refreshToken !== stored.token.refreshToken &&
    record.intent === undefined && (record.rotatedAtMs ?? -Infinity) >= interruptedAtMs
  );
}

/** Puts such sessions of each section in their place. */
export async function recoverSections(
  document: ConfigDocument,
  leftovers: readonly ConfigDocument[],
): Promise<void> {
  for (const section of document.sections()) {
    const stored = sessionIn(document, section);
    if (stored === undefined) continue;
    const others = leftovers.map((leftover) => sessionIn(leftover, section)).filter((each) =>
      each !== undefined
    );
    const successor = await successorOf(stored, others);
    if (successor === undefined) continue;
    document.set(section, "token", formatToken(successor.token));
    document.set(section, SESSION_RECORD_KEY, formatSessionRecord(successor.record));
  }
}

/** Undefined also for a token that cannot be read. */
function sessionIn(document: ConfigDocument, section: string): Session | undefined {
  const token = parseToken(document.get(section, "token") ?? "");
  if (token === undefined) return undefined;
  return { token, record: parseSessionRecord(document.get(section, SESSION_RECORD_KEY)) };
}
