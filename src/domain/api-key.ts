// API keys: what callers show to be metered by a usage plan
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html).
import { recordKind, scoped } from "./record.ts";
import type { Tags } from "./rest-api.ts";

/** The members are those of the V1 API's shape (https://docs.aws.amazon.com/apigateway/latest/api/API_ApiKey.html). */
export interface ApiKey {
  readonly id: string;
  /** The secret that callers send. */
  readonly value: string;
  readonly name?: string;
  /** Of the AWS Marketplace, or of whoever hands the keys out. */
  readonly customerId?: string;
  readonly description?: string;
  readonly enabled: boolean;
  /** Milliseconds since the epoch, as the next one. */
  readonly createdDate: number;
  readonly lastUpdatedDate: number;
  /** `{apiId}/{stage}`, from before there were usage plans: they give no access. */
  readonly stageKeys: readonly string[];
  /** What `/labels` has added; AWS's answers have no member for them. */
  readonly labels?: readonly string[];
  readonly tags: Tags;
}

/** Key: account, region, key id. A value stands for one key of an account in a region. */
export const apiKeys = recordKind<ApiKey>("api-key", {
  value: { unique: true, values: ({ value }, [account = "", region = ""]) => [scoped(account, region, value)] },
  customer: {
    unique: false,
    values: ({ customerId }, [account = "", region = ""]) => (customerId === undefined ? [] : [scoped(account, region, customerId)]),
  },
  /** By API, for those that go with its stages. */
  api: { unique: false, values: ({ stageKeys }) => stageKeys.map((stageKey) => stageKey.slice(0, stageKey.indexOf("/"))) },
});

/** Characters (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html). */
export const API_KEY_VALUE = { min: 20, max: 128, generated: 40 };
/** Characters (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-key-file-format.html). */
export const MAX_API_KEY_NAME = 1024;
