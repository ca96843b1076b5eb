/** Looks for secrets in what a program said, in each form in which one gets into text. */

/** The kind of the first secret found, as in `a token of 707 characters`; undefined where there is none. */
export function secretIn(text: string, secrets: Iterable<string>): string | undefined {
  for (const secret of secrets) {
    if (formsOf(secret).some((form) => text.includes(form))) {
      return `a secret of ${secret.length} characters (${secret.slice(0, 4)}…)`;
    }
  }
  return undefined;
}

/** As it is, in a URL, in JSON, and the signature of a token, which nothing else has. */
function formsOf(secret: string): readonly string[] {
  const signature = /^ey[\w-]+\.[\w-]+\.([\w-]{20,})$/.exec(secret)?.[1];
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), signature];
  return [...new Set(forms)].filter((form) => form !== undefined);
}
