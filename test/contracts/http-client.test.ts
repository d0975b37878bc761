import { createHttpClient } from "../../src/adapters/http-client/index.ts";
import { createHttpClient as createUndiciClient } from "../../src/adapters/undici/index.ts";
import { httpClientContract } from "./http-client.ts";

httpClientContract("own", createHttpClient);
httpClientContract("undici", createUndiciClient);
