// The HTTP client on undici.
export { createHttpClient } from "./http-client.ts";
export type { HttpClientOptions } from "./http-client.ts";
