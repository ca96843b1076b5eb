/** Smallest pieces of the service's XML: escaping, prolog, the error document. Source of fact: API reference 4.1, 4.9. */
import { reasonOf, type ServiceError } from "./errors.ts";

/** A prolog, then a blank line (except liststream). */
export const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>';
/** Node name shown as `host`. */
export const HOST = "dn-101";

const SPECIAL = /[&<>"]/g;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escapeXml(text: string): string {
  return text.replace(SPECIAL, (character) => ENTITIES[character] ?? character);
}

/** `<tag xml:space="preserve">text</tag>` on its own line, for names and paths. */
export function preserved(indent: string, tag: string, text: string): string {
  return `${indent}<${tag} xml:space="preserve">${escapeXml(text)}</${tag}>\n`;
}

export function element(indent: string, tag: string, value: string | number | boolean): string {
  return `${indent}<${tag}>${escapeXml(String(value))}</${tag}>\n`;
}

export function errorDocument(error: ServiceError): string {
  return `${PROLOG}\n\n<error>\n` +
    element("  ", "code", error.status) +
    element("  ", "message", `${error.javaClass}: ${error.message}`) +
    element("  ", "reason", reasonOf(error.status)) +
    "  <cause></cause>\n" +
    element("  ", "hostname", HOST) +
    element("  ", "x-id", randomId()) +
    "</error>\n";
}

/** `x-id`: an opaque number. */
export function randomId(): string {
  return String(Math.floor(Math.random() * 1e12)).padStart(12, "1");
}
