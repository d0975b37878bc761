// Composition of AWS services other than Lambda: where they are, and in whose name integrations call them.
import { ConfigError } from "./config/index.ts";
import type { AwsCredentials, ServiceCredentials, ServiceEndpoints } from "./ports/aws-services.ts";
import { serviceIds } from "./service-ids.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const VARIABLE = /^AWS_ENDPOINT_URL(?:_[A-Z0-9_]+)?$/;

/**
 * The endpoints that the environment names, as AWS's SDKs read it: `AWS_ENDPOINT_URL_<SERVICE>`, else `AWS_ENDPOINT_URL`
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
 * @throws {ConfigError} when one of them is no URL of http or https.
 */
export function readServiceEndpoints(env: Environment): ServiceEndpoints {
  const urls = new Map<string, URL>();
  for (const [name, value] of Object.entries(env)) if (VARIABLE.test(name) && value) urls.set(name, readUrl(name, value));
  return {
    endpoint(service) {
      const named = serviceIds(service).map((id) => urls.get(`AWS_ENDPOINT_URL_${id}`));
      return named.find((url) => url !== undefined) ?? urls.get("AWS_ENDPOINT_URL");
    },
  };
}

function readUrl(name: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new ConfigError(`${name} is not a URL of http or https: ${value}`);
  return url;
}

/** Without keys of the operator's, requests are signed as this account's, with a secret that everybody knows. */
const DEVELOPMENT_SECRET = "test";

/** The AWS_* credentials of the environment for every role; without them the API's account id and a development secret. */
export function readServiceCredentials(env: Environment): ServiceCredentials {
  const own = environmentCredentials(env);
  return {
    for: (_roleArn, account) => Promise.resolve(own ?? { accessKeyId: account, secretAccessKey: DEVELOPMENT_SECRET }),
  };
}

/** The credentials of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; undefined when they are not set. */
export function environmentCredentials(env: Environment): AwsCredentials | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env;
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
