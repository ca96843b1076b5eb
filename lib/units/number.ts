/** What sizes, counts and durations share: reading decimal numbers and scaling values to a unit. */

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** A decimal number in Go's spelling (`1`, `1.`, `.5`, `1e3`); undefined for all else, hex and `inf` included. */
export function readDecimal(text: string): number | undefined {
  return DECIMAL.test(text) ? Number(text) : undefined;
}

/** `value` with three decimals, or none when it is whole; a tie goes to the even digit, as in rclone. */
export function formatThreeDecimals(value: number): string {
  if (Number.isInteger(value)) return value.toFixed(0);
  // Only an odd number of sixteenths lies half-way between two thousandths; both products are exact then.
  const isTie = Number.isInteger(value * 16) && (value * 16) % 2 !== 0;
  if (!isTie) return value.toFixed(3);
  const below = Math.floor(value * 1000);
  return ((below % 2 === 0 ? below : below + 1) / 1000).toFixed(3);
}

/** The largest power of `base` that is not above `value`, as scaled value and index (0 = unscaled). */
export function scaleByPowers(
  value: number,
  { base, maxPower }: { readonly base: number; readonly maxPower: number },
): { readonly scaled: number; readonly power: number } {
  let power = 0;
  let divisor = 1;
  while (power < maxPower && value >= divisor * base) {
    divisor *= base;
    power++;
  }
  return { scaled: value / divisor, power };
}
