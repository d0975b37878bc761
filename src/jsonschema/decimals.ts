// Numbers of any size and precision, compared and divided without loss.

interface Exact {
  /** The value is `unscaled` times 10 to the power of minus `scale`. */
  readonly unscaled: bigint;
  readonly scale: number;
}

const form = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/;

/** Powers past this are not written out; such numbers are told apart by their nearest doubles. */
const MAX_SCALE = 2_000;

function exact(text: string): Exact | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = form.exec(text) ?? [];
  const scale = fraction.length - Number(exponent);
  if (whole + fraction === "" || Math.abs(scale) > MAX_SCALE || text.length > MAX_SCALE) return undefined;
  return { unscaled: BigInt(`${sign}${whole}${fraction}`), scale };
}

/** Both as whole numbers of the same unit. */
function aligned(a: Exact, b: Exact): readonly [bigint, bigint] {
  const scale = Math.max(a.scale, b.scale);
  return [a.unscaled * 10n ** BigInt(scale - a.scale), b.unscaled * 10n ** BigInt(scale - b.scale)];
}

/** Numbers of at most this many characters are told apart by their nearest doubles. */
export const DOUBLE_LENGTH = 15;

/** -1, 0 or 1. */
export function compareNumbers(left: string, right: string): number {
  const a = Number(left);
  const b = Number(right);
  if (a !== b || (left.length <= DOUBLE_LENGTH && right.length <= DOUBLE_LENGTH)) return a < b ? -1 : a > b ? 1 : 0;
  const exactLeft = exact(left);
  const exactRight = exact(right);
  if (exactLeft === undefined || exactRight === undefined) return 0;
  const [x, y] = aligned(exactLeft, exactRight);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Whether `text` is a whole multiple of `divisor`, which is greater than 0. */
export function isMultiple(text: string, divisor: string): boolean {
  const value = Number(text);
  const by = Number(divisor);
  if (Number.isSafeInteger(value) && Number.isSafeInteger(by)) return value % by === 0;
  const quick = isQuickMultiple(text, divisor);
  if (quick !== undefined) return quick;
  const dividend = exact(text);
  const exactDivisor = exact(divisor);
  if (dividend === undefined || exactDivisor === undefined) return value % by === 0;
  const [x, y] = aligned(dividend, exactDivisor);
  return x % y === 0n;
}

const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** The same of short numbers without exponents, whose digits are safe integers; undefined for others. */
function isQuickMultiple(text: string, divisor: string): boolean | undefined {
  const [dividendScale, divisorScale] = [fractionDigits(text), fractionDigits(divisor)];
  const scale = Math.max(dividendScale, divisorScale);
  const dividend = wholeDigits(text) * (POWERS[scale - dividendScale] ?? Number.NaN);
  const by = wholeDigits(divisor) * (POWERS[scale - divisorScale] ?? Number.NaN);
  return Number.isSafeInteger(dividend) && Number.isSafeInteger(by) ? dividend % by === 0 : undefined;
}

const fractionDigits = (text: string): number => (text.includes(".") ? text.length - text.indexOf(".") - 1 : 0);
const wholeDigits = (text: string): number => (/[eE]/.test(text) ? Number.NaN : Number(text.replace(".", "")));

/** What comparing or dividing a number exactly takes: short texts may stand for numbers of thousands of digits. */
export function numberSteps(text: string): number {
  const mark = text.search(/[eE]/);
  const exponent = mark === -1 ? 0 : Math.min(Math.abs(Number(text.slice(mark + 1))), MAX_SCALE);
  return (text.length + exponent) >> 4;
}

/** One text for all ways to write a number. */
export function canonicalNumber(text: string): string {
  const number = Number(text);
  if (text.length <= DOUBLE_LENGTH) return String(number + 0);
  const parts = exact(text);
  if (parts === undefined) return String(number);
  if (parts.unscaled === 0n) return "0";
  const written = String(parts.unscaled);
  const significant = written.replace(/0+$/, "");
  if (significant.replace("-", "").length <= DOUBLE_LENGTH) return String(number);
  return `${significant}e${written.length - significant.length - parts.scale}`;
}

/** A decimal as messages show it: without zeros at its end, in the form of java.math.BigDecimal (100.0 is 1E+2). */
export function messageNumber(text: string): string {
  const parts = /[.eE]/.test(text) ? exact(text) : undefined;
  if (parts === undefined) return text === "-0" ? "0" : text;
  if (parts.unscaled === 0n) return "0";
  let digits = String(parts.unscaled).replace("-", "");
  let { scale } = parts;
  const significant = digits.replace(/0+$/, "");
  scale -= digits.length - significant.length;
  digits = significant;
  const sign = parts.unscaled < 0n ? "-" : "";
  const exponent = digits.length - 1 - scale;
  if (scale === 0) return sign + digits;
  if (scale > 0 && exponent >= -6) {
    const padded = digits.padStart(scale + 1, "0");
    return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${sign}${digits.charAt(0)}${fraction}E${exponent > 0 ? "+" : ""}${exponent}`;
}
