/**
 * Receives the browser that the identity provider sends back to this machine. Only an answer with the state of this
 * attempt counts; whatever else knocks, such as a stray tab or another web site, gets a page and changes nothing. The
 * browser waits until the code is redeemed, so that its page tells the true end.
 *
 * Source of fact: API reference 2.2 (documented).
 */
import type { Page, PageRequest } from "../edges.ts";
import { JottashError } from "../errors.ts";
import { renderPage } from "./sign_in_page.ts";
import { readRedirect } from "./redirect_answer.ts";

export interface RedirectListenerOptions {
  readonly state: string;
  /** Where `/auth` leads to. */
  readonly authorizationUrl: string;
  readonly serviceName: string;
}

export class RedirectListener {
  readonly #options: RedirectListenerOptions;
  readonly #code = Promise.withResolvers<string>();
  readonly #page = Promise.withResolvers<Page>();

  constructor(options: RedirectListenerOptions) {
    this.#options = options;
    // Nobody may be waiting when a refusal arrives.
    this.#code.promise.catch(() => {});
  }

  /** Resolves with the code of this attempt, rejects with `AuthError` when the provider refuses. */
  code(): Promise<string> {
    return this.#code.promise;
  }

  /** What the waiting browser is to show; without an error that the sign-in is done. The first call counts. */
  finish(error?: unknown): void {
    const { serviceName } = this.#options;
    const page = error === undefined
      ? {
        status: 200,
        title: "You are signed in",
        paragraphs: [`jottash is signed in to ${serviceName}.`, "You can close this window."],
      }
      : { status: 400, title: "The sign-in has failed", paragraphs: [messageOf(error), CLOSE_AND_RETURN] };
    this.#page.resolve(renderPage(page));
  }

  async answer({ method, target }: PageRequest): Promise<Page> {
    const url = URL.parse(target, "http://localhost/");
    if (method !== "GET") {
      return strayPage(405, "This page can only be read.");
    }
    if (url?.pathname === "/auth") {
      if (url.searchParams.get("state") !== this.#options.state) {
        return strayPage(400, "This address belongs to another attempt to sign in.");
      }
      const headers = {
        location: this.#options.authorizationUrl,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
      };
      return { status: 307, headers, body: "" };
    }
    if (url?.pathname !== "/") return strayPage(404, "There is no such page.");
    const answer = readRedirect(url.searchParams, this.#options.state);
    if (answer.kind === "stray") {
      return strayPage(400, `This is not the end of the sign-in: ${answer.problem}.`);
    }
    if (answer.kind === "code") {
      this.#code.resolve(answer.code);
    } else {
      this.#code.reject(answer.error);
      this.finish(answer.error);
    }
    return await this.#page.promise;
  }
}

const CLOSE_AND_RETURN = "You can close this window; jottash in the terminal says what to do.";

function messageOf(error: unknown): string {
  return error instanceof JottashError ? error.message : "It was stopped.";
}

function strayPage(status: number, problem: string): Page {
  return renderPage({ status, title: "Nothing to see here", paragraphs: [problem, CLOSE_AND_RETURN] });
}
