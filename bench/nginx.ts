// nginx, twice: as the backend of everybody, and as what Gatehouse is compared with.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CORES, freePort, start } from "./children.ts";
import type { Child } from "./children.ts";

export interface Nginx {
  readonly child: Child;
  readonly port: number;
}

/** What the backend answers: 1 KiB of JSON. */
const DOCUMENT = `{"data":"${"x".repeat(1013)}"}`;

/** Answers every request itself, with 1 KiB. */
export function startBackend(directory: string): Promise<Nginx> {
  const server = `location / { default_type application/json; return 200 '${DOCUMENT}'; }`;
  return startNginx(join(directory, "backend"), server, "", CORES.backend);
}

/** Answers `/mock` itself, with an empty body as a MOCK integration does, and passes `/proxy` on to the backend. */
export function startRival(directory: string, backendPort: number): Promise<Nginx> {
  const upstream = `upstream backend { server 127.0.0.1:${backendPort}; keepalive 512; keepalive_requests 100000000; }`;
  const server = `
      location /mock { default_type application/json; return 200 ''; }
      location /proxy { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; }`;
  return startNginx(join(directory, "rival"), server, upstream, CORES.subject);
}

async function startNginx(directory: string, locations: string, outside: string, core: number): Promise<Nginx> {
  const port = await freePort();
  await mkdir(directory, { recursive: true });
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const config = `
${process.getuid?.() === 0 ? "user root;" : ""}
daemon off;
worker_processes 1;
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
