// The listener over HTTP/1.1, with node:http.
import { testHttpListener } from "./http-listener.ts";

testHttpListener("node");
