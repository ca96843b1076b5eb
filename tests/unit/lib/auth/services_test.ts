import { deepStrictEqual, strictEqual, throws } from "node:assert";
import {
  discoveryUrl,
  realmOfUrl,
  requireService,
  serviceOfUrl,
  SERVICES,
  servicesOf,
} from "../../../../lib/auth/services.ts";
import { ConfigError } from "../../../../lib/errors.ts";
import { ConfigDocument } from "../../../../lib/store/config_document.ts";

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

Deno.test("discoveryUrl() is the provider's own address, or one below the endpoint that stands in for it", () => {
  const service = requireService(SERVICES, "tele2");
  const path = "/auth/realms/comhem/.well-known/openid-configuration";
  strictEqual(discoveryUrl(service), `https://mittcloud-auth.tele2.se${path}`);
  for (const endpoint of ["http://127.0.0.1:8080", "http://127.0.0.1:8080/"]) {
    strictEqual(discoveryUrl(service, endpoint), `http://127.0.0.1:8080${path}`);
  }
  strictEqual(discoveryUrl(service, ""), discoveryUrl(service));
  strictEqual(realmOfUrl(discoveryUrl(service)), "comhem");
  strictEqual(realmOfUrl("https://id.example.com/token"), undefined);
});

function parse(lines: readonly string[]): ConfigDocument {
  return ConfigDocument.parse(lines.join("\n"), "/x.conf");
}

const MINE = ["[mine]", "type = jottacloud-service", "domain = ID.Example.com", "realm = my_realm"];

Deno.test("servicesOf() adds the services of the config to the built-in ones", () => {
  deepStrictEqual(servicesOf(parse(["[other]", "type = jottacloud", "domain = x"])), SERVICES);
  const services = servicesOf(
    parse([
      ...MINE,
      "[full]",
      "type = jottacloud-service",
      "name = Full & Co",
      "domain = a.b",
      "realm = r",
      "client_id = desktop-mac",
      "scopes = openid offline_access",
    ]),
  );
  strictEqual(services.length, 15);
  deepStrictEqual(services.slice(13), [
    {
      key: "mine",
      displayName: "mine",
      domain: "id.example.com",
      realm: "my_realm",
      clientId: "desktop",
      scopes: "openid jotta-default offline_access",
    },
    {
      key: "full",
      displayName: "Full & Co",
      domain: "a.b",
      realm: "r",
      clientId: "desktop-mac",
      scopes: "openid offline_access",
    },
  ]);
  strictEqual(serviceOfUrl("https://id.example.com/auth", services)?.key, "mine");
});

Deno.test("servicesOf() lets the config correct a built-in service", () => {
  const services = servicesOf(parse(["[telia_se]", ...MINE.slice(1)]));
  strictEqual(services.length, 13);
  strictEqual(requireService(services, "telia_se").domain, "id.example.com");
});

Deno.test("servicesOf() names the section and the key that is wrong", () => {
  const cases: readonly (readonly [key: string, value: string | undefined])[] = [
    ["domain", undefined],
    ["domain", ""],
    ["domain", "https://id.example.com"],
    ["domain", "id.example.com/auth"],
    ["domain", "id.example.com:8443"],
    ["domain", "user@id.example.com"],
    ["domain", "-id.example.com"],
    ["domain", "id..example.com"],
    ["domain", "id.example.com."],
    ["domain", "two words"],
    ["domain", "a".repeat(64)],
    ["realm", undefined],
    ["realm", "a/../b"],
    ["realm", "a b"],
    ["client_id", "a b"],
    ["scopes", "openid\toffline_access"],
  ];
  for (const [key, value] of cases) {
    const lines = MINE.filter((line) => !line.startsWith(`${key} =`));
    if (value !== undefined) lines.push(`${key} = ${value}`);
    throws(
      () => servicesOf(parse(lines)),
      (error: unknown) =>
        error instanceof ConfigError && error.message.includes('"mine"') &&
        error.message.includes(`"${key}"`) &&
        error.data["key"] === key && error.data["section"] === "mine",
      `${key} = ${value}`,
    );
  }
});

Deno.test("requireService() finds a service by its key, and lists the keys otherwise", () => {
  strictEqual(requireService(SERVICES, "elko").displayName, "ELKO Cloud (Iceland)");
  strictEqual(requireService(SERVICES, "Telia_SE").key, "telia_se");
  throws(
    () => requireService(SERVICES, "telia"),
    (error: unknown) =>
      error instanceof ConfigError && SERVICES.every(({ key }) => error.hint?.includes(key)),
  );
});
