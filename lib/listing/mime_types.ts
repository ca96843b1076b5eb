/**
 * Types of files by their names, for local files: the service tells the type of its own. rclone takes them from the
 * operating system and so prints other ones on each machine; this is what it prints for common names where a usual
 * table of types is installed (observed: rclone v1.60.1, fixtures/listing/rclone.json).
 */

/** Of a name whose ending says nothing. */
export const UNKNOWN_TYPE = "application/octet-stream";
const TEXT = "; charset=utf-8";

/** Type, then the endings of names that have it. */
const ROWS: readonly (readonly [type: string, ...endings: string[]])[] = [
  [`text/plain${TEXT}`, "txt", "text", "conf", "ini", "def"],
  [`text/html${TEXT}`, "html", "htm", "shtml"],
  [`text/css${TEXT}`, "css"],
  [`text/csv${TEXT}`, "csv"],
  [`text/markdown${TEXT}`, "md", "markdown"],
  [`text/x-log${TEXT}`, "log"],
  [`text/xml${TEXT}`, "xml", "xsd"],
  [`text/javascript${TEXT}`, "js", "mjs"],
  [`text/calendar${TEXT}`, "ics"],
  [`text/vcard${TEXT}`, "vcf"],
  [`text/x-python${TEXT}`, "py"],
  ["application/json", "json", "map"],
  ["application/pdf", "pdf"],
  ["application/rtf", "rtf"],
  ["application/epub+zip", "epub"],
  ["application/wasm", "wasm"],
  ["application/zip", "zip"],
  ["application/gzip", "gz", "tgz"],
  ["application/x-tar", "tar"],
  ["application/x-bzip2", "bz2"],
  ["application/x-xz", "xz"],
  ["application/x-7z-compressed", "7z"],
  ["application/vnd.rar", "rar"],
  ["application/x-sh", "sh"],
  ["application/x-iso9660-image", "iso"],
  ["application/x-subrip", "srt"],
  ["application/msword", "doc", "dot"],
  ["application/vnd.ms-excel", "xls"],
  ["application/vnd.ms-powerpoint", "ppt", "pps"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"],
  ["application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"],
  ["application/vnd.oasis.opendocument.text", "odt"],
  ["application/vnd.oasis.opendocument.spreadsheet", "ods"],
  ["application/vnd.oasis.opendocument.presentation", "odp"],
  ["image/jpeg", "jpg", "jpeg", "jpe"],
  ["image/png", "png"],
  ["image/gif", "gif"],
  ["image/webp", "webp"],
  ["image/avif", "avif"],
  ["image/heic", "heic"],
  ["image/heif", "heif"],
  ["image/tiff", "tiff", "tif"],
  ["image/bmp", "bmp"],
  ["image/svg+xml", "svg", "svgz"],
  ["image/x-icon", "ico"],
  ["audio/mpeg", "mp3", "mp2", "mpga", "mpega", "m4a"],
  ["audio/flac", "flac"],
  ["audio/ogg", "ogg", "oga", "opus", "spx"],
  ["audio/x-wav", "wav"],
  ["video/mp4", "mp4"],
  ["video/mpeg", "mpeg", "mpg", "mpe"],
  ["video/quicktime", "mov", "qt"],
  ["video/webm", "webm"],
  ["video/ogg", "ogv"],
  ["video/x-msvideo", "avi"],
  ["video/x-matroska", "mkv", "mpv"],
  ["video/MP2T", "ts"],
];

const TYPES: ReadonlyMap<string, string> = new Map(
  ROWS.flatMap(([type, ...endings]) => endings.map((ending) => [ending, type] as const)),
);

/** The type that goes with the ending of `name`, in any case; `application/octet-stream` for all else. */
export function mimeTypeOfName(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? UNKNOWN_TYPE : TYPES.get(name.slice(dot + 1).toLowerCase()) ?? UNKNOWN_TYPE;
}
