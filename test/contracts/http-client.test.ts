import { createHttpClient } from "../../src/adapters/undici/index.ts";
import { httpClientContract } from "./http-client.ts";

httpClientContract("undici", createHttpClient);
