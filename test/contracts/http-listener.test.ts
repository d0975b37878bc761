// The listener over HTTP/1.1, with a parser of our own.
import { testHttpListener } from "./http-listener.ts";

testHttpListener("own");
