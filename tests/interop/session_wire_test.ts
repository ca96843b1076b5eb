/**
 * What leaves the machine for a session, of rclone and of jottash side by side: discovery, sign-in with a login token,
 * refresh. Where the two differ, it is written down here.
 */
import assert from "node:assert/strict";
import { rcloneTest, type World } from "./world.ts";

interface Seen {
  readonly request: string;
  readonly contentType: string | null;
  readonly authorization: string | null;
  readonly form: Readonly<Record<string, string>>;
}

/** A door before the emulator's identity provider that notes what comes through. */
class Recorder implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly origin: string;
  readonly #endpoint: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => this.#pass(request));
    this.origin = `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async #pass(request: Request): Promise<Response> {
    const { method, headers } = request;
    const { pathname } = new URL(request.url);
    const body = await request.text();
    this.seen.push({
      request: `${method} ${pathname}`,
      contentType: headers.get("content-type"),
      authorization: headers.get("authorization"),
      form: Object.fromEntries(new URLSearchParams(body)),
    });
    const passed = new Headers();
    for (const name of ["content-type", "authorization"]) {
      const value = headers.get(name);
      if (value !== null) passed.set(name, value);
    }
    const init = { method, headers: passed, ...method === "POST" ? { body } : {} };
    const answer = await fetch(this.#endpoint + pathname, init);
    const text = (await answer.text()).replaceAll(this.#endpoint, this.origin);
    return new Response(text, { status: answer.status, headers: { "content-type": "application/json" } });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }
}

const REALM = "/auth/realms/jottacloud";
const TOKEN_PATH = `${REALM}/protocol/openid-connect/token`;

/** A login token whose discovery document is behind the door. */
function loginTokenAt(origin: string, { emulator }: World): string {
  const digits = emulator.issueLoginToken().replaceAll("-", "+").replaceAll("_", "/");
  const fields: Record<string, string> = JSON.parse(atob(digits));
  const text = JSON.stringify({
    ...fields,
    well_known_link: `${origin}${REALM}/.well-known/openid-configuration`,
  });
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

rcloneTest("rclone and jottash sign in with the same requests", {}, async (world) => {
  await using recorder = new Recorder(world.emulator.endpoint);
  const [ofRclone, ofJottash] = [loginTokenAt(recorder.origin, world), loginTokenAt(recorder.origin, world)];
  await Deno.remove(world.rclone.configPath);
  const words = ["config", "create", "jotta", "jottacloud", "config_type=standard"];
  await world.rclone.must([...words, `config_login_token=${ofRclone}`]);
  const rclone = recorder.seen.splice(0);
  const jottash = await world.createJottash();
  const file = `${world.directory}/login`;
  await Deno.writeTextFile(file, ofJottash);
  await jottash.must(["config", "create", "fresh", "--login-token-file", file]);
  assert.deepEqual(rclone.map(({ request }) => request), [
    `GET ${REALM}/.well-known/openid-configuration`,
    `POST ${TOKEN_PATH}`,
  ]);
  // The words are the same, the token is another one.
  const comparable = (each: Seen) => ({ ...each, form: { ...each.form, password: "***" } });
  assert.deepEqual(
    recorder.seen.map(comparable).map(withoutMissing),
    rclone.map(comparable).map(withoutMissing),
  );
  assert.deepEqual(Object.keys(rclone[1]?.form ?? {}).sort(), [
    "client_id",
    "grant_type",
    "password",
    "scope",
    "username",
  ]);
});

rcloneTest("rclone and jottash refresh a session with the same words", {}, async (world) => {
  await using recorder = new Recorder(world.emulator.endpoint);
  const { rclone } = world;
  const keys = { tokenURL: recorder.origin + TOKEN_PATH, client_id: "jottacli" };
  await rclone.configure({ tokens: world.emulator.issueTokens(), keys });
  const expire = async () => {
    const text = await Deno.readTextFile(rclone.configPath);
    await Deno.writeTextFile(
      rclone.configPath,
      text.replace(/"expiry":"[^"]*"/, '"expiry":"2020-01-01T00:00:00Z"'),
    );
  };
  await expire();
  await rclone.must(["lsf", "jotta:"]);
  const byRclone = recorder.seen.splice(0).at(-1);
  await expire();
  await (await world.createJottash(rclone.configPath)).must(["ls", "jotta:"]);
  assert.equal(recorder.seen.length, 1);
  const [byJottash] = recorder.seen;
  assert.deepEqual(
    [byJottash?.request, byJottash?.contentType],
    [byRclone?.request, byRclone?.contentType],
  );
  const words = { grant_type: "refresh_token", client_id: "jottacli" };
  const { refresh_token: _, ...sent } = byJottash?.form ?? {};
  assert.deepEqual(sent, words);
  // EXCEPTION: rclone tries "Authorization: Basic client:" first, as Go's library does (API reference 2.2), and
  // repeats a refusal with the client in the form; jottash, a public client, says it once in the form.
  const { refresh_token: __, ...sentByRclone } = byRclone?.form ?? {};
  const basic = byRclone?.authorization === null ? {} : { client_id: atobName(byRclone?.authorization) };
  assert.deepEqual({ ...sentByRclone, ...basic }, words);
  assert.equal(byJottash?.authorization, null);
  assert.equal(world.emulator.stats.revocations, 0);
});

/** The client in a header line. */
function atobName(authorization: string | undefined): string {
  return atob((authorization ?? "").replace("Basic ", "")).split(":")[0] ?? "";
}

/** rclone adds a content type to its discovery request, which has no body. */
function withoutMissing(each: Seen) {
  return each.request.startsWith("GET") ? { ...each, contentType: null } : each;
}
