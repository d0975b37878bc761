// Decimal numbers as texts, compared and written without loss: java.math.BigDecimal, as far as filters show it.

const form = /^([-+]?)(\d+\.?\d*|\.\d+)(?:[eE]([-+]?\d{1,9}))?$/;

interface Parts {
  readonly negative: boolean;
  /** Without leading zeros; empty for zero. */
  readonly digits: string;
  /** The value is the digits times 10 to the power of minus this. */
  readonly scale: number;
}

export function isDecimal(text: string): boolean {
  return form.test(text);
}

function partsOf(text: string): Parts {
  const [, sign, mantissa = "0", exponent = "0"] = form.exec(text) ?? [];
  const [whole = "", fraction = ""] = mantissa.split(".");
  return {
    negative: sign === "-",
    digits: (whole + fraction).replace(/^0+/, ""),
    scale: fraction.length - Number(exponent),
  };
}

/** -1, 0 or 1. */
export function compareDecimals(left: string, right: string): number {
  const a = Number(left);
  const b = Number(right);
  if (a < b) return -1;
  if (a > b) return 1;
  if (left === right || (left.length <= 15 && right.length <= 15 && Number.isFinite(a) && a !== 0)) return 0;
  return compareExactly(partsOf(left), partsOf(right));
}

function compareExactly(a: Parts, b: Parts): number {
  const sign = (parts: Parts): number => (parts.digits === "" ? 0 : parts.negative ? -1 : 1);
  if (sign(a) !== sign(b)) return sign(a) < sign(b) ? -1 : 1;
  if (sign(a) === 0) return 0;
  return sign(a) * compareSizes(a, b);
}

function compareSizes(a: Parts, b: Parts): number {
  const point = (parts: Parts): number => parts.digits.length - parts.scale;
  if (point(a) !== point(b)) return point(a) < point(b) ? -1 : 1;
  const length = Math.max(a.digits.length, b.digits.length);
  const left = a.digits.padEnd(length, "0");
  const right = b.digits.padEnd(length, "0");
  return left < right ? -1 : left > right ? 1 : 0;
}

/** As BigDecimal writes the number that `text` gives: 1.0E10 becomes 1.0E+10. */
export function decimalText(text: string): string {
  if (/^-?(0|[1-9]\d*)$/.test(text)) return text === "-0" ? "0" : text;
  const { negative, digits: significant, scale } = partsOf(text);
  const digits = significant === "" ? "0" : significant;
  const sign = negative && significant !== "" ? "-" : "";
  if (scale === 0) return sign + digits;
  const exponent = digits.length - 1 - scale;
  if (scale > 0 && exponent >= -6) {
    const padded = digits.padStart(scale + 1, "0");
    return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  const power = exponent === 0 ? "" : `E${exponent > 0 ? "+" : ""}${exponent}`;
  return `${sign}${digits.charAt(0)}${fraction}${power}`;
}
