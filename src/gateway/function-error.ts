// The error object that stands for the result of a function that failed
// (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html).

/** Its `errorMessage`; empty where it has none. */
export function functionErrorMessage(payload: Buffer): string {
  try {
    const error: unknown = JSON.parse(payload.toString("utf8"));
    if (typeof error !== "object" || error === null || !("errorMessage" in error)) return "";
    return typeof error.errorMessage === "string" ? error.errorMessage : "";
  } catch {
    return "";
  }
}
