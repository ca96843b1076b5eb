/** A signed-in caller of an emulator, for the emulator's own tests: plain fetch, nothing of jottash. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/mod.ts";

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export interface AllocateAnswer {
  readonly status: number;
  readonly state: string;
  readonly upload_url: string;
  readonly resume_pos: number;
  readonly path: string;
  readonly error_id: string;
}

/** Fixed test time, 2024-05-01T10:00:00Z, moved by hand. */
export class TestClock {
  nowMs = Date.UTC(2024, 4, 1, 10, 0, 0);
  readonly now = () => this.nowMs;
}

export function md5Of(content: string | Uint8Array): string {
  return createHash("md5").update(content).digest("hex");
}

export class Session implements AsyncDisposable {
  readonly emulator: Emulator;
  readonly clock: TestClock;
  token: string;
  /**
   * A connection per request: on a reused one Deno's fetch silently repeats a request (also a POST) whose connection
   * closed without an answer, and would hide the very faults tested here.
   */
  readonly #client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });

  constructor(emulator: Emulator, clock: TestClock) {
    this.emulator = emulator;
    this.clock = clock;
    this.token = emulator.issueTokens().accessToken;
  }

  /** `/jfs/<user>` plus a raw path. */
  jfs(path: string): string {
    return `${this.emulator.endpoint}/jfs/${this.emulator.username}${path}`;
  }

  async call(url: string, init: RequestInit = {}): Promise<Answer> {
    const absolute = url.startsWith("/") ? this.emulator.endpoint + url : url;
    const headers = { authorization: `Bearer ${this.token}`, ...init.headers };
    const response = await fetch(absolute, { redirect: "manual", ...init, headers, client: this.#client });
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call(this.jfs(path), { headers });
  }

  post(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call(this.jfs(path), { method: "POST", headers });
  }

  /** The absolute path as `mv` and `cp` want it, ready for a query. */
  target(path: string): string {
    return encodeURIComponent(`/${this.emulator.username}${path}`);
  }

  async allocate(
    path: string,
    content: string,
    extra: Record<string, unknown> = {},
  ): Promise<AllocateAnswer> {
    const body = JSON.stringify({
      path: `/jfs${path}`,
      bytes: content.length,
      md5: md5Of(content),
      ...extra,
    });
    const { status, text } = await this.call("/files/v1/allocate", { method: "POST", body });
    return { ...JSON.parse(text), status };
  }

  /** Bytes to an upload address, from `start` on. */
  send(url: string, body: string, start = 0, size = start + body.length): Promise<Answer> {
    const range = start === 0 ? undefined : { range: `bytes=${start}-${size - 1}` };
    return this.call(url, { method: "POST", body, ...(range ? { headers: range } : {}) });
  }

  /** Allocate, and upload when needed; answers the state the allocate reported. */
  async put(path: string, content: string, extra: Record<string, unknown> = {}): Promise<string> {
    const allocated = await this.allocate(path, content, extra);
    assert.ok(allocated.status < 300, JSON.stringify(allocated));
    if (allocated.state !== "COMPLETED") {
      const sent = await this.send(
        allocated.upload_url,
        content.slice(allocated.resume_pos),
        allocated.resume_pos,
      );
      assert.equal(sent.status, 200, sent.text);
    }
    return allocated.state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.emulator.stop();
    this.#client.close();
  }
}

export async function startSession(options: EmulatorOptions = {}): Promise<Session> {
  const clock = new TestClock();
  return new Session(await startEmulator({ now: clock.now, ...options }), clock);
}

/** Text of the first `<tag>` in a document. */
export function textOf(xml: string, tag: string): string | undefined {
  return new RegExp(`<${tag}(?: [^>]*)?>([^<]*)</${tag}>`).exec(xml)?.[1];
}

/** Replaces what changes from run to run by fixed words, so that whole documents can be compared. */
export function normalise(xml: string, session: Session): string {
  return xml.replaceAll(session.emulator.username, "USER")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UUID")
    .replace(/<x-id>\d+/g, "<x-id>ID");
}
