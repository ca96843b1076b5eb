import assert from "node:assert/strict";
import { trustedHosts } from "../../../../lib/http/trusted_hosts.ts";

const SERVICE = [
  "https://jfs.jottacloud.com/jfs/user/Jotta",
  "https://api.jottacloud.com/files/v1/allocate",
  "https://up-101.jottacloud.com/upload/abc",
  "https://UP-101.JOTTACLOUD.COM/upload/abc",
  "https://www.jottacloud.com/",
  "https://jottacloud.com/jfs/",
];

const FOREIGN = [
  "http://jfs.jottacloud.com/jfs/user",
  "https://jfs.jottacloud.com.evil.example/",
  "https://eviljottacloud.com/",
  "https://jottacloud.com@evil.example/",
  "https://user:word@up.jottacloud.com/",
  "https://evil.example/jottacloud.com",
  "https://evil.example#.jottacloud.com",
  "https://jottacloud.com%2eevil.example/",
  "https://jottacloud.co/",
  "https://cloud.elkjop.no/",
  "wss://websocket.jottacloud.com/ws/u/t",
  "file:///jottacloud.com",
  "//up.jottacloud.com/upload/a",
  "up.jottacloud.com",
  "",
];

Deno.test("trustedHosts() trusts the service's hosts over https and nothing else", () => {
  const isTrusted = trustedHosts();
  for (const url of SERVICE) assert.equal(isTrusted(url), true, url);
  for (const url of FOREIGN) assert.equal(isTrusted(url), false, url);
  for (const url of ["http://127.0.0.1:8080/", "https://127.0.0.1/", "http://localhost/"]) {
    assert.equal(isTrusted(url), false, url);
  }
});

Deno.test("trustedHosts() trusts the host of the endpoint at any port, and no other name of the same machine", () => {
  const cases: readonly (readonly [endpoint: string, url: string, expected: boolean])[] = [
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080/jfs/u", true],
    ["http://127.0.0.1:8080", "http://127.0.0.1:9090/upload/a", true],
    ["http://127.0.0.1:8080", "https://127.0.0.1/upload/a", true],
    ["http://127.0.0.1:8080", "http://localhost:8080/upload/a", false],
    ["http://127.0.0.1:8080", "http://127.0.0.2:8080/upload/a", false],
    ["http://127.0.0.1:8080", "http://127.0.0.1.evil.example/upload/a", false],
    ["http://127.0.0.1:8080", "http://127.0.0.1@evil.example/upload/a", false],
    ["http://[::1]:8080", "http://[::1]:9090/upload/a", true],
    ["https://cloud.example", "https://cloud.example:8443/upload/a", true],
    ["https://cloud.example", "https://CLOUD.example/upload/a", true],
    ["https://cloud.example", "http://cloud.example/upload/a", false],
    ["https://cloud.example", "https://up.cloud.example/upload/a", false],
    ["https://cloud.example", "http://127.0.0.1/upload/a", false],
  ];
  for (const [endpoint, url, expected] of cases) {
    assert.equal(trustedHosts(endpoint)(url), expected, `${endpoint} ${url}`);
  }
});

Deno.test("trustedHosts() goes on trusting the service's hosts behind an endpoint, not foreign ones", () => {
  const isTrusted = trustedHosts("https://cloud.example");
  for (const url of SERVICE) assert.equal(isTrusted(url), true, url);
  for (const url of FOREIGN) assert.equal(isTrusted(url), false, url);
});
