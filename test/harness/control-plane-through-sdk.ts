// The REST control plane as it is seen through the AWS SDK: the same operations, asked of a client.
import * as sdk from "@aws-sdk/client-api-gateway";
import type { ControlPlane } from "./control-plane.ts";

/** The operations by their names; what a call says of its caller is the client's. */
export function throughSdk(client: sdk.APIGatewayClient): ControlPlane {
  const commands = sdk as unknown as Readonly<Record<string, new (input: unknown) => Parameters<typeof client.send>[0]>>;
  return new Proxy({} as ControlPlane, {
    get: (_target, name) => async (input: unknown) => {
      const Command = commands[`${String(name)}Command`];
      if (Command === undefined) throw new TypeError(`the SDK has no command for ${String(name)}`);
      const { $metadata: _metadata, ...output } = (await client.send(new Command(input))) as { readonly $metadata: unknown };
      return output;
    },
  });
}
