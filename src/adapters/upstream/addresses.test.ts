import { describe, expect, test } from "vitest";
import { refusedAddresses, refusedLiteral } from "./addresses.ts";

describe("refused addresses", () => {
  const METADATA = [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.0.0",
    "169.254.255.255",
    "100.100.100.200",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "febf:ffff::1",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
    "2002:a9fe:0102:3::4",
  ];
  const ORDINARY = ["169.253.255.255", "169.255.0.0", "100.100.100.201", "127.0.0.1", "10.0.0.1", "::1", "fd00:ec2::253", "fec0::1"];

  test.each(METADATA)("%s hands out credentials", (address) => {
    expect(refusedAddresses({ allowMetadataAddresses: false, denied: [] })(address)).toBe(true);
    expect(refusedAddresses({ allowMetadataAddresses: true, denied: [] })(address)).toBe(false);
  });

  test.each(ORDINARY)("%s does not", (address) => {
    expect(refusedAddresses({ allowMetadataAddresses: false, denied: [] })(address)).toBe(false);
  });

  test.each([
    ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3", "2002:a01:203::1"], ["9.255.255.255", "2002:b00::1", "11.0.0.0", "::1"]],
    ["10.1.2.3", ["10.1.2.3"], ["10.1.2.4"]],
    ["0.0.0.0/0", ["1.2.3.4", "::ffff:1.2.3.4"], ["2001:db8::1"]],
    ["::/0", ["::1", "2001:db8::1"], ["127.0.0.1"]],
    ["fd00::/8", ["fd12::1"], ["fe12::1", "10.0.0.1"]],
  ])("%s holds its own and no others", (range, inside, outside) => {
    const isRefused = refusedAddresses({ allowMetadataAddresses: true, denied: [range] });
    expect(inside.map(isRefused)).toEqual(inside.map(() => true));
    expect(outside.map(isRefused)).toEqual(outside.map(() => false));
  });

  test("a name is not an address", () => {
    expect(refusedLiteral("localhost", () => true)).toBeUndefined();
    expect(refusedLiteral("10.0.0.1", () => true)?.message).toBe("10.0.0.1 is an address that requests may not go to");
  });
});
