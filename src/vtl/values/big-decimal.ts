// java.math.BigDecimal, as far as Velocity's arithmetic reaches it.

export class BigDecimal {
  readonly unscaled: bigint;
  /** The value is `unscaled` times 10 to the power of minus `scale`. */
  readonly scale: number;
  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }
}

const pow10 = (exponent: number): bigint => 10n ** BigInt(exponent);

/** The exact value of a double, as `new BigDecimal(double)` has it. */
export function fromDouble(value: number): BigDecimal {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponentBits = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  let significand = exponentBits === 0 ? fraction << 1n : fraction | 0x10000000000000n;
  let exponent = exponentBits - 1075;
  if (significand === 0n) return new BigDecimal(0n, 0);
  while ((significand & 1n) === 0n) {
    significand >>= 1n;
    exponent += 1;
  }
  const signed = value < 0 ? -significand : significand;
  if (exponent >= 0) return new BigDecimal(signed << BigInt(exponent), 0);
  return new BigDecimal(signed * 5n ** BigInt(-exponent), -exponent);
}

/** Reads a decimal number: digits, a point, an exponent. */
export function parseDecimal(text: string): BigDecimal {
  const mark = text.search(/[eE]/);
  const mantissa = mark === -1 ? text : text.slice(0, mark);
  const point = mantissa.indexOf(".");
  const exponent = mark === -1 ? 0 : Number(text.slice(mark + 1));
  if (point === -1) return new BigDecimal(BigInt(mantissa), 0 - exponent);
  return new BigDecimal(BigInt(mantissa.slice(0, point) + mantissa.slice(point + 1)), mantissa.length - point - 1 - exponent);
}

function aligned(a: BigDecimal, b: BigDecimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.unscaled * pow10(scale - a.scale), b.unscaled * pow10(scale - b.scale), scale];
}

export function addDecimals(a: BigDecimal, b: BigDecimal): BigDecimal {
  const [left, right, scale] = aligned(a, b);
  return new BigDecimal(left + right, scale);
}

export function subtractDecimals(a: BigDecimal, b: BigDecimal): BigDecimal {
  const [left, right, scale] = aligned(a, b);
  return new BigDecimal(left - right, scale);
}

export function multiplyDecimals(a: BigDecimal, b: BigDecimal): BigDecimal {
  return new BigDecimal(a.unscaled * b.unscaled, a.scale + b.scale);
}

/** With the dividend's scale; half of the last digit is rounded down. */
export function divideDecimals(a: BigDecimal, b: BigDecimal): BigDecimal {
  const shift = b.scale;
  let dividend = a.unscaled;
  let divisor = b.unscaled;
  if (shift >= 0) dividend *= pow10(shift);
  else divisor *= pow10(-shift);
  const quotient = dividend / divisor;
  const rest = dividend % divisor;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const size = divisor < 0n ? -divisor : divisor;
  if (twice <= size) return new BigDecimal(quotient, a.scale);
  return new BigDecimal(quotient + (dividend < 0n === divisor < 0n ? 1n : -1n), a.scale);
}

export function compareDecimals(a: BigDecimal, b: BigDecimal): number {
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** As BigDecimal's toString prints it. */
export function decimalText({ unscaled, scale }: BigDecimal): string {
  const sign = unscaled < 0n ? "-" : "";
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
  if (scale === 0) return sign + digits;
  const exponent = digits.length - 1 - scale;
  if (scale > 0 && exponent >= -6) {
    const padded = digits.padStart(scale + 1, "0");
    return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${sign}${mantissa}${exponent === 0 ? "" : `E${exponent > 0 ? "+" : ""}${exponent}`}`;
}

/** The whole part. */
export function truncateDecimal({ unscaled, scale }: BigDecimal): bigint {
  return scale >= 0 ? unscaled / pow10(scale) : unscaled * pow10(-scale);
}
