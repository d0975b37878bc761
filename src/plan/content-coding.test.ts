import { describe, expect, it } from "vitest";
import { requestCoding, responseCoding } from "./content-coding.ts";

describe("the coding of a response", () => {
  it.each([
    // The formats that api-gateway-enable-compression lists.
    ["deflate,gzip", "deflate"],
    ["", undefined],
    ["*", undefined],
    ["deflate;q=0.5,gzip;q=1.0", "gzip"],
    ["gzip;q=1.0,identity;q=0.5,*;q=0", "gzip"],
    // The one of api-gateway-receive-response-with-compressed-payload.
    ["gzip, deflate, br", "gzip"],
    ["gzip", "gzip"],
    ["GZip ; q=0.3", "gzip"],
    [" , gzip,", "gzip"],
    // The highest priority has to be one that is supported.
    ["br, gzip", undefined],
    ["br;q=1.0, gzip;q=0.8", undefined],
    ["br;q=0.5, gzip;q=0.8", "gzip"],
    ["identity, gzip;q=0.5", undefined],
    ["*, gzip;q=0.5", undefined],
    ["zstd", undefined],
    ["gzip;q=0", undefined],
    ["gzip;q=0, deflate;q=0.001", "deflate"],
    // Malformed.
    ["gzip;q=2", undefined],
    ["gzip;q=high", undefined],
    ["gzip;level=9", undefined],
    ["gzip deflate", undefined],
    ["gzip,@", undefined],
  ])("for Accept-Encoding: %s is %s", (acceptEncoding, expected) => {
    expect(responseCoding([acceptEncoding])).toBe(expected);
  });

  it("is none without the header, and that of several headers together", () => {
    expect(responseCoding(undefined)).toBeUndefined();
    expect(responseCoding(["deflate;q=0.1", "gzip"])).toBe("gzip");
  });
});

describe("the coding of a request", () => {
  it.each([
    ["gzip", "gzip"],
    [" GZIP ", "gzip"],
    ["deflate", "deflate"],
    ["identity", undefined],
    ["", undefined],
    [undefined, undefined],
    ["br", "unsupported"],
    ["gzip, gzip", "unsupported"],
    ["x-gzip", "unsupported"],
  ])("with Content-Encoding: %s is %s", (contentEncoding, expected) => {
    expect(requestCoding(contentEncoding)).toBe(expected);
  });
});
