/** Bytes, counts, durations, rates and times: text to value and value to text. */
export {
  formatBitRate,
  formatByteRate,
  formatRate,
  formatSize,
  formatSizeCompact,
  formatSizeSuffix,
  parseSize,
  parseSizeJson,
  SIZE_OFF,
} from "./units/size.ts";
export {
  type BandwidthTimetable,
  formatBandwidth,
  parseBandwidth,
  slotAt,
  timeOfWeek,
} from "./units/bandwidth.ts";
export { COUNT_OFF, formatCount, formatCountSuffix, formatQuantity, parseCount } from "./units/count.ts";
export {
  DURATION_OFF,
  formatDuration,
  formatDurationNs,
  formatDurationReadable,
  formatDurationShortReadable,
  parseDurationJson,
  parseDurationMs,
  parseDurationNs,
  type ParseDurationOptions,
} from "./units/duration.ts";
export { formatLocalTime, type LocalTimeOptions, parseInstantNs, type ZoneOptions } from "./units/instant.ts";
