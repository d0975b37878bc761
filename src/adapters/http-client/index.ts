// The door of the HTTP client over node:net and node:tls.
export { createHttpClient, type HttpClientOptions } from "./http-client.ts";
