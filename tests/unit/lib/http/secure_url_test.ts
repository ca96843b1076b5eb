import { strictEqual } from "node:assert";
import { isSecureUrl } from "../../../../lib/http/secure_url.ts";

Deno.test("isSecureUrl() allows plain http only to this machine", () => {
  const cases = {
    "https://id.jottacloud.com/x": true,
    "http://127.0.0.1:8080/x": true,
    "http://127.9.8.7/": true,
    "http://[::1]:80/": true,
    "http://localhost/": true,
    "http://2130706433/": true,
    "http://127.0.0.1.evil.example/": false,
    "http://localhost.evil.example/": false,
    "http://10.0.0.1/": false,
    "http://id.jottacloud.com/": false,
    "https://user:pass@id.jottacloud.com/": false,
    "ftp://127.0.0.1/": false,
    "id.jottacloud.com": false,
    "": false,
  };
  for (const [url, wanted] of Object.entries(cases)) strictEqual(isSecureUrl(url), wanted, url);
});
