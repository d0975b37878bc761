// What a function of a Lambda integration of an HTTP API answers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response).
import { isJsonObject, jsonIn, type JsonObject } from "../../../domain/json.ts";
import type { HttpFunctionTarget } from "../../../plan/http-api/index.ts";
import { lambdaResultOf, setCookies } from "../../integrations/lambda-result.ts";

export interface FunctionResponse {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** Text where it is base64. */
  readonly body: string | Buffer;
  readonly isBase64Encoded: boolean;
}

/** The response, or why the function's answer is none. Members that AWS does not name are not looked at. */
export function parseFunctionResponse(payload: Buffer, format: HttpFunctionTarget["payloadFormat"]): FunctionResponse | string {
  const answer = jsonIn(payload);
  if (format === "1.0") return isJsonObject(answer) ? read(answer) : MISMATCH;
  if (!isJsonObject(answer) || (answer["statusCode"] ?? undefined) === undefined) return inferred(answer, payload);
  const response = read({ ...answer, multiValueHeaders: undefined });
  if (typeof response === "string") return response;
  const cookies = setCookies(answer["cookies"]);
  return cookies === undefined ? wrongField("cookies") : { ...response, headers: [...response.headers, ...cookies] };
}

/** What the page's "API Gateway interpretation" says: 200, and the answer as JSON; a text stands without its quotes. */
function inferred(answer: unknown, payload: Buffer): FunctionResponse {
  const body = typeof answer === "string" ? answer : payload;
  return { status: 200, headers: ["content-type", "application/json"], body, isBase64Encoded: false };
}

function read(answer: JsonObject): FunctionResponse | string {
  const response = lambdaResultOf(answer);
  return typeof response === "string" ? wrongField(response) : response;
}

const MISMATCH = "The response from the Lambda function doesn't match the format that API Gateway expects.";

/** The words of the second sentence are quoted in users' code. */
const wrongField = (name: string): string => `${MISMATCH} Lambda body contains the wrong type for field "${name}"`;

