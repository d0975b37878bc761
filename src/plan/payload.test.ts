import { describe, expect, it } from "vitest";
import { compileBinaryMediaTypes, firstMediaTypeOf, mediaTypeOf } from "./media-types.ts";
import type { Conversion } from "./payload.ts";
import { convert, decodeBase64, requestConversion, responseConversion } from "./payload.ts";

const [TO_BINARY, TO_TEXT] = ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"] as const;

describe("api-gateway-payload-encodings-workflow: request content type conversions", () => {
  it.each<[boolean, typeof TO_BINARY | typeof TO_TEXT | undefined, Conversion]>([
    [false, undefined, "text"],
    [false, TO_BINARY, "decode"],
    [false, TO_TEXT, "text"],
    [true, undefined, "bytes"],
    [true, TO_BINARY, "bytes"],
    [true, TO_TEXT, "encode"],
  ])("binary %s, %s: %s", (binary, handling, expected) => {
    expect(requestConversion(binary, handling)).toBe(expected);
  });
});

describe("api-gateway-payload-encodings-workflow: response content type conversions", () => {
  it.each<[string, string, typeof TO_BINARY | typeof TO_TEXT | undefined, Conversion]>([
    ["any", "unconfigured", undefined, "text"],
    ["any", "unconfigured", TO_BINARY, "decode"],
    ["any", "unconfigured", TO_TEXT, "text"],
    ["text", "text", undefined, "text"],
    ["text", "text", TO_BINARY, "decode"],
    ["text", "text", TO_TEXT, "text"],
    ["text", "binary", undefined, "decode"],
    ["text", "binary", TO_BINARY, "decode"],
    ["text", "binary", TO_TEXT, "text"],
    ["binary", "text", undefined, "encode"],
    ["binary", "text", TO_BINARY, "bytes"],
    ["binary", "text", TO_TEXT, "encode"],
    ["binary", "binary", undefined, "bytes"],
    ["binary", "binary", TO_BINARY, "bytes"],
    ["binary", "binary", TO_TEXT, "encode"],
  ])("%s data, Accept %s, %s: %s", (data, accept, handling, expected) => {
    const kind = { configured: accept !== "unconfigured", binary: data === "binary", accepted: accept === "binary" };
    expect(responseConversion(kind, handling)).toBe(expected);
  });
});

describe("converting", () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]);

  it("keeps bytes, loses what is not UTF-8 in text, and goes to base64 and back", () => {
    expect(convert(png, "bytes")).toEqual(png);
    expect(convert(png, "text")?.toString("utf8")).toBe("\u{fffd}PNG\u{fffd}");
    expect(convert(png, "encode")?.toString()).toBe("iVBOR/8=");
    expect(convert(Buffer.from("iVBOR/8="), "decode")).toEqual(png);
    expect(convert(Buffer.from('{"a":1}'), "decode")).toBeUndefined();
  });

  it.each([
    ["", true],
    ["YQ==", true],
    ["YQ", true],
    ["YQ=", false],
    ["Y", false],
    ["YWI=", true],
    ["YW I=", false],
    ["_-8=", false],
  ])("base64 %j: %s", (text, valid) => {
    expect(decodeBase64(text) !== undefined).toBe(valid);
  });
});

describe("media types", () => {
  it.each([
    ["Application/JSON; charset=utf-8", "application/json"],
    [undefined, "application/json"],
    ["", "application/json"],
    [" text/plain ", "text/plain"],
  ])("of %j is %s", (header, expected) => {
    expect(mediaTypeOf(header)).toBe(expected);
  });

  it("api-gateway-payload-encodings: only the first of an Accept header counts", () => {
    expect(firstMediaTypeOf("image/webp,image/*,*/*;q=0.8")).toBe("image/webp");
  });

  it("are binary when listed, by a wildcard or exactly", () => {
    const some = compileBinaryMediaTypes(["image/*", "Application/PDF"]);
    expect(["image/png", "application/pdf", "text/plain", "*/*"].map((type) => some.includes(type))).toEqual([true, true, false, false]);
    expect(compileBinaryMediaTypes(["*/*"]).includes("text/plain")).toBe(true);
    expect(compileBinaryMediaTypes([]).configured).toBe(false);
  });
});
