/**
 * A door before the emulator's token endpoint that notes who spends which refresh token and what comes back, so that
 * a lost session can be traced to the process that lost it. Like the real service it finishes a refresh whose
 * caller has gone away: the old token is spent then, whether or not anybody hears the new one.
 */
import { processAtPort } from "./process_at_port.ts";

export interface Spending {
  /** The refresh token that was sent. */
  readonly spent: string;
  /** Of the process at the other end; undefined when it was dead already, or the system does not tell. */
  readonly pid: number | undefined;
  readonly userAgent: string;
  readonly askedAtMs: number;
  /** Of the answer; 0 until it is there. */
  status: number;
  answeredAtMs: number;
  /** The refresh token that came back. */
  issued: string | undefined;
}

export interface TokenGateOptions {
  /** The token endpoint behind the door. */
  readonly tokenUrl: string;
  /** Runs while a refresh is on its way, such as a delay; with "lost" it never reaches the service. */
  readonly onTheWay?: (spending: Spending) => Promise<"lost" | "granted" | void>;
  /** Processes that may be at the other end; asked for each refresh. */
  readonly candidates?: () => Iterable<number>;
}

export class TokenGate implements AsyncDisposable {
  /** For `tokenURL` of a config. */
  readonly tokenUrl: string;
  /** All refreshes so far, in the order in which they came. */
  readonly spendings: Spending[] = [];
  /** The most refreshes that were under way at one time. */
  mostAtOnce = 0;
  #atOnce = 0;
  readonly #options: TokenGateOptions;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(options: TokenGateOptions) {
    this.#options = options;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request, { remoteAddr }) => this.#pass(request, remoteAddr.port),
    );
    const path = new URL(options.tokenUrl).pathname;
    this.tokenUrl = `http://127.0.0.1:${this.#server.addr.port}${path}`;
  }

  static start(options: TokenGateOptions): TokenGate {
    return new TokenGate(options);
  }

  /** The refreshes that the service carried out. */
  get granted(): readonly Spending[] {
    return this.spendings.filter(({ status }) => status === 200);
  }

  async #pass(request: Request, port: number): Promise<Response> {
    const pid = processAtPort(port, this.#options.candidates?.() ?? []);
    const form = await request.text();
    const spending: Spending = {
      spent: new URLSearchParams(form).get("refresh_token") ?? "",
      pid,
      userAgent: request.headers.get("user-agent") ?? "",
      askedAtMs: Date.now(),
      status: 0,
      answeredAtMs: 0,
      issued: undefined,
    };
    this.spendings.push(spending);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    try {
      const fate = await this.#options.onTheWay?.(spending);
      if (fate === "lost") return new Response("lost", { status: 503 });
      return await this.#forward(request, form, spending);
    } finally {
      this.#atOnce -= 1;
    }
  }

  async #forward(request: Request, form: string, spending: Spending): Promise<Response> {
    const authorization = request.headers.get("authorization");
    const answer = await fetch(this.#options.tokenUrl, {
      method: request.method,
      headers: {
        "content-type": request.headers.get("content-type") ?? "",
        ...(authorization === null ? {} : { authorization }),
      },
      body: form,
    });
    const text = await answer.text();
    spending.status = answer.status;
    spending.answeredAtMs = Date.now();
    if (answer.status === 200) spending.issued = String(JSON.parse(text).refresh_token);
    return new Response(text, {
      status: answer.status,
      headers: { "content-type": "application/json" },
    });
  }

  /** Waits for the answers that are on their way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
