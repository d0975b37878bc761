// nginx, twice: as the backend of everybody, and as what Gatehouse is compared with.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CORES, freePort, start, subjectCore } from "./children.ts";
import type { Child } from "./children.ts";

export interface Nginx {
  readonly child: Child;
  readonly port: number;
}

/** What the backend answers: 1 KiB of JSON. */
const DOCUMENT = `{"data":"${"x".repeat(1013)}"}`;

/** What it answers at `/large`: 64 KiB of JSON. */
const LARGE_DOCUMENT = `{"data":"${"x".repeat(64 * 1024 - 11)}"}`;

/** Answers every request itself, with 1 KiB, and at `/large` with 64 KiB. */
export async function startBackend(directory: string): Promise<Nginx> {
  const home = join(directory, "backend");
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "large"), LARGE_DOCUMENT);
  const server = `
      location / { default_type application/json; return 200 '${DOCUMENT}'; }
      location = /large { default_type application/json; root ${home}; }`;
  return startNginx({ directory: home, locations: server, outside: "sendfile on; open_file_cache max=10;", core: CORES.backend });
}

/**
 * Answers `/mock` itself, with an empty body as a MOCK integration does, and passes `/proxy` and `/large` on to the backend.
 * @param workers processes that serve; one has the core of the process under test to itself, several share all cores
 */
export function startRival(directory: string, backendPort: number, workers = 1): Promise<Nginx> {
  const upstream = `upstream backend { server 127.0.0.1:${backendPort}; keepalive 512; keepalive_requests 100000000; }`;
  const server = `
      location /mock { default_type application/json; return 200 ''; }
      location /proxy { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; }
      location /large {
        proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection "";
        # All of an answer has to fit: what does not goes to a file.
        proxy_buffers 16 8k;
      }`;
  return startNginx({ directory: join(directory, "rival"), locations: server, outside: upstream, core: subjectCore(workers), workers });
}

interface NginxOptions {
  readonly directory: string;
  readonly locations: string;
  readonly outside: string;
  readonly core: number | undefined;
  readonly workers?: number;
}

async function startNginx({ directory, locations, outside, core, workers = 1 }: NginxOptions): Promise<Nginx> {
  const port = await freePort();
  await mkdir(directory, { recursive: true });
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const config = `
${process.getuid?.() === 0 ? "user root;" : ""}
daemon off;
worker_processes ${workers};
pid ${directory}/nginx.pid;
error_log stderr notice;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_timeout 600s;
    keepalive_requests 100000000;
    ${temporary.map((name) => `${name}_temp_path "${directory}/${name}";`).join("\n    ")}
    ${outside}
    server {
      listen 127.0.0.1:${port} backlog=4096;
      ${locations}
    }
}
`;
  const file = join(directory, "nginx.conf");
  await writeFile(file, config);
  const child = start("nginx", ["-p", directory, "-c", file, "-e", "stderr"], core);
  await child.printed(/start worker process \d+/);
  return { child, port };
}
