// String.format, for the conversions that templates use: %s %S %d %x %X %o %c %b %f %% %n with flags, width and
// precision. Any other is refused by name.
import { BigDecimal, BigInteger, Char, Double, Float, fromDouble, Long, textOf } from "../values/index.ts";
import type { Value } from "../values/index.ts";
import type { MethodScope } from "./overload.ts";
import { javaException } from "./overload.ts";

interface Specifier {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly conversion: string;
}

function whole(value: Value, conversion: string): bigint {
  if (typeof value === "number") return BigInt(value);
  if (value instanceof Long || value instanceof BigInteger) return value.value;
  throw javaException("java.util.IllegalFormatConversionException", `${conversion} takes a whole number`);
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(?:[0-9]{3})+$)/g, ",");
}

/** Rounded half up, as Formatter does. */
function fixed(value: BigDecimal, precision: number): { whole: string; fraction: string } {
  const size = value.unscaled < 0n ? -value.unscaled : value.unscaled;
  const shift = value.scale - precision;
  let digits = shift <= 0 ? size * 10n ** BigInt(-shift) : size / 10n ** BigInt(shift);
  if (shift > 0 && (size % 10n ** BigInt(shift)) * 2n >= 10n ** BigInt(shift)) digits += 1n;
  const text = digits.toString().padStart(precision + 1, "0");
  return { whole: text.slice(0, text.length - precision), fraction: text.slice(text.length - precision) };
}

function decimalValue(value: Value): BigDecimal {
  if (value instanceof BigDecimal) return value;
  // Formatter rounds the decimal digits that the number prints with.
  if (value instanceof Double || value instanceof Float) {
    if (!Number.isFinite(value.value)) throw javaException("java.util.IllegalFormatException", "not a finite number");
    const [mantissa = "", exponent = "0"] = String(value.value).split("e");
    const [integer = "", fraction = ""] = mantissa.split(".");
    if (value instanceof Float) return fromDouble(value.value);
    return new BigDecimal(BigInt(integer + fraction), fraction.length - Number(exponent));
  }
  throw javaException("java.util.IllegalFormatConversionException", "f takes a number with a fraction");
}

function numeric({ flags, width }: Specifier, negative: boolean, digits: string): string {
  const sign = negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  if (negative && flags.includes("(")) return `(${digits})`;
  return sign + (flags.includes("0") ? digits.padStart(width - sign.length, "0") : digits);
}

function convert(specifier: Specifier, value: Value, scope: MethodScope): string {
  const { conversion, flags, precision } = specifier;
  if (value === null && conversion !== "b") return precision === undefined ? "null" : "null".slice(0, precision);
  switch (conversion) {
    case "s":
    case "S": {
      const text = textOf(value, scope.meter) ?? "null";
      const cut = precision === undefined ? text : text.slice(0, precision);
      if (conversion === "s") return cut;
      scope.meter.step(cut.length >> 2);
      return cut.toUpperCase();
    }
    case "b":
      return String(typeof value === "boolean" ? value : value !== null);
    case "c":
      if (value instanceof Char) return value.text;
      return String.fromCodePoint(Number(whole(value, "c")));
    case "d": {
      const number = whole(value, "d");
      const digits = (number < 0n ? -number : number).toString();
      scope.meter.step(4 + digits.length);
      return numeric(specifier, number < 0n, flags.includes(",") ? grouped(digits) : digits);
    }
    case "x":
    case "X":
    case "o": {
      const number = whole(value, conversion);
      const bits = typeof value === "number" ? 32 : 64;
      const radix = conversion === "o" ? 8 : 16;
      const digits = (value instanceof BigInteger ? number : BigInt.asUintN(bits, number)).toString(radix);
      const padded = flags.includes("0") ? digits.padStart(specifier.width, "0") : digits;
      return conversion === "X" ? padded.toUpperCase() : padded;
    }
    case "f": {
      const number = decimalValue(value);
      const places = precision ?? 6;
      // Powers of ten of so many digits are made, multiplied and divided.
      scope.meter.step((places >> 3) + (places * places) / 16_384);
      const { whole: integer, fraction } = fixed(number, places);
      const digits = (flags.includes(",") ? grouped(integer) : integer) + (places > 0 ? `.${fraction}` : "");
      return numeric(specifier, number.unscaled < 0n, digits);
    }
    default:
      throw javaException("java.util.UnknownFormatConversionException", `%${conversion} is not supported`);
  }
}

/** What it takes to read one. */
const SPECIFIER_STEPS = 6;

const specifierPattern = /%(?:(\d+)\$)?([-#+ 0,(<]*)(\d{1,6})?(?:\.(\d{1,6}))?([a-zA-Z%])/y;

/** Java's String.format. */
export function formatText(pattern: string, values: readonly Value[], scope: MethodScope): string {
  scope.meter.step(pattern.length >> 5);
  let result = "";
  let next = 0;
  let at = 0;
  while (at < pattern.length) {
    const percent = pattern.indexOf("%", at);
    const end = percent === -1 ? pattern.length : percent;
    result += pattern.slice(at, end);
    at = end;
    if (percent === -1) break;
    specifierPattern.lastIndex = at;
    const found = specifierPattern.exec(pattern);
    if (found === null) throw javaException("java.util.UnknownFormatConversionException", pattern.slice(at, at + 10));
    const [whole, position, flags = "", width = "0", precision, conversion = ""] = found;
    at += whole.length;
    const specifier = {
      flags,
      width: Number(width),
      precision: precision === undefined ? undefined : Number(precision),
      conversion,
    };
    scope.meter.step(SPECIFIER_STEPS);
    scope.meter.expectLength(specifier.width + (specifier.precision ?? 0));
    if (conversion === "n" || conversion === "%") result += conversion === "n" ? "\n" : padded("%", specifier);
    else {
      const index = position === undefined ? next++ : Number(position) - 1;
      if (index >= values.length) throw javaException("java.util.MissingFormatArgumentException", `Format specifier '${whole}'`);
      result += padded(convert(specifier, values[index] ?? null, scope), specifier);
    }
    scope.meter.expectLength(result.length);
  }
  return result;
}

function padded(text: string, { flags, width }: Specifier): string {
  return flags.includes("-") ? text.padEnd(width) : text.padStart(width);
}
