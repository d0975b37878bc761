// The backend of the developer guide's HTTP tutorials: the PetStore, as a real HTTP server.
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

const PETS = [
  { id: 1, type: "dog", price: 249.99 },
  { id: 2, type: "cat", price: 124.99 },
  { id: 3, type: "fish", price: 0.99 },
];

const MORE_CATS = [
  { id: 4, type: "cat", price: 999.99 },
  { id: 5, type: "cat", price: 249.99 },
  { id: 6, type: "cat", price: 49.97 },
];

const OUT_OF_RANGE = { errors: [{ key: "GetPetRequest.petId", message: "The value is out of range." }] };

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface PetStore extends AsyncDisposable {
  readonly url: string;
  /** The requests that reached it, in order. */
  readonly seen: Seen[];
}

/** Starts the PetStore on a free port. */
export async function startPetStore(): Promise<PetStore> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const { method = "", url = "", headers, rawHeaders } = request;
      seen.push({ method, url, headers, rawHeaders, body });
      const [status, type, text] = answer(method, new URL(url, "http://petstore"), body);
      const length = Buffer.byteLength(text);
      response.writeHead(status, { "Content-Type": type, "Content-Length": length, "X-Backend": "PetStore", Server: "petstore/1.0" }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(method: string, url: URL, body: string): [number, string, string] {
  const json = (status: number, value: unknown): [number, string, string] => [status, "application/json", JSON.stringify(value)];
  const pet = /^\/petstore\/pets\/(-?\d+)$/.exec(url.pathname);
  if (method === "GET" && Number(pet?.[1]) < 0) return json(200, OUT_OF_RANGE);
  if (method === "GET" && pet) return json(200, PETS.find(({ id }) => id === Number(pet[1])) ?? {});
  if (method === "GET" && url.pathname === "/petstore/pets") {
    const type = url.searchParams.get("type");
    if (type === "cat" && url.searchParams.get("page") === "2") return json(200, MORE_CATS);
    return json(200, PETS.map((each) => ({ ...each, type: type ?? each.type })));
  }
  if (method === "POST" && url.pathname === "/petstore/pets") return json(201, { pet: JSON.parse(body), message: "success" });
  return [404, "text/plain; charset=utf-8", `Cannot ${method} ${url.pathname}`];
}
