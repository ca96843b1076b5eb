import assert from "node:assert/strict";
import { UsageError } from "../../../../lib/errors.ts";
import { resolveEndpoints } from "../../../../lib/http/endpoints.ts";

Deno.test("resolveEndpoints() knows the hosts of the service, and puts an endpoint in place of all of them", () => {
  assert.equal(resolveEndpoints(undefined).jfs, "https://jfs.jottacloud.com/jfs");
  assert.equal(resolveEndpoints("").api, "https://api.jottacloud.com");
  assert.deepEqual(resolveEndpoints("http://127.0.0.1:8080/"), {
    jfs: "http://127.0.0.1:8080/jfs",
    api: "http://127.0.0.1:8080",
    www: "http://127.0.0.1:8080",
  });
});

Deno.test("resolveEndpoints() takes https anywhere and plain http on this machine only", () => {
  const allowed = [
    "https://example.com",
    "http://localhost:1",
    "http://127.0.0.1",
    "http://127.9.9.9:5",
    "http://[::1]:8080",
  ];
  for (const endpoint of allowed) assert.equal(resolveEndpoints(endpoint).api, new URL(endpoint).origin);
  const refused = [
    "http://example.com",
    "http://10.0.0.1",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://localhost.",
    "http://[::2]",
    "http://0.0.0.0",
    "ftp://127.0.0.1",
    "file:///etc/passwd",
    "127.0.0.1:8080",
    "http://user@127.0.0.1",
    "http://:password@127.0.0.1",
    "https://example.com/path",
    "https://example.com/?query",
    "https://example.com/#part",
    "nonsense",
  ];
  for (const endpoint of refused) assert.throws(() => resolveEndpoints(endpoint), UsageError, endpoint);
});
