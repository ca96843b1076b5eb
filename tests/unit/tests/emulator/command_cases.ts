/** Tables of JFS commands with their answers, and the headers of `cphash`. */
import assert from "node:assert/strict";
import { md5Of, type Session } from "./session.ts";

/** [request path and query, expected status, text in the answer] */
export type Case = readonly [string, number, RegExp?];

export async function runCommands(session: Session, cases: readonly Case[]): Promise<void> {
  for (const [path, status, text] of cases) {
    const answer = await session.post(path);
    assert.equal(answer.status, status, `${path}\n${answer.text}`);
    if (text) assert.match(answer.text, text, path);
  }
}

export function cphash(session: Session, path: string, content: string, modified = "2024-04-02-T09:00:00Z") {
  return session.post(`${path}?cphash=true`, {
    jsize: String(content.length),
    jmd5: md5Of(content),
    jcreated: "2024-04-01-T08:00:00Z",
    jmodified: modified,
  });
}
