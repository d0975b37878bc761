// What an authorizer makes of a token.
import type { StringMap } from "../domain/rest-api.ts";
import type { TokenClaims } from "../ports/token-verifier.ts";

export type TokenOutcome =
  | {
      readonly type: "authorized";
      readonly claims: StringMap;
      /** As they are in the token, where functions are given them so. */
      readonly claimValues?: TokenClaims;
    }
  | {
      /** 401, or 403 for a token that is good and does not open the method. */
      readonly type: "unauthorized" | "forbidden";
      /** For the client; absent for the gateway response's own. */
      readonly message?: string;
      /** What is wrong, for the log. */
      readonly reason: string;
    };

export const unauthorized = (reason: string): TokenOutcome => ({ type: "unauthorized", message: "Unauthorized", reason });
