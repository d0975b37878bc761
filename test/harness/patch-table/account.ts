// What an account has besides APIs: its settings, client certificates and VPC links.
import type { Row } from "../patch-case.ts";
import { ROLE } from "../updatable.ts";
import { ADD, NON_EMPTY, oneOf, REMOVE, REPLACE } from "./words.ts";

export const ACCOUNT_ROWS: Readonly<Record<string, readonly Row[]>> = {
  UpdateAccount: [
    {
      path: "/cloudwatchRoleArn",
      ops: REPLACE,
      value: ROLE,
      wrong: { "~": "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy." },
    },
    // The one feature that there is cannot be removed, as the page says.
    { path: "/features", ops: ADD, elsewhere: REMOVE, value: "UsagePlans", shows: {}, wrong: oneOf("UsagePlans") },
  ],
  UpdateClientCertificate: [{ path: "/description", ops: REPLACE, value: "d" }],
  UpdateVpcLink: [
    { path: "/name", ops: REPLACE, value: "n", wrong: NON_EMPTY },
    { path: "/description", ops: REPLACE, value: "d" },
  ],
};
