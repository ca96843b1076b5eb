/** Limits and patience of the network as people type them. */
import { deepEqual, equal, throws } from "node:assert/strict";
import { UsageError } from "../../../lib/errors.ts";
import { NETWORK_OPTIONS } from "../../../lib/shared_options/network.ts";

Deno.test("--timeout and --contimeout are durations as rclone reads them; 0 and off are for ever", () => {
  for (const option of [NETWORK_OPTIONS.timeout, NETWORK_OPTIONS.contimeout]) {
    const cases: [text: string, ms: number][] = [
      ["0", Infinity],
      ["0s", Infinity],
      ["off", Infinity],
      ["90", 90_000],
      ["1m30s", 90_000],
      ["250ms", 250],
      ["1.5h", 5_400_000],
      ["2d", 172_800_000],
    ];
    for (const [text, ms] of cases) equal(option.parse(text), ms, text);
    for (const text of ["", "-1s", "soon", "2020-01-01"]) throws(() => option.parse(text), UsageError, text);
  }
});

Deno.test("--tpslimit takes whole and broken numbers", () => {
  const { tpslimit } = NETWORK_OPTIONS;
  deepEqual(["0", "10", "0.5", ".5", "2."].map(tpslimit.parse), [0, 10, 0.5, 0.5, 2]);
  for (const text of ["", "-1", "x", "1e3", "1/s"]) throws(() => tpslimit.parse(text), UsageError, text);
});

Deno.test("--user-agent and --ca-cert: an empty text is none, what no header can hold is refused and not shown", () => {
  const { userAgent, caCert } = NETWORK_OPTIONS;
  deepEqual(["", " ", " a/1 (b) "].map(userAgent.parse), [undefined, undefined, "a/1 (b)"]);
  for (const text of ["a\r\nauthorization: x", "caf\u00e9", "a\0"]) {
    throws(() => userAgent.parse(text), {
      message: "Cannot use the text for --user-agent: it has characters that no HTTP header has",
    });
  }
  deepEqual(["", "a.pem", "a.pem\nb.pem"].map(caCert.parse), [[], ["a.pem"], ["a.pem", "b.pem"]]);
});
