import { equal } from "node:assert/strict";
import { problemOfCertificates } from "../../../../lib/http/ca_certificates.ts";
import { createServerCertificate } from "../../../interop/certificate.ts";

function pem(body: string, label = "CERTIFICATE"): string {
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

Deno.test("problemOfCertificates() finds none in real certificates, one or more, with text around", async () => {
  const { caPem, certPem } = await createServerCertificate(["localhost"]);
  for (const text of [caPem, caPem + certPem, `# ours\r\n${caPem.replaceAll("\n", "\r\n")}`]) {
    equal(problemOfCertificates(text), undefined);
  }
});

Deno.test("problemOfCertificates() says what a file is that cannot be used", async () => {
  const { caPem, keyPem } = await createServerCertificate(["localhost"]);
  const none = 'it holds no certificate in PEM form ("-----BEGIN CERTIFICATE-----")';
  const cut = caPem.replace(/(BEGIN CERTIFICATE-----\n[^\n]+\n)[^\n]+\n/, "$1");
  const cases: [text: string, problem: string][] = [
    ["", none],
    ["\u0030\u0082binary", none],
    [keyPem, "it holds a private key, no certificate"],
    [pem("bm90IGEgY2VydGlmaWNhdGU="), "certificate 1 in it is damaged"],
    [pem("***"), "certificate 1 in it is damaged"],
    [pem(""), "certificate 1 in it is damaged"],
    [caPem + cut, "certificate 2 in it is damaged"],
  ];
  for (const [text, problem] of cases) equal(problemOfCertificates(text), problem, text.slice(0, 40));
});
