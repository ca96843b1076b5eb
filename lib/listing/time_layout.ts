/**
 * Times in the layouts of `lsf --time-format`: the reference time "Mon Jan 2 15:04:05 MST 2006" written as the result
 * is wanted, or a name of such a layout.
 *
 * Source of fact: documentation of Go's package `time`, format.go (documented); names: rclone's documentation of lsf and
 * of name transforms (documented).
 */

const NS_PER_SECOND = 1_000_000_000n;
/** The farthest that a Date reaches, either side of 1970; times beyond show as that. */
const MAX_DATE_MS = 8.64e15;
const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

const DATE_TIME = "2006-01-02 15:04:05";
const MAC_FRIENDLY = "2006-01-02 0304PM";

const NAMED_LAYOUTS: Readonly<Record<string, string>> = {
  Layout: "01/02 03:04:05PM '06 -0700",
  ANSIC: "Mon Jan _2 15:04:05 2006",
  UnixDate: "Mon Jan _2 15:04:05 MST 2006",
  RubyDate: "Mon Jan 02 15:04:05 -0700 2006",
  RFC822: "02 Jan 06 15:04 MST",
  RFC822Z: "02 Jan 06 15:04 -0700",
  RFC850: "Monday, 02-Jan-06 15:04:05 MST",
  RFC1123: "Mon, 02 Jan 2006 15:04:05 MST",
  RFC1123Z: "Mon, 02 Jan 2006 15:04:05 -0700",
  RFC3339: "2006-01-02T15:04:05Z07:00",
  RFC3339Nano: "2006-01-02T15:04:05.999999999Z07:00",
  Kitchen: "3:04PM",
  Stamp: "Jan _2 15:04:05",
  StampMilli: "Jan _2 15:04:05.000",
  StampMicro: "Jan _2 15:04:05.000000",
  StampNano: "Jan _2 15:04:05.000000000",
  DateTime: DATE_TIME,
  DateOnly: "2006-01-02",
  TimeOnly: "15:04:05",
  MacFriendlyTime: MAC_FRIENDLY,
  macfriendlytime: MAC_FRIENDLY,
  mac: MAC_FRIENDLY,
  YYYYMMDD: "20060102",
};

/** A time as its parts are read from it: in the zone of this machine, and only what a layout shows. */
interface Fields {
  readonly date: Date;
  readonly nsOfSecond: number;
}

type Part = (fields: Fields) => string;

const PARTS: Readonly<Record<string, Part>> = {
  January: ({ date }) => MONTHS[date.getMonth()] ?? "",
  Jan: ({ date }) => (MONTHS[date.getMonth()] ?? "").slice(0, 3),
  Monday: ({ date }) => DAYS[date.getDay()] ?? "",
  Mon: ({ date }) => (DAYS[date.getDay()] ?? "").slice(0, 3),
  2006: ({ date }) => (date.getFullYear() < 0 ? "-" : "") + pad(Math.abs(date.getFullYear()), 4),
  "06": ({ date }) => pad(Math.abs(date.getFullYear() % 100), 2),
  "002": ({ date }) => pad(dayOfYear(date), 3),
  __2: ({ date }) => String(dayOfYear(date)).padStart(3),
  "01": ({ date }) => pad(date.getMonth() + 1, 2),
  1: ({ date }) => String(date.getMonth() + 1),
  "02": ({ date }) => pad(date.getDate(), 2),
  _2: ({ date }) => String(date.getDate()).padStart(2),
  2: ({ date }) => String(date.getDate()),
  15: ({ date }) => pad(date.getHours(), 2),
  "03": ({ date }) => pad(date.getHours() % 12 || 12, 2),
  3: ({ date }) => String(date.getHours() % 12 || 12),
  "04": ({ date }) => pad(date.getMinutes(), 2),
  4: ({ date }) => String(date.getMinutes()),
  "05": ({ date }) => pad(date.getSeconds(), 2),
  5: ({ date }) => String(date.getSeconds()),
  PM: ({ date }) => date.getHours() < 12 ? "AM" : "PM",
  pm: ({ date }) => date.getHours() < 12 ? "am" : "pm",
};

/** Names stand before their beginnings; `_2006` is a line and a year. */
const PART =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|_(?=2006)|__2|_2|2006|002|0[1-6]|15|[12345]|PM|pm|[-Z]07(?::?00(?::?00)?)?|[.,](?:0+|9+)(?!\d)/g;

/** The layout that a name stands for; any other text is one itself. */
export function layoutOf(nameOrLayout: string): string {
  return Object.hasOwn(NAMED_LAYOUTS, nameOrLayout) ? NAMED_LAYOUTS[nameOrLayout] ?? "" : nameOrLayout;
}

/** Whether a layout shows more of a time than its seconds. */
export function showsFractions(layout: string): boolean {
  return [...layout.matchAll(PART)].some(([part]) => /^[.,]/.test(part));
}

/** What formats a time (nanoseconds since 1970 UTC) in the zone of this machine. */
export function createTimeFormatter(layout: string): (ns: bigint) => string {
  const parts: Part[] = [];
  let end = 0;
  for (const match of layout.matchAll(PART)) {
    const literal = layout.slice(end, match.index);
    if (literal !== "") parts.push(() => literal);
    parts.push(partOf(match[0]));
    end = match.index + match[0].length;
  }
  const rest = layout.slice(end);
  return (ns) => {
    const fields = fieldsOf(ns);
    return parts.map((part) => part(fields)).join("") + rest;
  };
}

function partOf(text: string): Part {
  const part = Object.hasOwn(PARTS, text) ? PARTS[text] : undefined;
  if (part !== undefined) return part;
  if (text === "MST") return zonePart();
  if (/^[.,]/.test(text)) return fractionPart(text);
  return /^[-Z]/.test(text) ? ({ date }) => formatOffset(text, -date.getTimezoneOffset()) : () => text;
}

/** As many digits as there are zeros; with nines, without zeros at the end. */
function fractionPart(text: string): Part {
  const digits = text.length - 1;
  return ({ nsOfSecond }) => {
    const shown = String(nsOfSecond).padStart(9, "0").slice(0, digits).padEnd(digits, "0");
    if (text[1] === "0") return `${text[0]}${shown}`;
    const short = shown.replace(/0+$/, "");
    return short === "" ? "" : `${text[0]}${short}`;
  };
}

function formatOffset(text: string, offsetMinutes: number): string {
  if (text.startsWith("Z") && offsetMinutes === 0) return "Z";
  const size = Math.abs(offsetMinutes);
  const colon = text.includes(":") ? ":" : "";
  const digits = text.replace(/\D/g, "").length;
  const minutes = digits > 2 ? colon + pad(size % 60, 2) : "";
  const seconds = digits > 4 ? `${colon}00` : "";
  return `${offsetMinutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60), 2)}${minutes}${seconds}`;
}

function fieldsOf(ns: bigint): Fields {
  const nsOfSecond = Number(((ns % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND);
  const ms = Number((ns - BigInt(nsOfSecond)) / NS_PER_SECOND) * 1_000;
  return { date: new Date(Math.min(MAX_DATE_MS, Math.max(-MAX_DATE_MS, ms))), nsOfSecond };
}

function dayOfYear(date: Date): number {
  // Leap years come back every 400 years; the calendar of the local day counts, not its length in hours.
  const year = 2000 + date.getFullYear() % 400;
  const day = (month: number, dayOfMonth: number) => Date.UTC(year, month, dayOfMonth) / 86_400_000;
  return day(date.getMonth(), date.getDate()) - day(0, 1) + 1;
}

/** The runtime knows the short name of a zone only where people speak of it; elsewhere its offset stands for it. */
function zonePart(): Part {
  const formats = ["en-US", "en-GB", "en-AU", "en-NZ", "en-IN", "en-ZA", "ja-JP"].map((locale) =>
    new Intl.DateTimeFormat(locale, { timeZoneName: "short" })
  );
  return ({ date }) => {
    for (const format of formats) {
      const name = format.formatToParts(date).find((part) => part.type === "timeZoneName")?.value ?? "";
      if (/^[A-Z]{3,5}$/.test(name)) return name;
    }
    return formatOffset("-0700", -date.getTimezoneOffset()).replace(/00$/, "");
  };
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

/** The layout of `--time-format max`: nanoseconds on this machine, whole seconds at the service. */
export function maxLayoutOf(side: "local" | "remote"): string {
  return side === "local" ? `${DATE_TIME}.000000000` : DATE_TIME;
}

/** The layout of `lsjson`, with as many digits as the place has. */
export function jsonLayoutOf(side: "local" | "remote"): string {
  return `2006-01-02T15:04:05${side === "local" ? ".000000000" : ""}Z07:00`;
}
