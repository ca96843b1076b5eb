/** The text of a file of CA certificates, looked at before anything relies on it. Pure. */

const BLOCK = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;
/** Tag of an ASN.1 sequence, which every certificate is. */
const SEQUENCE = 0x30;

/** What is wrong with a PEM file of certificates, as in "it holds no certificate"; undefined for a good one. */
export function problemOfCertificates(pem: string): string | undefined {
  const blocks = [...pem.matchAll(BLOCK)];
  if (blocks.length === 0) {
    return pem.includes("PRIVATE KEY-----")
      ? "it holds a private key, no certificate"
      : 'it holds no certificate in PEM form ("-----BEGIN CERTIFICATE-----")';
  }
  const broken = blocks.findIndex(([, body = ""]) => !isSequence(body));
  return broken < 0 ? undefined : `certificate ${broken + 1} in it is damaged`;
}

function isSequence(base64: string): boolean {
  let bytes: string;
  try {
    bytes = atob(base64.replace(/\s/g, ""));
  } catch {
    return false;
  }
  const at = (index: number) => bytes.charCodeAt(index);
  if (bytes.length < 2 || at(0) !== SEQUENCE) return false;
  if (at(1) < 0x80) return bytes.length === at(1) + 2;
  const count = at(1) - 0x80;
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + at(2 + i);
  return bytes.length === length + 2 + count;
}
