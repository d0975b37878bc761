// All settings, in one table.
import { AWS_ACCOUNT_THROTTLE, AWS_NEW_CONNECTIONS, type HttpApiLimits, type RestApiLimits } from "../domain/limits.ts";
import type { LogLevel } from "../ports/log.ts";
import { choice, flag, list, readBytes, readCount, readPort, readWorkers, refuseUnless, setting, text, type Setting } from "./setting.ts";
import { isDaemonAddress, isRange, isTarget, isUserPool, readLimits, readV2Limits } from "./values.ts";

/** All settings, by their flag without the dashes, in the order of `--help`. */
export const SETTINGS = {
  host: text("ADDRESS", "127.0.0.1", "address to listen on"),
  port: setting({ placeholder: "PORT", help: "port to listen on; 0 takes a free one", fallback: 4566, read: readPort }),
  "tls-cert": text("FILE", "", "certificate (PEM, its chain after it) to speak TLS with, HTTP/2 and HTTP/1.1; read again when it changes"),
  "tls-key": text("FILE", "", "private key of that certificate (PEM, without a passphrase)"),
  "tls-port": setting<number | "">({
    placeholder: "PORT",
    help: "port to speak TLS on besides the plain one; without it, TLS alone is spoken on the one port",
    fallback: "",
    read: readPort,
  }),
  workers: setting({
    placeholder: "N",
    help: "processes that serve APIs; 0: one when listening on a loopback address, one a core otherwise",
    fallback: 0,
    read: readWorkers,
  }),
  "data-dir": text("DIRECTORY", "./.gatehouse", "where APIs and functions are kept"),
  "in-memory": flag("keep everything in memory and forget it at the end"),
  logs: text("DIRECTORY|off", "", "where access logs and execution logs are written; logs/ in the data directory unless given, off in memory"),
  "xray-daemon": setting({
    placeholder: "ADDRESS",
    help: "X-Ray daemon that gets the segments of traced requests; AWS_XRAY_DAEMON_ADDRESS unless given, else they are logged",
    fallback: "",
    read: (value: string) => refuseUnless(isDaemonAddress(value), "must be HOST:PORT, or udp:HOST:PORT tcp:HOST:PORT", value),
  }),
  "xray-sampling-rules": text("FILE", "", "which requests to traced stages are sampled: X-Ray's sampling rules (JSON); its default rule unless given"),
  region: text("REGION", "us-east-1", "region of requests whose credentials name none (SigV4a)"),
  account: setting({
    placeholder: "ACCOUNT",
    help: "account of credentials that are not a 12-digit account id",
    fallback: "000000000000",
    read: (value: string) => refuseUnless(/^\d{12}$/.test(value), "must be 12 digits", value),
  }),
  "log-level": choice<LogLevel>(["debug", "info", "warn", "error"], "info", "the least important lines to log"),
  "allowed-hosts": list("NAMES", "names besides loopback ones by which the control plane may be called, with commas"),
  auth: choice(
    ["auto", "strict", "development"],
    "auto",
    "who may call the control plane: whom IAM lets in (strict), or anyone; auto: strict but on loopback",
  ),
  "no-authentication": flag("listen beyond loopback although anyone who reaches the port then administers everything"),
  "allow-metadata-addresses": flag("let integrations reach link-local and cloud metadata addresses"),
  "deny-addresses": list("RANGES", "address ranges (CIDR) that integrations must not reach, with commas", isRange),
  "vpc-links": list(
    "TARGETS",
    "where VPC links lead: ARN=HOST:PORT of a load balancer or listener, or ID=HOST:PORT of a link; with commas",
    isTarget,
  ),
  "user-pools": list(
    "ISSUERS",
    "who issues tokens in place of Cognito user pools: ARN=URL, with commas; Cognito itself where nobody does",
    isUserPool,
  ),
  "http-listener": choice<"own" | "node">(["own", "node"], "own", "what reads HTTP/1.1 requests: Gatehouse's own parser, or node:http's"),
  "http-client": choice(["own", "undici"], "own", "what calls integrations over HTTP: Gatehouse's own client, or undici's"),
  limits: setting<Partial<RestApiLimits>>({
    placeholder: "NAME=NUMBER",
    help: "quotas of REST APIs that differ from AWS's defaults, with commas; docs/quotas.md lists them",
    fallback: {},
    isList: true,
    read: readLimits,
  }),
  "v2-limits": setting<Partial<HttpApiLimits>>({
    placeholder: "NAME=NUMBER",
    help: "the same of HTTP and WebSocket APIs",
    fallback: {},
    isList: true,
    read: readV2Limits,
  }),
  "control-plane-rates": choice(["off", "aws"], "off", "how often operations may be called: as often as anyone likes, or as AWS allows"),
  "account-rate-limit": setting({
    placeholder: "REQUESTS",
    help: "requests a second that all APIs of an account in a region take together",
    fallback: AWS_ACCOUNT_THROTTLE.rateLimit,
    read: readCount,
  }),
  "account-burst-limit": setting({
    placeholder: "REQUESTS",
    help: "requests at once that they take",
    fallback: AWS_ACCOUNT_THROTTLE.burstLimit,
    read: readCount,
  }),
  "account-connection-rate-limit": setting({
    placeholder: "CONNECTIONS",
    help: "new connections a second that all WebSocket APIs of an account in a region take together",
    fallback: AWS_NEW_CONNECTIONS.rateLimit,
    read: readCount,
  }),
  "account-connection-burst-limit": setting({
    placeholder: "CONNECTIONS",
    help: "new connections at once that they take",
    fallback: AWS_NEW_CONNECTIONS.burstLimit,
    read: readCount,
  }),
  "usage-batch-ms": setting({
    placeholder: "MILLISECONDS",
    help: "API keys' usage is written after so long; what is not written is lost when it is killed",
    fallback: 1000,
    read: readCount,
  }),
  "usage-batch-requests": setting({
    placeholder: "REQUESTS",
    help: "... or once so many requests of API keys are counted",
    fallback: 1000,
    read: readCount,
  }),
  "cache-bytes": setting({
    placeholder: "BYTES",
    help: "the most that the caches of all stages may keep in memory together",
    fallback: 268_435_456,
    read: readBytes,
  }),
  "lambda-functions": choice(
    ["auto", "on", "off"],
    "auto",
    "run functions on this machine; auto: only when listening on a loopback address",
  ),
  "lambda-relax-permissions": flag("let APIs invoke functions whose policy does not allow it"),
  "lambda-endpoint": text("URL", "", "send invocations to a real Lambda there, signed with the AWS_* credentials"),
} as const satisfies Record<string, Setting<unknown>>;

export type SettingName = keyof typeof SETTINGS;

type Values = { readonly [Name in SettingName]: (typeof SETTINGS)[Name]["fallback"] };

/** The settings in force. */
export type Config = Values;

/** Whether there is a setting of that name. */
export const isSetting = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name);
