// What templates compute with: values, arithmetic, text, and the meter that counts the work.
export { BigDecimal, fromDouble, parseDecimal } from "./big-decimal.ts";
export type { RenderLimits } from "./meter.ts";
export { Meter } from "./meter.ts";
export { add, compareNumbers, divide, doubleOf, intOf, isNumber, isZero, longOf, modulo, multiply, numberText, subtract, wholeNumber } from "./numbers.ts";
export { equalValues, hashOf, keyOf, numberInText, textOf } from "./text.ts";
export type { BlockValue, HostMethod, HostObject, LoopValue, NumberValue, Value } from "./value.ts";
export { BigInteger, Char, Double, EntryValue, Float, IteratorValue, ListValue, Long, MapValue, ViewValue } from "./value.ts";
