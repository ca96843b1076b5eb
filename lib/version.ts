/** The version of jottash: in `deno.json` for tools, here for the program; a test compares them. */
export const VERSION = "0.1.0";

/** How jottash introduces itself to the service. */
export const USER_AGENT: string = `jottash/${VERSION}`;
