import { deepStrictEqual, strictEqual } from "node:assert";
import { discoveryUrl, serviceOfUrl, SERVICES } from "../../../../lib/auth/services.ts";

Deno.test("SERVICES has 13 brands, each once", () => {
  strictEqual(SERVICES.length, 13);
  for (const field of ["key", "displayName", "domain"] as const) {
    strictEqual(new Set(SERVICES.map((service) => service[field])).size, 13, field);
  }
});

Deno.test("SERVICES knows the two providers that want another client and fewer scopes", () => {
  const special = SERVICES.filter((service) => service.clientId === "desktop-win");
  deepStrictEqual(special.map((service) => [service.key, service.scopes]), [
    ["letsgo", "openid offline_access"],
    ["phonero", "openid offline_access"],
  ]);
});

Deno.test("serviceOfUrl() finds the brand of a discovery address", () => {
  for (const service of SERVICES) strictEqual(serviceOfUrl(discoveryUrl(service)), service);
  strictEqual(serviceOfUrl("http://127.0.0.1:1/auth"), undefined);
  strictEqual(serviceOfUrl("nonsense"), undefined);
});
