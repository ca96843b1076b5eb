/** The page that a browser shows at the end of a sign-in: self-contained, light or dark as the system is. */
import type { Page } from "../edges.ts";

export interface SignInPage {
  readonly status: number;
  readonly title: string;
  /** Plain text, a paragraph each. */
  readonly paragraphs: readonly string[];
}

/** Nothing of the page is kept, nothing is loaded, and no other site learns its address, which holds a code. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

const STYLE = `
:root { color-scheme: light dark; --mark: #1a7f37 }
body.failed { --mark: #b3261e }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f4f5f7; color: #1c1e21;
  font: 1.05rem/1.5 system-ui, sans-serif }
main { margin: 1rem; max-width: 30rem; padding: 2rem 2.5rem; border-radius: .75rem; background: #fff;
  border-top: .35rem solid var(--mark); box-shadow: 0 .25rem 1.5rem #0002 }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; color: var(--mark) }
p { margin: .5rem 0; overflow-wrap: anywhere }
@media (prefers-color-scheme: dark) {
  :root { --mark: #57c26e } body.failed { --mark: #f2867d }
  body { background: #16181b; color: #e6e8ea } main { background: #23262a; box-shadow: none } }`;

export function renderPage({ status, title, paragraphs }: SignInPage): Page {
  const text = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join("\n");
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} - jottash</title>
<style>${STYLE}
</style>
</head>
<body class="${status < 400 ? "done" : "failed"}">
<main>
<h1>${escapeHtml(title)}</h1>
${text}
</main>
</body>
</html>
`;
  return { status, headers: HEADERS, body };
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
