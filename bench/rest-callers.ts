// Who calls the REST APIs of rows, and with which headers: anybody, a user who signs, or whoever has a token that a function likes.
import { type APIGatewayClient, CreateAuthorizerCommand, type PutMethodRequest } from "@aws-sdk/client-api-gateway";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { signedHeaders } from "../test/harness/signed.ts";
import { client, createFunction } from "./gatehouse.ts";
import { functionUri } from "./rest-apis.ts";
import type { Setting } from "./rows.ts";

export type Authorization = "NONE" | "AWS_IAM" | "CUSTOM";

interface Callers {
  readonly method: Pick<PutMethodRequest, "authorizationType" | "authorizerId">;
  /** Of the requests to a path, from now on for nine minutes: names and values in turn. */
  headers(path: string): Promise<readonly string[]>;
}

export async function callersOf(authorization: Authorization, { url }: Setting, gateway: APIGatewayClient, restApiId: string | undefined): Promise<Callers> {
  const method = { authorizationType: authorization };
  switch (authorization) {
    case "NONE":
      return { method, headers: async () => [] };
    case "AWS_IAM": {
      const key = await createUser(url);
      return { method, headers: (path) => headersOfUser(url, path, key) };
    }
    case "CUSTOM": {
      const authorizerUri = functionUri(await createFunction(url, "authorizer", AUTHORIZER));
      const identitySource = "method.request.header.Authorization";
      const authorizer = { name: "tokens", type: "TOKEN", authorizerUri, identitySource, authorizerResultTtlInSeconds: 3600 } as const;
      const { id: authorizerId } = await gateway.send(new CreateAuthorizerCommand({ restApiId, ...authorizer }));
      return { method: { ...method, authorizerId }, headers: async () => ["Authorization", "token"] };
    }
  }
}

const INVOKE = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:*:*:*/bench/GET/*" }] };

const AUTHORIZER = `exports.handler = async () => ({ principalId: "user", policyDocument: ${JSON.stringify(INVOKE)} });`;

async function createUser(url: string) {
  const iam = new IAMClient(client(url));
  const UserName = "bench";
  await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "invoke", PolicyDocument: JSON.stringify(INVOKE) }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  iam.destroy();
  return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
}

/** Signatures are good for five minutes before and after their time: of four minutes from now they last longest. */
async function headersOfUser(url: string, target: string, key: { readonly accessKeyId: string; readonly secretAccessKey: string }): Promise<string[]> {
  const { host } = new URL(url);
  const headers = await signedHeaders({ host, target }, { key, at: Date.now() + 240_000 });
  // The load names the host by itself.
  return headers.filter((_, i) => headers[i - (i % 2)] !== "host");
}
