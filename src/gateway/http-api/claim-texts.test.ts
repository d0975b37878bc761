import { expect, test } from "vitest";
import { claimTexts } from "./claim-texts.ts";

test("claims are texts in the order of their names (awsdocs/amazon-api-gateway-developer-guide#113)", () => {
  const claims = { sub: "auth0|5fe4", iat: 1_612_053_076, exp: 1_612_061_676, aud: "some.api", email_verified: true };
  expect(JSON.stringify(claimTexts(claims))).toBe('{"aud":"some.api","email_verified":"true","exp":"1612061676","iat":"1612053076","sub":"auth0|5fe4"}');
});

test("lists and objects stand as Go prints them", () => {
  expect(claimTexts({ groups: ["admins", "users"], none: [], nothing: null, address: { street: "a b", city: 7, more: [1, { x: false }] } })).toEqual({
    groups: "[admins users]",
    none: "[]",
    nothing: "<nil>",
    address: "map[city:7 more:[1 map[x:false]] street:a b]",
  });
});

test("claims are written once", () => {
  const claims = Object.freeze({ sub: "a", __proto__: null });
  expect(claimTexts(claims)).toBe(claimTexts(claims));
});
