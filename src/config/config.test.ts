import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { help } from "../cli/help.ts";
import { accountThrottle, type Config, ConfigError, connectionThrottle, developmentKeys, isLoopback, isStrict, limitName, privateAddresses, readCommand, userPoolIssuers, xrayDaemon } from "./index.ts";
import { AWS_HTTP_LIMITS, AWS_LIMITS } from "../domain/limits.ts";

const directory = mkdtempSync(join(tmpdir(), "gatehouse-config-"));
afterAll(() => rmSync(directory, { recursive: true }));

function file(text: string): string {
  const path = join(directory, `${Math.random().toString(36).slice(2)}.yaml`);
  writeFileSync(path, text);
  return path;
}

function read(args: readonly string[], env: Record<string, string> = {}): Config {
  const command = readCommand(args, env);
  if (command.kind !== "start") throw new Error(command.kind);
  return command.config;
}

const DEFAULTS: Config = {
  host: "127.0.0.1",
  port: 4566,
  "tls-cert": "",
  "tls-key": "",
  "tls-port": "",
  workers: 0,
  "data-dir": "./.gatehouse",
  logs: "",
  "in-memory": false,
  "xray-daemon": "",
  "xray-sampling-rules": "",
  region: "us-east-1",
  account: "000000000000",
  "log-level": "info",
  "allowed-hosts": [],
  auth: "auto",
  "no-authentication": false,
  "allow-metadata-addresses": false,
  "deny-addresses": [],
  "vpc-links": [],
  "user-pools": [],
  "http-client": "own",
  "http-listener": "own",
  limits: {},
  "v2-limits": {},
  "control-plane-rates": "off",
  "account-rate-limit": 10_000,
  "account-burst-limit": 5_000,
  "account-connection-rate-limit": 500,
  "account-connection-burst-limit": 500,
  "usage-batch-ms": 1000,
  "usage-batch-requests": 1000,
  "cache-bytes": 268_435_456,
  "lambda-functions": "auto",
  "lambda-relax-permissions": false,
  "lambda-endpoint": "",
};

describe("vpc-links", () => {
  const NLB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/my-nlb/1234567890abcdef";

  it("say where load balancers, listeners and VPC links lead to", () => {
    const config = read(["--vpc-links", `${NLB}=localhost:8080,gim7c3=[::1]:81`, "--vpc-links=abc123=10.0.0.7:65535"]);
    expect([...privateAddresses(config)]).toEqual([
      [NLB, "localhost:8080"],
      ["gim7c3", "[::1]:81"],
      ["abc123", "10.0.0.7:65535"],
    ]);
  });

  it.each(["gim7c3", "gim7c3=localhost", "=localhost:80", "gim7c3=localhost:0", "gim7c3=localhost:65536", "gim7c3=http://localhost:80", "a=b=c:80"])(
    "are refused when they are none: %s",
    (target) => {
      expect(() => read(["--vpc-links", target])).toThrow(new ConfigError(`--vpc-links must list targets, not ${JSON.stringify(target)}`));
    },
  );
});

describe("user-pools", () => {
  const POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a1B2";

  it("say who issues tokens in their place", () => {
    const config = read(["--user-pools", `${POOL}=http://127.0.0.1:9229/us-east-1_a1B2`, `--user-pools=${POOL}c=https://example.com/`]);
    expect([...userPoolIssuers(config)]).toEqual([
      [POOL, "http://127.0.0.1:9229/us-east-1_a1B2"],
      [`${POOL}c`, "https://example.com/"],
    ]);
    expect(userPoolIssuers(read(["--config", file(`user-pools:\n  "${POOL}": https://example.com\n`)]))).toEqual(new Map([[POOL, "https://example.com"]]));
  });

  it.each([POOL, `${POOL}=`, `${POOL}=issuer`, `${POOL}=ftp://example.com`, `${POOL}=https://`, `${POOL}=https://example.com?a`, "us-east-1_a1B2=https://example.com"])(
    "are refused when they are none: %s",
    (issuer) => {
      expect(() => read(["--user-pools", issuer])).toThrow(new ConfigError(`--user-pools must list issuers, not ${JSON.stringify(issuer)}`));
    },
  );
});

describe("xray-daemon", () => {
  it.each([
    ["127.0.0.1:2000", { host: "127.0.0.1", port: 2000 }],
    ["xray.internal:1", { host: "xray.internal", port: 1 }],
    ["[::1]:65535", { host: "::1", port: 65_535 }],
    ["udp:127.0.0.2:2001", { host: "127.0.0.2", port: 2001 }],
    ["tcp:127.0.0.1:2000 udp:127.0.0.2:2001", { host: "127.0.0.2", port: 2001 }],
    ["udp:127.0.0.2:2001 tcp:127.0.0.1:2000", { host: "127.0.0.2", port: 2001 }],
  ])("is where segments go, in the forms of X-Ray's own variable: %s", (address, expected) => {
    expect(xrayDaemon(read(["--xray-daemon", address]), {})).toEqual(expected);
    expect(xrayDaemon(read([]), { AWS_XRAY_DAEMON_ADDRESS: address })).toEqual(expected);
    expect(xrayDaemon(read(["--xray-daemon", address]), { AWS_XRAY_DAEMON_ADDRESS: "other:1" })).toEqual(expected);
  });

  it("is none unless one is named", () => {
    expect(xrayDaemon(read([]), {})).toBeUndefined();
    expect(xrayDaemon(read([]), { AWS_XRAY_DAEMON_ADDRESS: "" })).toBeUndefined();
  });

  it.each(["localhost", "localhost:0", "localhost:65536", ":2000", "http://localhost:2000", "tcp:localhost:2000", "::1:2000", "a b:1"])("is refused when it is none: %s", (address) => {
    const rule = `must be HOST:PORT, or udp:HOST:PORT tcp:HOST:PORT, not ${JSON.stringify(address)}`;
    expect(() => read(["--xray-daemon", address])).toThrow(new ConfigError(`--xray-daemon ${rule}`));
    expect(() => xrayDaemon(read([]), { AWS_XRAY_DAEMON_ADDRESS: address })).toThrow(new ConfigError(`AWS_XRAY_DAEMON_ADDRESS ${rule}`));
  });
});

describe("limits", () => {
  it("come from a flag, a variable, or a map in the file, by names that quotas have", () => {
    expect(read(["--limits", "stages-per-api=20, api-keys=5", "--limits=stages-per-api=30"]).limits).toEqual({ stagesPerApi: 30, apiKeys: 5 });
    expect(read([], { GATEHOUSE_LIMITS: "vpc-links=1" }).limits).toEqual({ vpcLinks: 1 });
    expect(read(["--config", file("limits:\n  stages-per-api: 20\n  edge-apis: 7\n")]).limits).toEqual({ stagesPerApi: 20, edgeApis: 7 });
    expect(read(["--config", file("limits: [stages-per-api=20]\n")]).limits).toEqual({ stagesPerApi: 20 });
  });

  it("of HTTP and WebSocket APIs have a setting of their own", () => {
    const { limits, "v2-limits": v2Limits } = read(["--v2-limits", "routes-per-api=1000"], { GATEHOUSE_LIMITS: "api-keys=5" });
    expect([limits, v2Limits]).toEqual([{ apiKeys: 5 }, { routesPerApi: 1000 }]);
    expect(read(["--config", file("v2-limits:\n  apis: 2\n  vpc-links: 3\n")])["v2-limits"]).toEqual({ apis: 2, vpcLinks: 3 });
    const names = Object.keys(AWS_HTTP_LIMITS).map(limitName).join(", ");
    expect(() => read(["--v2-limits", "api-keys=5"])).toThrow(new ConfigError(`--v2-limits must name quotas, not "api-keys"; there are ${names}`));
    expect(() => read(["--v2-limits", "apis=0"])).toThrow(new ConfigError('--v2-limits must be NAME=NUMBER, with numbers from 1, not "apis=0"'));
  });

  const names = Object.keys(AWS_LIMITS).map(limitName).join(", ");
  it.each<[string, string]>([
    ["stages=20", `--limits must name quotas, not "stages"; there are ${names}`],
    ["stagesPerApi=20", `--limits must name quotas, not "stagesPerApi"; there are ${names}`],
    ["=20", `--limits must name quotas, not ""; there are ${names}`],
    ["constructor=20", `--limits must name quotas, not "constructor"; there are ${names}`],
    ...["stages-per-api", "stages-per-api=", "stages-per-api=0", "stages-per-api=-1", "stages-per-api=1e3", "stages-per-api=1.5", "stages-per-api=1=2"].map((item): [string, string] => [
      item,
      `--limits must be NAME=NUMBER, with numbers from 1, not ${JSON.stringify(item)}`,
    ]),
  ])("are refused when they are none: %s", (item, message) => {
    expect(() => read(["--limits", item])).toThrow(new ConfigError(message));
  });

  it("are all in the guide, with AWS's defaults", () => {
    const page = readFileSync(new URL("../../docs/quotas.md", import.meta.url), "utf8");
    const rows = [...page.matchAll(/^\| `([\w-]+)` \| ([\d,]+)/gm)].map(([, name, number]) => [name, Number(number?.replaceAll(",", ""))]);
    const all = [...Object.entries(AWS_LIMITS), ...Object.entries(AWS_HTTP_LIMITS)];
    const ofAccounts = ["account-rate-limit", "account-burst-limit", "account-connection-rate-limit", "account-connection-burst-limit"] as const;
    expect(rows).toEqual([...all.map(([key, number]) => [limitName(key), number]), ...ofAccounts.map((name) => [name, DEFAULTS[name]])]);
  });
});

describe("what an account may ask of its APIs", () => {
  it("is AWS's unless told", () => {
    expect([accountThrottle(read([])), connectionThrottle(read([]))]).toEqual([{ rateLimit: 10_000, burstLimit: 5_000 }, { rateLimit: 500, burstLimit: 500 }]);
    const config = read(["--account-rate-limit", "1", "--account-burst-limit", "2", "--account-connection-rate-limit", "3", "--account-connection-burst-limit", "4"]);
    expect([accountThrottle(config), connectionThrottle(config)]).toEqual([{ rateLimit: 1, burstLimit: 2 }, { rateLimit: 3, burstLimit: 4 }]);
  });
});

describe("TLS", () => {
  const files = ["--tls-cert", "c.pem", "--tls-key", "k.pem"];

  it("is spoken on the one port, or on another one", () => {
    expect(read(files)).toEqual({ ...DEFAULTS, "tls-cert": "c.pem", "tls-key": "k.pem" });
    expect(read([...files, "--tls-port", "443"])["tls-port"]).toBe(443);
    expect(read([...files, "--port", "0", "--tls-port", "0"])["tls-port"]).toBe(0);
    expect(read([], { GATEHOUSE_TLS_CERT: "c", GATEHOUSE_TLS_KEY: "k", GATEHOUSE_TLS_PORT: "8443" })["tls-port"]).toBe(8443);
  });

  it.each([
    [["--tls-cert", "c.pem"], "tls-cert is given without tls-key; TLS needs both"],
    [["--tls-key", "k.pem"], "tls-key is given without tls-cert; TLS needs both"],
    [["--tls-port", "443"], "tls-port is given without a certificate; TLS needs tls-cert and tls-key"],
    [[...files, "--tls-port", "4566"], "port and tls-port are both 4566; without tls-port, TLS alone is spoken on the one port"],
    [[...files, "--tls-port", "70000"], '--tls-port must be a port number from 0 to 65535, not "70000"'],
  ])("is refused by halves: %j", (args, message) => {
    expect(() => read(args)).toThrow(new ConfigError(message));
  });
});

describe("settings", () => {
  it("have defaults", () => {
    expect(read([])).toEqual(DEFAULTS);
  });

  it("come from flags with either spelling", () => {
    expect(read(["--port", "80", "--data-dir=/x y", "--in-memory", "--allowed-hosts", "a.test, b.test"])).toEqual({
      ...DEFAULTS,
      port: 80,
      "data-dir": "/x y",
      "in-memory": true,
      "allowed-hosts": ["a.test", "b.test"],
    });
  });

  it("come from variables and from a file, nested or not, scalars as written", () => {
    const path = file("account: 000000000012\nport: 1\nlambda:\n  endpoint: http://lambda\n  relax-permissions: true\ndeny-addresses: [10.0.0.0/8]\n");
    const env = { GATEHOUSE_REGION: "eu-west-1", GATEHOUSE_IN_MEMORY: "1", GATEHOUSE_LOG_LEVEL: "", PATH: "/bin" };
    expect(read(["--config", path], env)).toEqual({
      ...DEFAULTS,
      account: "000000000012",
      port: 1,
      region: "eu-west-1",
      "in-memory": true,
      "lambda-endpoint": "http://lambda",
      "lambda-relax-permissions": true,
      "deny-addresses": ["10.0.0.0/8"],
    });
  });

  it("take a flag before a variable before the file", () => {
    const path = file("port: 1\nregion: in-file\naccount: '111111111111'\n");
    const config = read(["--config", path, "--port", "3"], { GATEHOUSE_PORT: "2", GATEHOUSE_REGION: "in-env" });
    expect([config.port, config.region, config.account]).toEqual([3, "in-env", "111111111111"]);
  });

  it("take an empty file", () => {
    expect(read(["--config", file("# nothing\n")])).toEqual(DEFAULTS);
  });
});

describe("a bad option is refused in one line that says where it stands:", () => {
  const notYaml = file("a: [");
  const aList = file("- port\n");
  const unknown = file("lambda:\n  memory: 5\n");
  const wrong = file("port: many\n");
  it.each<[readonly string[], Record<string, string>, string]>([
    [["--prot", "1"], {}, "unknown option --prot; --help lists the options"],
    [["serve"], {}, "unknown option serve; --help lists the options"],
    [["-p", "1"], {}, "unknown option -p; --help lists the options"],
    [["--port"], {}, "--port needs a value"],
    [["--port", "--in-memory"], {}, "--port needs a value"],
    [["--port", "65536"], {}, '--port must be a port number from 0 to 65535, not "65536"'],
    [["--port=1e3"], {}, '--port must be a port number from 0 to 65535, not "1e3"'],
    [["--in-memory=maybe"], {}, '--in-memory must be true or false, not "maybe"'],
    [["--log-level", "trace"], {}, '--log-level must be one of debug, info, warn, error, not "trace"'],
    [["--data-dir", ""], {}, '--data-dir must not be empty, not ""'],
    [["--deny-addresses", "10.0.0.0/8,10.0.0.0/33"], {}, '--deny-addresses must list ranges, not "10.0.0.0/33"'],
    [["--account", "12"], {}, '--account must be 12 digits, not "12"'],
    [[], { GATEHOUSE_PORT: "x" }, 'GATEHOUSE_PORT must be a port number from 0 to 65535, not "x"'],
    [[], { GATEHOUSE_PROT: "1" }, "unknown variable GATEHOUSE_PROT; --help lists the options"],
    [["--config", wrong], {}, `port in ${wrong} must be a port number from 0 to 65535, not "many"`],
    [["--config", unknown], {}, `unknown setting lambda-memory in ${unknown}; --help lists the options`],
    [["--config", aList], {}, `${aList} must hold names and values`],
    [
      ["--config", "/nowhere.yaml"],
      {},
      "cannot read /nowhere.yaml: ENOENT: no such file or directory, open '/nowhere.yaml'",
    ],
    [
      ["--host", "0.0.0.0", "--auth", "development"],
      {},
      "host 0.0.0.0 can be reached from other machines, and in development control-plane requests are not authenticated; " +
        "listen on 127.0.0.1, or pass --no-authentication to let anyone who reaches the port administer everything",
    ],
    [["--auth", "strict", "--no-authentication"], {}, "auth is strict, and no-authentication gives it up; pass one of the two"],
    [
      ["--auth", "strict", "--in-memory"],
      {},
      "authentication is strict, and nobody can be kept in memory whom it lets in; " +
        "leave in-memory out and run `gatehouse init`, or pass --auth development on a loopback address",
    ],
  ])("%j %j", (args, env, message) => {
    expect(() => readCommand(args, env)).toThrow(new ConfigError(message));
  });

  it("a file that is not YAML", () => {
    expect(() => readCommand(["--config", notYaml], {})).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(/^cannot read \S+: [^\n]+$/) }),
    );
  });
});

it.each([
  [[], false, "000000000000"],
  [["--auth", "strict"], true, undefined],
  [["--auth", "development"], false, "000000000000"],
  [["--host", "0.0.0.0"], true, undefined],
  [["--host", "0.0.0.0", "--auth", "strict"], true, undefined],
  [["--host", "0.0.0.0", "--no-authentication"], false, undefined],
  [["--host", "0.0.0.0", "--auth", "development", "--no-authentication"], false, undefined],
])("%j: strict is %s, and the built-in keys are of the account %s", (args, strict, account) => {
  const config = read(args);
  expect(isStrict(config)).toBe(strict);
  expect(developmentKeys(config).developmentAccount).toBe(account);
});

it.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.8.8.8", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["127.0.0.1.example.com", false],
  ["10.0.0.1", false],
])("%s is loopback: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

describe("--help", () => {
  it("wins over everything else", () => {
    expect(readCommand(["--port", "x", "--help"], {})).toEqual({ kind: "help" });
    expect(readCommand(["--version"], {})).toEqual({ kind: "version" });
  });

  it("lists every option with its variable and default", () => {
    const text = help();
    for (const name of Object.keys(DEFAULTS)) {
      expect(text).toContain(`--${name}`);
      expect(text).toContain(`GATEHOUSE_${name.toUpperCase().replaceAll("-", "_")}`);
    }
    expect(text).toContain("port to listen on; 0 takes a free one (default: 4566)");
    expect(text.split("\n").every((line) => line.length <= 130)).toBe(true);
  });
});
